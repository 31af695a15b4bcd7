#pragma once

#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <unordered_map>

#include "http2/connection.h"
#include "http2/event_loop.h"
#include "simulate/internal/apns_request.h"
#include "simulate/internal/apns_state.h"

namespace passmint::simulate::internal {

// One connection to the fake. Lives on the loop's thread.
class ApnsSession final : public http2::Connection::Owner {
 public:
  // What a session needs of the fake. All are called on the loop's thread.
  class Host {
   public:
    virtual ~Host() = default;
    virtual ApnsClient Meet(const std::optional<crypto::Certificate>& certificate) = 0;
    // Decides, counts, and tells the phone.
    virtual ApnsVerdict Judge(const ApnsRequest& request, const ApnsClient& client,
                              FakePush& push) = 0;
    virtual std::string MakeApnsId() = 0;
    // The session is over and may be destroyed, but not within this call.
    virtual void OnSessionEnded(ApnsSession& session) = 0;
  };

  // `id`: the host's, to find it again.
  ApnsSession(http2::EventLoop& loop, Host& host, std::uint64_t id)
      : loop_(loop), host_(host), id_(id) {}
  ApnsSession(const ApnsSession&) = delete;
  ApnsSession& operator=(const ApnsSession&) = delete;
  ~ApnsSession() override;

  // Takes over the socket. Fails with kInternal, kUnavailable.
  Status Open(int socket, const http2::Connection::Options& options);

  void SendGoaway(const std::string& reason);
  void ChangeStreamsMax(std::uint32_t streams_max);
  std::uint64_t id() const { return id_; }
  bool is_up() const { return client_.has_value(); }

 private:
  void OnReady() override;
  void OnHeader(http2::StreamId stream, std::string_view name, std::string_view value) override;
  void OnData(http2::StreamId stream, std::string_view bytes) override;
  void OnMessageEnd(http2::StreamId stream) override;
  void OnStreamClosed(http2::StreamId stream, std::uint32_t error_code) override;
  void OnEnded(const http2::Ending& ending) override;

  void Act(http2::StreamId stream, const ApnsVerdict& verdict, const std::string& apns_id);
  void Answer(http2::StreamId stream, const ApnsVerdict& verdict, const std::string& apns_id);
  void AnswerLater(http2::StreamId stream, const ApnsVerdict& verdict, const std::string& apns_id);
  // GOAWAY that leaves this stream unprocessed.
  void GoAwayBefore(http2::StreamId stream);
  // GOAWAY: what has come is answered, later streams are not processed.
  void GoAway(const std::string& reason);
  void Die();

  http2::EventLoop& loop_;
  Host& host_;
  const std::uint64_t id_;
  std::unique_ptr<http2::Connection> connection_;
  std::optional<ApnsClient> client_;
  std::unordered_map<http2::StreamId, ApnsRequest> requests_;
  std::unordered_map<http2::StreamId, http2::EventLoop::TimerId> delayed_;
  http2::StreamId newest_seen_ = 0;
  http2::StreamId newest_judged_ = 0;
  std::optional<http2::StreamId> last_stream_;  // Of a GOAWAY: later ones are not processed.
  bool is_dead_ = false;
};

}  // namespace passmint::simulate::internal
