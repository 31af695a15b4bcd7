#include "simulate/fake_apns.h"

#include <fmt/format.h>
#include <unistd.h>

#include <array>
#include <mutex>
#include <unordered_map>
#include <utility>

#include "crypto/system_random.h"
#include "crypto/test_authority.h"
#include "http2/connection.h"
#include "http2/event_loop.h"
#include "http2/listener.h"
#include "push/apns_id.h"
#include "simulate/internal/apns_session.h"
#include "simulate/internal/apns_state.h"

namespace passmint::simulate {
namespace {

using http2::EventLoop;
using http2::TlsContext;
using internal::ApnsClient;
using internal::ApnsRequest;
using internal::ApnsSession;
using internal::ApnsState;
using internal::ApnsVerdict;

constexpr std::array<std::string_view, kApnsFaultCount> kFaultNames = {
    "unregistered",    "too_many_requests", "internal_error", "unavailable",
    "shutdown",        "bad_certificate",   "goaway",         "reset_stream",
    "drop_connection", "lost_answer",       "slow_answer"};

struct Tls {
  TlsContext context;
  std::string ca_pem;
};

// Good from yesterday on, whatever the clocks of the clients say.
Result<Tls> MakeTls(const FakeApnsOptions& options, Timestamp now) {
  const Timestamp from = now - std::chrono::days(1);
  const Timestamp until = now + std::chrono::days(365);
  std::optional<crypto::TestAuthority> authority = options.authority;
  if (!authority) {
    auto fresh = crypto::TestAuthority::Create({.not_before = from, .not_after = until});
    if (!fresh.ok()) return std::move(fresh).error();
    authority = std::move(fresh).value();
  }
  std::vector<std::string> names = {"localhost"};
  names.insert(names.end(), options.dns_names.begin(), options.dns_names.end());
  const auto leaf = authority->IssueServer({.dns_names = names,
                                            .ip_addresses = {"127.0.0.1", "::1"},
                                            .not_before = from,
                                            .not_after = until});
  if (!leaf.ok()) return leaf.error();
  auto context = TlsContext::ForServer(
      {.chain = {leaf.value().certificate, authority->intermediate()}, .key = leaf.value().key},
      options.refuses_expired_in_handshake ? TlsContext::ClientCertificates::kRefuseExpired
                                           : TlsContext::ClientCertificates::kTakeAny);
  if (!context.ok()) return std::move(context).error();
  return Tls{std::move(context).value(), authority->root().ToPem()};
}

class Server final : public FakeApns, public ApnsSession::Host {
 public:
  Server(const FakeApnsOptions& options, const Clock& clock, OnPush on_push, Tls tls,
         std::unique_ptr<EventLoop> loop)
      : options_(options),
        clock_(clock),
        on_push_(std::move(on_push)),
        tls_(std::move(tls)),
        loop_(std::move(loop)),
        state_(options),
        streams_max_(options.streams_max) {}
  Server(const Server&) = delete;
  Server& operator=(const Server&) = delete;
  ~Server() override {
    loop_->Stop();
    sessions_.clear();
    listener_.reset();
  }

  Status Listen();

  std::uint16_t port() const override { return listener_->port(); }
  std::string url() const override { return fmt::format("https://localhost:{}", port()); }
  const std::string& ca_pem() const override { return tls_.ca_pem; }

  void AddToken(const PushToken& token, const PassTypeIdentifier& topic) override {
    const std::lock_guard lock(mutex_);
    state_.AddToken(token, topic);
  }
  void RetireToken(const PushToken& token, Timestamp since) override {
    const std::lock_guard lock(mutex_);
    state_.RetireToken(token, since);
  }
  void FailNext(ApnsFault fault, std::uint32_t count) override {
    const std::lock_guard lock(mutex_);
    state_.FailNext(fault, count);
  }
  void AnswerNext(const CannedAnswer& answer, std::uint32_t count) override {
    const std::lock_guard lock(mutex_);
    state_.AnswerNext(answer, count);
  }
  void SetShare(ApnsFault fault, double share) override {
    const std::lock_guard lock(mutex_);
    state_.SetShare(fault, share);
  }
  void SetDown(bool down) override;
  void SendGoaway(const std::string& reason) override;
  void ChangeStreamsMax(std::uint32_t streams_max) override;

  FakeApnsTotals Totals() const override {
    const std::lock_guard lock(mutex_);
    FakeApnsTotals totals = state_.totals();
    totals.open_connections = open_connections_;
    return totals;
  }
  std::map<PushToken, ApnsTokenAccount> Accounts() const override {
    const std::lock_guard lock(mutex_);
    return state_.Accounts();
  }

