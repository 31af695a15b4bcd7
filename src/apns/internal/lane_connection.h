#pragma once

#include <cstddef>
#include <cstdint>
#include <deque>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <unordered_map>
#include <utility>
#include <vector>

#include "apns/apns_sender.h"
#include "http2/connection.h"
#include "http2/event_loop.h"
#include "push/apple_push.h"

namespace passmint::apns::internal {

using Instant = http2::EventLoop::Clock::time_point;

// A push that was taken.
struct Request {
  push::ApplePush push;
  push::ApplePushSender::Done done;
  Instant taken_at;
  int resent = 0;
  bool is_probe = false;  // Of an open circuit.
};

// One HTTP/2 connection to APNs: requests out, answers in, and whether it is still alive. Lives on
// its lane's thread.
class LaneConnection final : public http2::Connection::Owner {
 public:
  // Told what happens; may not destroy the connection within a call.
  class Host {
   public:
    virtual ~Host() = default;
    // Answered, or lost.
    virtual void OnOutcome(Request request, push::ApplePushOutcome outcome) = 0;
    // Certainly not processed: to be sent again, on another connection if this one is drained.
    virtual void OnUnprocessed(Request request) = 0;
    // Pushes may be sent from now on.
    virtual void OnUp(LaneConnection& connection) = 0;
    // More may be sent than before, or nothing more at all.
    virtual void OnChange(LaneConnection& connection) = 0;
    // GOAWAY: nothing more can be sent here. `reason` is APNs' word, or "".
    virtual void OnGoaway(LaneConnection& connection, const std::string& reason) = 0;
    // The end; all that was in flight has been told already.
    virtual void OnEnded(LaneConnection& connection, const http2::Ending& ending) = 0;
  };

  LaneConnection(Host& host, const ApnsTimes& times, const std::string& authority);
  LaneConnection(const LaneConnection&) = delete;
  LaneConnection& operator=(const LaneConnection&) = delete;
  ~LaneConnection() override = default;

  // Takes over a connected socket; the server must prove to be `host`. Fails with kInternal,
  // kUnavailable.
  Status Open(http2::EventLoop& loop, int socket, const http2::TlsContext& tls,
              const std::string& host);

  // Whether APNs takes one more now.
  bool CanSend() const;
  // REQUIRES: CanSend(). What it could not take comes back as OnUnprocessed.
  void Send(Request request);
  void Flush() { connection_->Flush(); }
  // Nothing more will be sent; closes when all is answered.
  void Drain();

  // Timeouts and health; several times a second while anything is in flight, else every few
  // seconds. True when the connection must be given up.
  bool Tick(Instant now);
  // Tells everything in flight that it is lost.
  void LoseAll(const std::string& reason, const std::string& detail);

  std::size_t in_flight() const { return flights_.size(); }
  bool is_closing() const { return is_draining_; }
  bool is_up() const { return has_settings_; }
  bool has_answered() const { return has_answered_; }
  Instant opened_at() const { return opened_at_; }

 private:
  struct Flight {
    Request request;
    int status = 0;
    std::string body = {};
    std::string apns_id = {};
    std::string retry_after = {};
  };

  void OnPeerSettings() override;
  void OnHeader(http2::StreamId stream, std::string_view name, std::string_view value) override;
  void OnData(http2::StreamId stream, std::string_view bytes) override;
  void OnMessageEnd(http2::StreamId stream) override;
  void OnStreamClosed(http2::StreamId stream, std::uint32_t error_code) override;
  void OnGoaway(http2::StreamId last_stream, std::uint32_t error_code,
                std::string_view debug) override;
  void OnPingAnswered() override { ping_sent_at_.reset(); }
  void OnEnded(const http2::Ending& ending) override;

  void TimeOut(Instant now);
  bool IsDead(Instant now);

  Host& host_;
  const ApnsTimes times_;
  std::vector<http2::HeaderField> headers_;  // Of the next request; most stay the same.
  std::unique_ptr<http2::Connection> connection_;
  std::unordered_map<http2::StreamId, Flight> flights_;
  std::deque<std::pair<Instant, http2::StreamId>> deadlines_;  // In order.
  std::optional<Instant> ping_sent_at_;
  Instant opened_at_;
  bool has_settings_ = false;
  bool has_answered_ = false;
  bool is_draining_ = false;
};

}  // namespace passmint::apns::internal
