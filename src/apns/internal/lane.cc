#include "apns/internal/lane.h"

#include <fmt/format.h>

#include <algorithm>
#include <utility>

#include "apns/internal/tls_alert.h"
#include "push/apple_errors.h"

namespace passmint::apns::internal {
namespace {

using http2::EventLoop;
using push::AppleLane;
using push::ApplePushOutcome;
using Kind = ApplePushOutcome::Kind;
using std::chrono::milliseconds;

constexpr int kResendsMax = 5;
constexpr milliseconds kTickMax{100};
constexpr milliseconds kTickMin{5};
constexpr milliseconds kIdleTickMax{5'000};
// A connection that ended sooner was no success, even if it answered: Apple takes rapid opening and
// closing for an attack.
constexpr milliseconds kShortLife{1'000};

ApplePushOutcome Unsent(Kind kind, std::string reason, std::string detail) {
  ApplePushOutcome outcome;
  outcome.kind = kind;
  outcome.reason = std::move(reason);
  outcome.detail = std::move(detail);
  return outcome;
}

bool IsUuidLike(const std::string& id) {
  return id.size() == 36 && id.find_first_not_of("0123456789abcdefABCDEF-") == std::string::npos;
}

// Often enough for the shortest time that is watched.
milliseconds TickOf(const ApnsTimes& times) {
  const milliseconds shortest =
      std::min({times.waiting, times.answer, times.silence, times.ping_answer, times.handshake});
  return std::clamp(shortest / 4, kTickMin, kTickMax);
}

}  // namespace

Result<std::unique_ptr<Lane>> Lane::Start(const ApnsOptions& options, const Endpoint& endpoint,
                                          const PassTypeIdentifier& pass_type, Random& random) {
  auto loop = EventLoop::Start();
  if (!loop.ok()) return std::move(loop).error();
  std::unique_ptr<Lane> lane(
      new Lane(options, endpoint, pass_type, random, std::move(loop).value()));
  lane->loop_->Post([raw = lane.get()] { raw->Publish(); });
  return lane;
}

Lane::Lane(const ApnsOptions& options, Endpoint endpoint, const PassTypeIdentifier& pass_type,
           Random& random, std::unique_ptr<EventLoop> loop)
    : options_(options),
      endpoint_(std::move(endpoint)),
      pass_type_(pass_type),
      random_(random),
      loop_(std::move(loop)),
      published_({.pass_type = pass_type}),
      circuit_(options.times.probe_first, options.times.probe_last),
      backoff_(options.times.backoff_first, options.times.backoff_last) {}

void Lane::Stop() {
  {
    std::unique_lock lock(mutex_);
    if (std::exchange(takes_no_more_, true)) return;
    loop_->Post([this] { BeginStop(); });
    stopped_.wait_for(lock, options_.times.stopping, [this] { return has_stopped_; });
  }
  loop_->Stop();
  // From here on this thread is the lane's. BeginStop may not have had its turn.
  is_stopping_ = true;
  TakeInbox();
  for (const auto& connection : draining_) {
    connection->LoseAll("Stopping", "the service stopped before APNs answered");
  }
  if (current_) current_->LoseAll("Stopping", "the service stopped before APNs answered");
  AnswerQueue(Unsent(Kind::kRetry, "Stopping", "the service stops"));
  dial_.reset();
}

void Lane::SetTls(const http2::TlsContext& tls) {
  loop_->Post([this, tls] {
    tls_ = tls;
    circuit_.Reset();
    backoff_.Reset();
    if (retry_) loop_->Cancel(*std::exchange(retry_, std::nullopt));
    dial_.reset();
    Retire();
    Pump();
    Publish();
  });
}

bool Lane::TrySend(const push::ApplePush& push, push::ApplePushSender::Done done) {
  bool is_first = false;
  {
    const std::lock_guard lock(mutex_);
    if (takes_no_more_ || unanswered_ >= options_.pushes_max) return false;
    ++unanswered_;
    is_first = inbox_.empty();
    inbox_.push_back({push, std::move(done), EventLoop::Clock::now()});
  }
  if (is_first) {
    loop_->Post([this] {
      Pump();
      Publish();
    });
  }
  return true;
}

AppleLane Lane::Snapshot() const {
  const std::lock_guard lock(mutex_);
  AppleLane lane = published_;
  lane.waiting = unanswered_ - std::min(unanswered_, lane.in_flight);
  return lane;
}

void Lane::OnOutcome(Request request, ApplePushOutcome outcome) {
  if (outcome.status != 0) backoff_.Reset();
  if (push::EndsConnection(outcome.status, outcome.reason) && request.resent == 0) {
    return OnUnprocessed(std::move(request));
  }
  if (outcome.kind == Kind::kLaneStopped) {
    StopLane(outcome, request.is_probe);
  } else if (request.is_probe && outcome.status != 0) {
    circuit_.OnProbeAnswered();
    Tell(ApnsEvent::Kind::kResumed, "APNs takes this pass type's pushes again");
  } else if (request.is_probe) {
    circuit_.OnProbeLost();
  }
  Report(std::move(request), std::move(outcome));
  CheckStopped();
}

void Lane::OnUnprocessed(Request request) {
  if (is_stopping_ || ++request.resent > kResendsMax) {
    OnOutcome(std::move(request),
              Unsent(Kind::kRetry, "Unprocessed", "APNs closed connections before this push"));
    return;
  }
  if (circuit_.is_stopped() && !request.is_probe) {
    return Report(std::move(request), circuit_.cause());
  }
  queue_.push_front(std::move(request));
}

void Lane::OnUp(LaneConnection&) {
  last_failure_.clear();
  {
    const std::lock_guard lock(mutex_);
    ++published_.connections;
  }
  Tell(ApnsEvent::Kind::kConnected, endpoint_.authority);
  Publish();
}

void Lane::OnChange(LaneConnection& connection) {
  if (current_.get() == &connection) {
    if (connection.is_closing()) Retire();
    Pump();
  }
}

void Lane::OnGoaway(LaneConnection& connection, const std::string& reason) {
  if (push::StopsLane(reason)) {
    ApplePushOutcome cause = push::OutcomeOf({.status = 403});
    cause.reason = reason;
    StopLane(cause, true);
  }
  if (current_.get() == &connection) Retire();
  // What was not processed comes back right after this; then it is sent.
  loop_->Post([this] {
    Pump();
    Publish();
  });
}

void Lane::OnEnded(LaneConnection& connection, const http2::Ending& ending) {
  const bool was_current = current_.get() == &connection;
  const bool was_up = connection.is_up();
  const bool was_short = EventLoop::Clock::now() - connection.opened_at() < kShortLife;
  const bool had_success = connection.has_answered() && !was_short;
  if (auto ended = Remove(connection)) ended_.push_back(std::move(ended));
  if (const char* reason = CertificateAlert(ending.peer_tls_alert)) {
    StopLane(Unsent(Kind::kLaneStopped, reason,
                    fmt::format("APNs refuses the pass certificate in the TLS handshake ({}): "
                                "renew it, then put it in place",
                                ending.why)),
             true);
  } else if (was_current && !was_up) {
    OnConnectFailed(ending.why);
  } else if (was_current) {
    Tell(ApnsEvent::Kind::kDisconnected, ending.why);
    if (!had_success) WaitToConnect(ending.why);
  }
  loop_->Post([this] {
    ended_.clear();
    Pump();
    Publish();
    CheckStopped();
  });
}

void Lane::Pump() {
  TakeInbox();
  SendQueue();
  if (!is_ticking_fast_ && IsBusy()) ScheduleTick();
}

void Lane::TakeInbox() {
  std::vector<Request> taken;
  {
    const std::lock_guard lock(mutex_);
    taken.swap(inbox_);
  }
  for (Request& request : taken) Admit(std::move(request));
}

void Lane::Admit(Request request) {
  if (!IsUuidLike(request.push.apns_id)) request.push.apns_id.clear();
  if (is_stopping_) {
    return Report(std::move(request), Unsent(Kind::kRetry, "Stopping", "the service stops"));
  }
  if (!push::IsSendable(request.push.push_token)) {
    return Report(std::move(request),
                  Unsent(Kind::kBadToken, "MalformedToken", "this is no push token"));
  }
  if (!tls_) {
    return Report(std::move(request), Unsent(Kind::kLaneStopped, "NoCertificate",
                                             "there is no certificate for " + pass_type_.str() +
                                                 ": name it in the settings"));
  }
  switch (circuit_.Ask(EventLoop::Clock::now())) {
    case Circuit::Gate::kShut:
      return Report(std::move(request), circuit_.cause());
    case Circuit::Gate::kProbe:
      request.is_probe = true;
      break;
    case Circuit::Gate::kOpenWide:
      break;
  }
  queue_.push_back(std::move(request));
}

void Lane::SendQueue() {
  if (queue_.empty()) return;
  if (!current_) return Connect();
  while (!queue_.empty() && current_ && current_->CanSend()) {
    Request next = std::move(queue_.front());
    queue_.pop_front();
    current_->Send(std::move(next));
  }
  if (current_->is_closing()) {
    Retire();
    return Connect();
  }
  current_->Flush();
}

void Lane::Connect() {
  if (dial_ || retry_ || !tls_ || is_stopping_) return;
  dial_ = std::make_unique<http2::Dial>(
      *loop_,
      http2::Dial::Target{.host = endpoint_.host,
                          .port = endpoint_.port,
                          .address_time_max = options_.times.address_answers},
      [this](Result<int> socket) { OnDialed(std::move(socket)); });
}

void Lane::OnDialed(Result<int> socket) {
  dial_.reset();
  if (!socket.ok()) return OnConnectFailed(socket.error().message);
  current_ = std::make_unique<LaneConnection>(*this, options_.times, endpoint_.authority);
  if (Status opened = current_->Open(*loop_, socket.value(), *tls_, endpoint_.host); !opened.ok()) {
    current_.reset();
    OnConnectFailed(opened.error().message);
  }
}

void Lane::OnConnectFailed(const std::string& why) {
  Tell(ApnsEvent::Kind::kConnectFailed, why);
  for (const Request& request : queue_) {
    if (request.is_probe) circuit_.OnProbeLost();
  }
  WaitToConnect(why);
}

void Lane::WaitToConnect(const std::string& why) {
  last_failure_ = why;
  if (retry_) return;
  retry_ = loop_->At(EventLoop::Clock::now() + backoff_.Next(random_), [this] {
    retry_.reset();
    Pump();
    Publish();
  });
  Publish();
}

void Lane::Retire() {
  if (!current_) return;
  LaneConnection* const retired = current_.get();
  draining_.push_back(std::move(current_));
  retired->Drain();  // May end it, and with that remove it.
}

std::unique_ptr<LaneConnection> Lane::Remove(LaneConnection& connection) {
  if (current_.get() == &connection) return std::move(current_);
  const auto found = std::find_if(draining_.begin(), draining_.end(), [&](const auto& candidate) {
    return candidate.get() == &connection;
  });
  if (found == draining_.end()) return nullptr;
  auto removed = std::move(*found);
  draining_.erase(found);
  return removed;
}

void Lane::StopLane(const ApplePushOutcome& cause, bool is_probe) {
  if (circuit_.OnRefused(cause, is_probe, EventLoop::Clock::now(), random_)) {
    Tell(ApnsEvent::Kind::kStopped, cause.detail);
  }
  // What APNs thinks of a certificate it may have decided when the connection was made.
  Retire();
  AnswerQueue(circuit_.cause());
}

void Lane::Tick() {
  tick_.reset();
  const Instant now = EventLoop::Clock::now();
  TickConnections(now);
  ExpireQueue(now);
  Pump();
  Publish();
  ScheduleTick();
}

void Lane::TickConnections(Instant now) {
  std::vector<LaneConnection*> all;
  for (const auto& connection : draining_) all.push_back(connection.get());
  if (current_) all.push_back(current_.get());
  for (LaneConnection* connection : all) {
    if (!connection->Tick(now)) continue;
    const bool was_current = current_.get() == connection;
    const bool was_up = connection->is_up();
    const std::unique_ptr<LaneConnection> dead = Remove(*connection);
    if (!dead) continue;  // It ended by itself in its Tick.
    const std::string why = was_up ? "APNs does not answer" : "APNs does not shake hands";
    dead->LoseAll("ConnectionLost", why);
    if (!was_current) continue;
    if (was_up) {
      Tell(ApnsEvent::Kind::kDisconnected, why);
      WaitToConnect(why);
    } else {
      OnConnectFailed(why);
    }
  }
}

void Lane::ScheduleTick() {
  if (tick_) loop_->Cancel(*tick_);
  is_ticking_fast_ = IsBusy();
  const milliseconds delay = is_ticking_fast_
                                 ? TickOf(options_.times)
                                 : std::clamp(options_.times.idle_ping / 2, kTickMin, kIdleTickMax);
  tick_ = loop_->At(EventLoop::Clock::now() + delay, [this] { Tick(); });
}

void Lane::ExpireQueue(Instant now) {
  while (!queue_.empty() && queue_.front().taken_at + options_.times.waiting <= now) {
    Request request = std::move(queue_.front());
    queue_.pop_front();
    OnOutcome(std::move(request),
              Unsent(Kind::kRetry, "ConnectFailed",
                     last_failure_.empty() ? "APNs takes no more now"
                                           : "no connection to APNs: " + last_failure_));
  }
}

void Lane::AnswerQueue(const ApplePushOutcome& outcome) {
  std::deque<Request> queue;
  queue.swap(queue_);
  for (Request& request : queue) Report(std::move(request), outcome);
}

void Lane::Report(Request request, ApplePushOutcome outcome) {
  if (outcome.apns_id.empty()) outcome.apns_id = std::move(request.push.apns_id);
  {
    const std::lock_guard lock(mutex_);
    --unanswered_;
    if (outcome.kind == Kind::kAccepted) {
      ++published_.accepted;
    } else if (outcome.status != 0) {
      ++published_.refused;
    } else {
      ++published_.unanswered;
    }
  }
  request.done(outcome);
}

void Lane::Publish() {
  using State = AppleLane::State;
  const bool is_stopped = circuit_.is_stopped() || !tls_;
  const bool is_up = current_ && current_->is_up();
  const bool is_connecting = current_ || dial_ || retry_;
  const State state = is_stopped      ? State::kStopped
                      : is_up         ? State::kUp
                      : is_connecting ? State::kConnecting
                                      : State::kIdle;
  std::string detail;
  if (!tls_) detail = "no certificate";
  if (circuit_.is_stopped()) detail = circuit_.cause().detail;
  if (!is_stopped && !is_up) detail = last_failure_;
  const std::lock_guard lock(mutex_);
  published_.state = state;
  published_.detail = std::move(detail);
  published_.in_flight = InFlight();
}

void Lane::Tell(ApnsEvent::Kind kind, const std::string& detail) const {
  if (options_.on_event) options_.on_event({kind, pass_type_, detail});
}

bool Lane::IsBusy() const {
  return !queue_.empty() || InFlight() > 0 || dial_ || (current_ && !current_->is_up()) ||
         !draining_.empty();
}

std::size_t Lane::InFlight() const {
  std::size_t count = current_ ? current_->in_flight() : 0;
  for (const auto& connection : draining_) count += connection->in_flight();
  return count;
}

void Lane::BeginStop() {
  TakeInbox();
  is_stopping_ = true;
  AnswerQueue(Unsent(Kind::kRetry, "Stopping", "the service stops"));
  Retire();
  CheckStopped();
}

void Lane::CheckStopped() {
  if (!is_stopping_ || InFlight() > 0) return;
  {
    const std::lock_guard lock(mutex_);
    has_stopped_ = true;
  }
  stopped_.notify_all();
}

}  // namespace passmint::apns::internal
