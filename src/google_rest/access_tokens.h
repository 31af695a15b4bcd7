#pragma once

#include <chrono>
#include <condition_variable>
#include <cstdint>
#include <memory>
#include <mutex>
#include <optional>
#include <string>

#include "base/clock.h"
#include "crypto/jws.h"
#include "google/wallet_api.h"
#include "google_rest/http_client.h"

namespace passmint::google_rest {

// Who asks for access tokens: a service account.
struct Account {
  std::string email;
  std::shared_ptr<const crypto::Rs256Signer> signer;
};

// The access token of one service account: asked for by one caller at a time, kept until it is
// about to expire. https://developers.google.com/identity/protocols/oauth2/service-account
// Safe for concurrent calls.
class AccessToken {
 public:
  using Time = std::chrono::steady_clock::time_point;

  // REQUIRES: `http` and `clock` outlive it.
  AccessToken(Account account, std::string token_url, HttpClient& http, const Clock& clock);

  // A token for the header "Authorization: Bearer", or in `failure` why there is none: kRetry, or
  // kStopped if Google does not accept the account.
  struct Got {
    std::string token;
    std::optional<google::WalletOutcome> failure;
  };
  Got Get(Time deadline);

  // Google did not take it: the next Get asks for another one.
  void Forget(const std::string& token);

 private:
  Got Fetch(Time deadline);
  void Keep(const Got& got, std::chrono::seconds lifetime);
  bool IsUsable(Time now) const { return !token_.empty() && now < expires_; }

  const Account account_;
  const std::string token_url_;
  HttpClient& http_;
  const Clock& clock_;

  std::mutex mutex_;  // Guards what follows.
  std::condition_variable fetched_;
  bool fetching_ = false;
  std::uint64_t fetches_ = 0;
  std::string token_;
  Time renew_, expires_;
  std::optional<google::WalletOutcome> failure_;  // Of the last fetch.
};

}  // namespace passmint::google_rest
