#include "apns/internal/lane_connection.h"

#include <fmt/format.h>

#include <algorithm>
#include <charconv>
#include <utility>

#include "push/apple_errors.h"

namespace passmint::apns::internal {
namespace {

using http2::StreamError;
using http2::StreamId;
using push::ApplePushOutcome;

// Content is ignored for passes; Apple's page on updating passes asks for an empty dictionary.
constexpr char kPayload[] = "{}";

// Where headers_ holds what changes from push to push.
enum HeaderIndex : std::size_t { kPath = 3, kTopic = 4, kExpiration = 6, kApnsId = 7 };

std::vector<http2::HeaderField> FixedHeaders(const std::string& authority) {
  return {{":method", "POST"},
          {":scheme", "https"},
          {":authority", authority},
          {":path", "", true},
          {"apns-topic", ""},
          // At once: what changed is what the customer has just paid for.
          {"apns-priority", "10"},
          {"apns-expiration", ""},
          {"apns-id", "", true}};
}

int StatusOf(std::string_view text) {
  int status = 0;
  std::from_chars(text.data(), text.data() + text.size(), status);
  return status;
}

}  // namespace

LaneConnection::LaneConnection(Host& host, const ApnsTimes& times, const std::string& authority)
    : host_(host),
      times_(times),
      headers_(FixedHeaders(authority)),
      opened_at_(http2::EventLoop::Clock::now()) {}

Status LaneConnection::Open(http2::EventLoop& loop, int socket, const http2::TlsContext& tls,
                            const std::string& host) {
  auto connection = http2::Connection::Create(loop, socket, {.tls = tls, .host = host}, *this);
  if (!connection.ok()) return std::move(connection).error();
  connection_ = std::move(connection).value();
  return {};
}

bool LaneConnection::CanSend() const {
  return has_settings_ && !is_draining_ && flights_.size() < connection_->peer_streams_max();
}

void LaneConnection::Send(Request request) {
  headers_[kPath].value = "/3/device/" + request.push.push_token.str();
  headers_[kTopic].value = request.push.pass_type.str();
  headers_[kExpiration].value =
      fmt::format_int(std::max<std::int64_t>(ToUnixSeconds(request.push.expires_at), 0)).str();
  std::vector<http2::HeaderField>* headers = &headers_;
  std::vector<http2::HeaderField> without_id;
  if (request.push.apns_id.empty()) {
    without_id.assign(headers_.begin(), headers_.begin() + kApnsId);
    headers = &without_id;
  } else {
    headers_[kApnsId].value = request.push.apns_id;
  }
  const auto stream = connection_->SubmitRequest(*headers, kPayload);
  if (!stream) {
    // Its stream numbers are used up, or it is closing.
    is_draining_ = true;
    return host_.OnUnprocessed(std::move(request));
  }
  deadlines_.emplace_back(http2::EventLoop::Clock::now() + times_.answer, *stream);
  flights_.emplace(*stream, Flight{std::move(request)});
}

void LaneConnection::Drain() {
  if (is_draining_) return;
  is_draining_ = true;
  connection_->Goaway(std::nullopt, StreamError::kNoError, "");
  connection_->Flush();
}

bool LaneConnection::Tick(Instant now) {
  TimeOut(now);
  const bool is_dead = IsDead(now);
  connection_->Flush();
  return is_dead;
}

void LaneConnection::TimeOut(Instant now) {
  while (!deadlines_.empty() && deadlines_.front().first <= now) {
    const StreamId stream = deadlines_.front().second;
    deadlines_.pop_front();
    const auto found = flights_.find(stream);
    if (found == flights_.end()) continue;
    Request request = std::move(found->second.request);
    flights_.erase(found);
    connection_->Reset(stream, StreamError::kCancel);
    ApplePushOutcome outcome;
    outcome.reason = "RequestTimeout";
    outcome.detail = fmt::format("no answer within {} ms", times_.answer.count());
    outcome.sent = true;
    host_.OnOutcome(std::move(request), std::move(outcome));
  }
}

bool LaneConnection::IsDead(Instant now) {
  if (!has_settings_) return now >= opened_at_ + times_.handshake;
  if (ping_sent_at_) {
    // Any frame shows that somebody is there.
    if (connection_->last_input() > *ping_sent_at_) {
      ping_sent_at_.reset();
    } else if (now >= *ping_sent_at_ + times_.ping_answer) {
      return true;
    }
    return false;
  }
  const auto quiet = now - connection_->last_input();
  if (quiet >= (flights_.empty() ? times_.idle_ping : times_.silence)) {
    connection_->Ping();
    ping_sent_at_ = now;
  }
  return false;
}

void LaneConnection::LoseAll(const std::string& reason, const std::string& detail) {
  std::unordered_map<StreamId, Flight> flights;
  flights.swap(flights_);
  for (auto& [stream, flight] : flights) {
    ApplePushOutcome outcome;
    outcome.reason = reason;
    outcome.detail = detail;
    outcome.sent = true;
    host_.OnOutcome(std::move(flight.request), std::move(outcome));
  }
}

void LaneConnection::OnPeerSettings() {
  if (!std::exchange(has_settings_, true)) host_.OnUp(*this);
  host_.OnChange(*this);
}

void LaneConnection::OnHeader(StreamId stream, std::string_view name, std::string_view value) {
  const auto found = flights_.find(stream);
  if (found == flights_.end()) return;
  if (name == ":status") found->second.status = StatusOf(value);
  if (name == "apns-id") found->second.apns_id = value;
  if (name == "retry-after") found->second.retry_after = value;
}

void LaneConnection::OnData(StreamId stream, std::string_view bytes) {
  const auto found = flights_.find(stream);
  if (found == flights_.end()) return;
  std::string& body = found->second.body;
  // One byte more than may be read, so that a body which is too long is not taken for a whole one.
  body += bytes.substr(0, push::kAppleAnswerBytesMax + 1 - body.size());
}

void LaneConnection::OnMessageEnd(StreamId stream) {
  const auto found = flights_.find(stream);
  if (found == flights_.end()) return;
  Flight flight = std::move(found->second);
  flights_.erase(found);
  has_answered_ = true;
  ApplePushOutcome outcome = push::OutcomeOf({.status = flight.status,
                                              .body = flight.body,
                                              .apns_id = flight.apns_id,
                                              .retry_after = flight.retry_after});
  if (push::EndsConnection(outcome.status, outcome.reason)) Drain();
  host_.OnOutcome(std::move(flight.request), std::move(outcome));
  host_.OnChange(*this);
}

void LaneConnection::OnStreamClosed(StreamId stream, std::uint32_t error_code) {
  const auto found = flights_.find(stream);
  if (found == flights_.end()) return;
  Request request = std::move(found->second.request);
  flights_.erase(found);
  if (error_code == static_cast<std::uint32_t>(StreamError::kRefusedStream)) {
    host_.OnUnprocessed(std::move(request));
  } else {
    ApplePushOutcome outcome;
    outcome.reason = "StreamReset";
    outcome.detail = fmt::format("APNs reset the stream with HTTP/2 error {}", error_code);
    outcome.sent = true;
    host_.OnOutcome(std::move(request), std::move(outcome));
  }
  host_.OnChange(*this);
}

void LaneConnection::OnGoaway(StreamId, std::uint32_t, std::string_view debug) {
  is_draining_ = true;
  host_.OnGoaway(*this, push::ReasonIn(debug));
}

void LaneConnection::OnEnded(const http2::Ending& ending) {
  is_draining_ = true;
  LoseAll("ConnectionLost", "the connection to APNs broke: " + ending.why);
  host_.OnEnded(*this, ending);
}

}  // namespace passmint::apns::internal
