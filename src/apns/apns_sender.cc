#include "apns/apns_sender.h"

#include <map>
#include <mutex>
#include <shared_mutex>
#include <utility>

#include "apns/internal/endpoint.h"
#include "apns/internal/lane.h"

namespace passmint::apns {

using internal::Endpoint;
using internal::Lane;

struct ApnsSender::Rep {
  struct Entry {
    std::unique_ptr<Lane> lane;
    std::string fingerprint;  // Of the certificate in use.
  };

  ApnsOptions options;
  Endpoint endpoint;
  Random& random;
  std::shared_mutex mutex;
  std::map<PassTypeIdentifier, Entry> lanes;  // Guarded by mutex; entries are never removed.
  bool is_stopping = false;                   // Guarded by mutex.

  // The lane of a pass type, made if need be. Fails with kUnavailable.
  Result<Entry*> Take(const PassTypeIdentifier& pass_type);
};

Result<ApnsSender::Rep::Entry*> ApnsSender::Rep::Take(const PassTypeIdentifier& pass_type) {
  {
    const std::shared_lock lock(mutex);
    if (is_stopping) return Error{.code = ErrorCode::kUnavailable, .message = "stopping"};
    const auto found = lanes.find(pass_type);
    if (found != lanes.end()) return &found->second;
  }
  auto lane = Lane::Start(options, endpoint, pass_type, random);
  if (!lane.ok()) return std::move(lane).error();
  const std::unique_lock lock(mutex);
  const auto [entry, is_new] = lanes.try_emplace(pass_type);
  if (is_new) entry->second.lane = std::move(lane).value();
  return &entry->second;
}

std::string_view ToString(ApnsEvent::Kind kind) {
  switch (kind) {
    case ApnsEvent::Kind::kConnected:
      return "connected";
    case ApnsEvent::Kind::kDisconnected:
      return "disconnected";
    case ApnsEvent::Kind::kConnectFailed:
      return "connect_failed";
    case ApnsEvent::Kind::kStopped:
      return "stopped";
    case ApnsEvent::Kind::kResumed:
      return "resumed";
  }
  return "stopped";
}

Result<std::unique_ptr<ApnsSender>> ApnsSender::Create(ApnsOptions options, Random& random) {
  const auto endpoint = internal::ParseEndpoint(options.url);
  if (!endpoint) {
    return InvalidInput("bad_url", "", "apns.url must be https://HOST or https://HOST:PORT");
  }
  // Found out now and not at the first push: a file that cannot be read.
  const auto tls = http2::TlsContext::ForClient({.ca_file = options.ca_file});
  if (!tls.ok()) return Annotate(tls.error(), "apns.ca_file");
  // NOLINTNEXTLINE(modernize-make-unique): an aggregate that cannot be moved.
  std::unique_ptr<Rep> rep(new Rep{std::move(options), *endpoint, random, {}, {}, false});
  return std::unique_ptr<ApnsSender>(new ApnsSender(std::move(rep)));
}

ApnsSender::ApnsSender(std::unique_ptr<Rep> rep) : rep_(std::move(rep)) {}

ApnsSender::~ApnsSender() {
  std::vector<Lane*> lanes;
  {
    const std::unique_lock lock(rep_->mutex);
    rep_->is_stopping = true;
    for (const auto& [pass_type, entry] : rep_->lanes) lanes.push_back(entry.lane.get());
  }
  // Without the lock: what is told of its end may offer another push.
  for (Lane* lane : lanes) lane->Stop();
}

Status ApnsSender::SetIdentity(const crypto::SigningIdentity& identity) {
  const std::string& fingerprint = identity.certificate().fingerprint_sha256();
  auto tls = http2::TlsContext::ForClient(
      {.ca_file = rep_->options.ca_file,
       .identity = http2::TlsIdentity{{identity.certificate(), identity.wwdr_certificate()},
                                      identity.key()}});
  if (!tls.ok()) return Annotate(std::move(tls).error(), identity.pass_type().str());
  auto entry = rep_->Take(identity.pass_type());
  if (!entry.ok()) return std::move(entry).error();
  {
    const std::unique_lock lock(rep_->mutex);
    if (entry.value()->fingerprint == fingerprint) return {};
    entry.value()->fingerprint = fingerprint;
  }
  entry.value()->lane->SetTls(tls.value());
  return {};
}

bool ApnsSender::TrySend(const push::ApplePush& push, Done done) {
  const auto entry = rep_->Take(push.pass_type);
  return entry.ok() && entry.value()->lane->TrySend(push, std::move(done));
}

std::size_t ApnsSender::pushes_max() const { return rep_->options.pushes_max; }

std::vector<push::AppleLane> ApnsSender::Lanes() const {
  std::vector<push::AppleLane> lanes;
  const std::shared_lock lock(rep_->mutex);
  for (const auto& [pass_type, entry] : rep_->lanes) lanes.push_back(entry.lane->Snapshot());
  return lanes;
}

}  // namespace passmint::apns
