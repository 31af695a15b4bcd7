#include "simulate/internal/apns_session.h"

#include <fmt/format.h>

#include <algorithm>
#include <utility>
#include <vector>

#include "json/json.h"

namespace passmint::simulate::internal {
namespace {

using http2::HeaderField;
using http2::StreamError;
using http2::StreamId;

std::string BodyOf(const ApnsVerdict& verdict) {
  if (verdict.status == 200) return {};
  Json body = {{"reason", verdict.reason}};
  if (verdict.timestamp) body["timestamp"] = ToUnixMillis(*verdict.timestamp);
  return json::Dump(body);
}

std::string GoawayText(const std::string& reason) { return json::Dump({{"reason", reason}}); }

}  // namespace

ApnsSession::~ApnsSession() {
  for (const auto& [stream, timer] : delayed_) loop_.Cancel(timer);
}

Status ApnsSession::Open(int socket, const http2::Connection::Options& options) {
  auto connection = http2::Connection::Create(loop_, socket, options, *this);
  if (!connection.ok()) return std::move(connection).error();
  connection_ = std::move(connection).value();
  return {};
}

void ApnsSession::SendGoaway(const std::string& reason) {
  GoAway(reason);
  connection_->Flush();
}

void ApnsSession::ChangeStreamsMax(std::uint32_t streams_max) {
  connection_->ChangeStreamsMax(streams_max);
  connection_->Flush();
}

void ApnsSession::OnReady() { client_ = host_.Meet(connection_->peer_certificate()); }

void ApnsSession::OnHeader(StreamId stream, std::string_view name, std::string_view value) {
  newest_seen_ = std::max(newest_seen_, stream);
  requests_[stream].AddHeader(name, value);
}

void ApnsSession::OnData(StreamId stream, std::string_view bytes) {
  requests_[stream].body_bytes += bytes.size();
}

void ApnsSession::OnMessageEnd(StreamId stream) {
  const auto found = requests_.find(stream);
  if (found == requests_.end() || is_dead_) return;
  const ApnsRequest request = std::move(found->second);
  requests_.erase(found);
  if (last_stream_ && stream > *last_stream_) return;
  FakePush push;
  newest_judged_ = std::max(newest_judged_, stream);
  const ApnsVerdict verdict = host_.Judge(request, *client_, push);
  Act(stream, verdict, push.apns_id.empty() ? host_.MakeApnsId() : push.apns_id);
}

void ApnsSession::OnStreamClosed(StreamId stream, std::uint32_t) {
  requests_.erase(stream);
  const auto delayed = delayed_.find(stream);
  if (delayed == delayed_.end()) return;
  loop_.Cancel(delayed->second);
  delayed_.erase(delayed);
}

void ApnsSession::OnEnded(const http2::Ending&) { Die(); }

void ApnsSession::Act(StreamId stream, const ApnsVerdict& verdict, const std::string& apns_id) {
  switch (verdict.way) {
    case ApnsVerdict::Way::kAnswer:
      if (verdict.delay.count() > 0) return AnswerLater(stream, verdict, apns_id);
      return Answer(stream, verdict, apns_id);
    case ApnsVerdict::Way::kGoaway:
      return GoAwayBefore(stream);
    case ApnsVerdict::Way::kResetStream:
      return connection_->Reset(stream, StreamError::kInternalError);
    case ApnsVerdict::Way::kDropConnection:
      return Die();
    case ApnsVerdict::Way::kNoAnswer:
      return;
  }
}

void ApnsSession::GoAway(const std::string& reason) {
  if (!last_stream_) last_stream_ = newest_seen_;
  connection_->Goaway(*last_stream_, StreamError::kNoError, GoawayText(reason));
}

void ApnsSession::GoAwayBefore(StreamId stream) {
  // Requests end in any order. One behind this stream may have reached its phone, and what GOAWAY
  // calls unprocessed its sender sends again: then only this one is refused (RFC 9113 section 6.8).
  const bool is_newest = newest_judged_ == stream;
  if (!is_newest) connection_->Reset(stream, StreamError::kRefusedStream);
  last_stream_ = is_newest ? std::max(stream - 2, 0) : newest_judged_;
  connection_->Goaway(*last_stream_, StreamError::kNoError, GoawayText("Shutdown"));
}

void ApnsSession::Answer(StreamId stream, const ApnsVerdict& verdict, const std::string& apns_id) {
  std::vector<HeaderField> headers = {{":status", fmt::format_int(verdict.status).str()},
                                      {"apns-id", apns_id, true}};
  if (verdict.retry_after.count() > 0) {
    headers.push_back({"retry-after", fmt::format_int(verdict.retry_after.count()).str()});
  }
  connection_->SubmitResponse(stream, headers, BodyOf(verdict));
  if (verdict.ends_connection) GoAway(verdict.reason);
}

void ApnsSession::AnswerLater(StreamId stream, const ApnsVerdict& verdict,
                              const std::string& apns_id) {
  const auto when = http2::EventLoop::Clock::now() + verdict.delay;
  delayed_[stream] = loop_.At(when, [this, stream, verdict, apns_id] {
    delayed_.erase(stream);
    if (is_dead_) return;
    Answer(stream, verdict, apns_id);
    connection_->Flush();
  });
}

void ApnsSession::Die() {
  if (std::exchange(is_dead_, true)) return;
  host_.OnSessionEnded(*this);
}

}  // namespace passmint::simulate::internal
