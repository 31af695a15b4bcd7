#pragma once

#include <gtest/gtest.h>

#include <functional>
#include <memory>
#include <string>

#include "google_rest/wallet_rest.h"
#include "issuance/google_cards.h"
#include "issuance/store.h"
#include "json/json.h"
#include "simulate/fake_google.h"
#include "support/fake_clock.h"
#include "support/temporary_directory.h"

namespace passmint::issuance {

inline constexpr const char* kIssuer = "3388000000022141777";

// A programme with one of the shipped templates and a Google account: the use case, the REST
// adapter and the store together, against our fake Google over a socket. Only the clock is ours.
class GoogleStage : public ::testing::Test {
 protected:
  explicit GoogleStage(std::string template_name);

  const ProgrammeSite& programme() const { return site_.programmes.begin()->second; }

  void Must(const std::function<Status(Transaction&)>& fn);

  // Pays an order of the customer `n`; the card as it is then.
  cards::Card Pay(int n);

  // The Save link that the customer is sent to.
  std::string Tap(const cards::Card& card);

  // Rounds until nothing is due, or `most` of them; time passes only while there is no budget.
  void Settle(int most = 100);

  Json Ask(const std::string& method, const std::string& path, const Json& body = nullptr);
  Json AtGoogle(const cards::Card& card);
  void Faults(const Json& faults) { (void)Ask("POST", "/fake/faults", faults); }
  int NotificationsOf(const cards::Card& card);

  passmint::testing::FakeClock clock_;
  Site site_;
  std::unique_ptr<simulate::FakeGoogle> fake_;
  std::string url_;
  std::unique_ptr<Store> store_;
  std::unique_ptr<google_rest::WalletRest> api_;
  std::unique_ptr<CardMaker> maker_;
  std::unique_ptr<GoogleCards> cards_;

 private:
  void MakeSite();
  void PublishTemplate();

  const std::string template_;
  passmint::testing::TemporaryDirectory directory_;
  std::unique_ptr<google_rest::HttpClient> http_;
  int orders_ = 0;
};

}  // namespace passmint::issuance
