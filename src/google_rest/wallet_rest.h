#pragma once

#include <map>
#include <memory>
#include <string>
#include <vector>

#include "base/clock.h"
#include "base/ids.h"
#include "base/random.h"
#include "google/wallet_api.h"
#include "google_rest/access_tokens.h"
#include "google_rest/http_client.h"

namespace passmint::google_rest {

struct WalletRestOptions {
  std::string api_url;    // "https://walletobjects.googleapis.com", without a slash at its end.
  std::string token_url;  // "https://oauth2.googleapis.com/token".
  std::map<ProgrammeId, Account> accounts;
};

// The Google Wallet API over HTTP. Programmes of one service account share its access token. An
// access token that Google does not take any more is replaced once within a call.
class WalletRest final : public google::WalletApi {
 public:
  // REQUIRES: the others outlive it.
  WalletRest(WalletRestOptions options, HttpClient& http, const Clock& clock, Random& random);

  google::WalletOutcome Call(const ProgrammeId& programme, const google::WalletRequest& request,
                             std::chrono::milliseconds time) override;
  std::vector<google::WalletOutcome> CallAll(const ProgrammeId& programme,
                                             const std::vector<google::WalletRequest>& requests,
                                             std::chrono::milliseconds time) override;

 private:
  struct Sent {
    HttpAnswer answer;
    std::optional<google::WalletOutcome> failure;  // There is no answer.
  };
  Sent Send(const ProgrammeId& programme, HttpRequest request, AccessToken::Time deadline);

  const std::string api_url_;
  HttpClient& http_;
  Random& random_;
  std::map<ProgrammeId, std::shared_ptr<AccessToken>> tokens_;
};

}  // namespace passmint::google_rest