 private:
  ApnsClient Meet(const std::optional<crypto::Certificate>& certificate) override;
  ApnsVerdict Judge(const ApnsRequest& request, const ApnsClient& client, FakePush& push) override;
  std::string MakeApnsId() override { return push::MakeApnsId(random_); }
  void OnSessionEnded(ApnsSession& session) override;
  void Accept(int socket);

  const FakeApnsOptions options_;
  const Clock& clock_;
  const OnPush on_push_;
  const Tls tls_;
  crypto::SystemRandom random_;
  std::unique_ptr<EventLoop> loop_;
  mutable std::mutex mutex_;
  ApnsState state_;                     // Guarded by mutex_.
  std::uint64_t open_connections_ = 0;  // Guarded by mutex_.

  // On the loop's thread only.
  std::unique_ptr<http2::Listener> listener_;
  std::unordered_map<std::uint64_t, std::unique_ptr<ApnsSession>> sessions_;
  std::uint64_t session_number_ = 0;
  std::uint32_t streams_max_;
  bool is_down_ = false;
};

Status Server::Listen() {
  auto listener =
      http2::Listener::Listen(*loop_, options_.listen, [this](int socket) { Accept(socket); });
  if (!listener.ok()) return std::move(listener).error();
  listener_ = std::move(listener).value();
  // A socket that is bound and not watched only makes clients wait.
  loop_->Post([this] { (void)listener_->Start().ok(); });
  return {};
}

void Server::SetDown(bool down) {
  loop_->Post([this, down] {
    is_down_ = down;
    if (!down) return;
    sessions_.clear();
    const std::lock_guard lock(mutex_);
    open_connections_ = 0;
  });
}

void Server::SendGoaway(const std::string& reason) {
  loop_->Post([this, reason] {
    for (const auto& [id, session] : sessions_) {
      if (session->is_up()) session->SendGoaway(reason);
    }
  });
}

void Server::ChangeStreamsMax(std::uint32_t streams_max) {
  loop_->Post([this, streams_max] {
    streams_max_ = streams_max;
    for (const auto& [id, session] : sessions_) session->ChangeStreamsMax(streams_max);
  });
}

ApnsClient Server::Meet(const std::optional<crypto::Certificate>& certificate) {
  const std::lock_guard lock(mutex_);
  state_.CountConnection();
  ++open_connections_;
  return internal::ClientOf(certificate, clock_.Now(), options_.anonymous_pass_type);
}

ApnsVerdict Server::Judge(const ApnsRequest& request, const ApnsClient& client, FakePush& push) {
  ApnsVerdict verdict;
  {
    const std::lock_guard lock(mutex_);
    verdict = state_.Judge(request, client, clock_.Now(), push);
  }
  if (push.apns_id.empty()) push.apns_id = MakeApnsId();
  push.answered = verdict.way == ApnsVerdict::Way::kAnswer;
  if (verdict.reaches_phone && on_push_) on_push_(push);
  return verdict;
}

void Server::OnSessionEnded(ApnsSession& session) {
  if (session.is_up()) {
    const std::lock_guard lock(mutex_);
    if (open_connections_ > 0) --open_connections_;
  }
  loop_->Post([this, id = session.id()] { sessions_.erase(id); });
}

void Server::Accept(int socket) {
  if (is_down_) {
    ::close(socket);
    return;
  }
  auto session = std::make_unique<ApnsSession>(*loop_, *this, ++session_number_);
  if (!session->Open(socket, {.tls = tls_.context, .streams_max = streams_max_}).ok()) return;
  sessions_.emplace(session_number_, std::move(session));
}

}  // namespace

std::string_view ToString(ApnsFault fault) {
  return kFaultNames.at(static_cast<std::size_t>(fault));
}

std::optional<ApnsFault> ParseApnsFault(std::string_view name) {
  for (std::size_t i = 0; i < kFaultNames.size(); ++i) {
    if (kFaultNames.at(i) == name) return static_cast<ApnsFault>(i);
  }
  return std::nullopt;
}

Result<std::unique_ptr<FakeApns>> FakeApns::Start(const FakeApnsOptions& options,
                                                  const Clock& clock, OnPush on_push) {
  auto tls = MakeTls(options, clock.Now());
  if (!tls.ok()) return std::move(tls).error();
  auto loop = EventLoop::Start();
  if (!loop.ok()) return std::move(loop).error();
  auto server = std::make_unique<Server>(options, clock, std::move(on_push), std::move(tls).value(),
                                         std::move(loop).value());
  if (Status listening = server->Listen(); !listening.ok()) return std::move(listening).error();
  return std::unique_ptr<FakeApns>(std::move(server));
}

}  // namespace passmint::simulate
