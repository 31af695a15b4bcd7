#pragma once

#include <condition_variable>
#include <cstddef>
#include <deque>
#include <memory>
#include <mutex>
#include <optional>
#include <string>
#include <vector>

#include "apns/apns_sender.h"
#include "apns/internal/backoff.h"
#include "apns/internal/circuit.h"
#include "apns/internal/endpoint.h"
#include "apns/internal/lane_connection.h"
#include "http2/dial.h"
#include "http2/event_loop.h"
#include "http2/tls.h"

namespace passmint::apns::internal {

// The way of one pass type to APNs: a thread, a queue, a circuit, and the connection of the day.
class Lane final : public LaneConnection::Host {
 public:
  // `options` and `random` must outlive it. Fails with kUnavailable.
  static Result<std::unique_ptr<Lane>> Start(const ApnsOptions& options, const Endpoint& endpoint,
                                             const PassTypeIdentifier& pass_type, Random& random);

  Lane(const Lane&) = delete;
  Lane& operator=(const Lane&) = delete;
  ~Lane() override { Stop(); }

  // From any thread.
  void SetTls(const http2::TlsContext& tls);
  bool TrySend(const push::ApplePush& push, push::ApplePushSender::Done done);
  push::AppleLane Snapshot() const;
  // Takes no more, waits a while for answers, answers the rest itself. May be called twice.
  void Stop();

 private:
  Lane(const ApnsOptions& options, Endpoint endpoint, const PassTypeIdentifier& pass_type,
       Random& random, std::unique_ptr<http2::EventLoop> loop);

  // All below on the loop's thread, but for what Stop calls when that has ended.
  void OnOutcome(Request request, push::ApplePushOutcome outcome) override;
  void OnUnprocessed(Request request) override;
  void OnUp(LaneConnection& connection) override;
  void OnChange(LaneConnection& connection) override;
  void OnGoaway(LaneConnection& connection, const std::string& reason) override;
  void OnEnded(LaneConnection& connection, const http2::Ending& ending) override;

  // Moves on whatever can move.
  void Pump();
  void TakeInbox();
  void Admit(Request request);
  void SendQueue();
  void Connect();
  void OnDialed(Result<int> socket);
  void OnConnectFailed(const std::string& why);
  void WaitToConnect(const std::string& why);
  // The current connection gets no new pushes.
  void Retire();
  std::unique_ptr<LaneConnection> Remove(LaneConnection& connection);
  void StopLane(const push::ApplePushOutcome& cause, bool is_probe);
  void Tick();
  void TickConnections(Instant now);
  void ScheduleTick();
  void ExpireQueue(Instant now);
  // Answers everything in the queue with `outcome`, each with its own id.
  void AnswerQueue(const push::ApplePushOutcome& outcome);
  void Report(Request request, push::ApplePushOutcome outcome);
  void Publish();
  void Tell(ApnsEvent::Kind kind, const std::string& detail) const;
  bool IsBusy() const;
  std::size_t InFlight() const;
  void BeginStop();
  void CheckStopped();

  const ApnsOptions& options_;
  const Endpoint endpoint_;
  const PassTypeIdentifier pass_type_;
  Random& random_;
  std::unique_ptr<http2::EventLoop> loop_;

  mutable std::mutex mutex_;
  std::condition_variable stopped_;
  std::vector<Request> inbox_;  // Guarded by mutex_.
  std::size_t unanswered_ = 0;  // Guarded by mutex_.
  push::AppleLane published_;   // Guarded by mutex_.
  bool takes_no_more_ = false;  // Guarded by mutex_.
  bool has_stopped_ = false;    // Guarded by mutex_.

  // On the loop's thread only.
  std::optional<http2::TlsContext> tls_;
  std::deque<Request> queue_;  // Oldest first.
  Circuit circuit_;
  Backoff backoff_;
  std::unique_ptr<http2::Dial> dial_;
  std::unique_ptr<LaneConnection> current_;
  std::vector<std::unique_ptr<LaneConnection>> draining_;
  std::vector<std::unique_ptr<LaneConnection>> ended_;  // To be destroyed outside of callbacks.
  std::optional<http2::EventLoop::TimerId> retry_;      // While waiting to connect again.
  std::optional<http2::EventLoop::TimerId> tick_;
  bool is_ticking_fast_ = false;
  bool is_stopping_ = false;
  std::string last_failure_;
};

}  // namespace passmint::apns::internal
