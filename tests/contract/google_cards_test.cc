// Google's copies follow the cards: the use case, the REST adapter and the store together, against
// our fake Google over a socket. Only the clock is ours.

#include <gtest/gtest.h>

#include <filesystem>
#include <fstream>
#include <sstream>

#include "crypto/master_key.h"
#include "crypto/private_key.h"
#include "google_rest/wallet_rest.h"
#include "issuance/card_life.h"
#include "issuance/google_budget.h"
#include "issuance/google_cards.h"
#include "issuance/orders.h"
#include "issuance/posting.h"
#include "json/json.h"
#include "programme/rules.h"
#include "simulate/fake_google.h"
#include "simulate/service_client.h"
#include "store/open.h"
#include "support/fake_clock.h"
#include "support/seeded_random.h"
#include "support/temporary_directory.h"

namespace passmint::issuance {
namespace {

constexpr const char* kIssuer = "3388000000022141777";

design::TemplateFiles ShippedTemplate(const std::string& name) {
  const std::filesystem::path folder = PASSMINT_SOURCE_DIR "/templates/" + name;
  design::TemplateFiles files;
  for (const auto& entry : std::filesystem::recursive_directory_iterator(folder)) {
    if (!entry.is_regular_file()) continue;
    std::ostringstream text;
    text << std::ifstream(entry.path(), std::ios::binary).rdbuf();
    files[entry.path().lexically_relative(folder).string()] = text.str();
  }
  return files;
}

// Does everything, but the answers to the first addMessage are lost.
class LosesAnAnswer final : public google::WalletApi {
 public:
  explicit LosesAnAnswer(google::WalletApi& api) : api_(api) {}

  google::WalletOutcome Call(const ProgrammeId& programme, const google::WalletRequest& request,
                             std::chrono::milliseconds time) override {
    auto outcome = api_.Call(programme, request, time);
    if (request.call != google::WalletCall::kAddMessage || std::exchange(has_lost_, true)) {
      return outcome;
    }
    return {.kind = google::WalletOutcome::Kind::kRetry, .reason = "ConnectionLost"};
  }
  std::vector<google::WalletOutcome> CallAll(const ProgrammeId& programme,
                                             const std::vector<google::WalletRequest>& requests,
                                             std::chrono::milliseconds time) override {
    return api_.CallAll(programme, requests, time);
  }

 private:
  google::WalletApi& api_;
  bool has_lost_ = false;
};

// Asked for an object it has none; counts those that are made in a batch.
class KnowsNoObject final : public google::WalletApi {
 public:
  explicit KnowsNoObject(google::WalletApi& api) : api_(api) {}

  google::WalletOutcome Call(const ProgrammeId& programme, const google::WalletRequest& request,
                             std::chrono::milliseconds time) override {
    if (request.call != google::WalletCall::kGetObject) return api_.Call(programme, request, time);
    return {.kind = google::WalletOutcome::Kind::kNoObject, .status = 404};
  }
  std::vector<google::WalletOutcome> CallAll(const ProgrammeId& programme,
                                             const std::vector<google::WalletRequest>& requests,
                                             std::chrono::milliseconds time) override {
    for (const google::WalletRequest& request : requests) {
      if (request.call == google::WalletCall::kInsertObject) ++inserts_;
    }
    return api_.CallAll(programme, requests, time);
  }

  int inserts() const { return inserts_; }

 private:
  google::WalletApi& api_;
  int inserts_ = 0;
};

class GoogleCardsTest : public ::testing::Test {
 protected:
  explicit GoogleCardsTest(std::string template_name = "points")
      : template_(std::move(template_name)) {
    site_.public_url = "https://cards.example.com";
    site_.google_save_url = "https://pay.google.com/gp/v/save/";
    site_.keys = std::make_shared<const crypto::KeyRing>(
        crypto::KeyRing::Parse(
            Secret("k1:000102030405060708090a0b0c0d0e0f101112131415161718191a1b1c1d1e1f\n"))
            .value());
    site_.random = std::make_shared<passmint::testing::SeededRandom>();
    fake_ = simulate::FakeGoogle::Start({}, clock_, *site_.random).value();
    url_ = "http://127.0.0.1:" + std::to_string(fake_->port());
    const crypto::PrivateKey key = crypto::GenerateRsa2048().value();
    const auto signer =
        std::make_shared<const crypto::Rs256Signer>(crypto::Rs256Signer::Create(key).value());
    const ProgrammeId id("coffee");
    ProgrammeSite programme{.programme = {.id = id,
                                          .name = "Bean & Leaf",
                                          .currency = *Currency::Find("RUB"),
                                          .time_zone = "Europe/Moscow",
                                          .region = "RU",
                                          .languages = {"en", "ru"},
                                          .templates = {TemplateName(template_)},
                                          .card_number = {}},
                            .apple = nullptr,
                            .google = std::make_shared<const GoogleIdentity>(GoogleIdentity{
                                IssuerId(kIssuer), "test@example.iam.gserviceaccount.com",
                                crypto::Rs256Signer::Create(key).value()})};
    programme.rules = programme::ParseRules(json::Parse(R"({"format": 1,
                            "points": {"exponent": 0, "value": {"points": 1, "minor": 100},
                                       "rounding": "floor"},
                            "earn": [{"id": "base", "kind": "percent", "ppm": 50000}]})",
                                                        1000)
                                                .value(),
                                            1)
                          .value();
    site_.programmes.emplace(id, std::move(programme));
    store_ = store::Open("sqlite:" + (directory_ / "test.db"), clock_).value();
    Publish();
    http_ = std::make_unique<google_rest::HttpClient>("");
    api_ = std::make_unique<google_rest::WalletRest>(
        google_rest::WalletRestOptions{
            .api_url = url_,
            .token_url = url_ + "/token",
            .accounts = {{id, {"test@example.iam.gserviceaccount.com", signer}}}},
        *http_, clock_, *site_.random);
    maker_ = std::make_unique<CardMaker>(site_, *store_, clock_);
    cards_ = std::make_unique<GoogleCards>(*store_, site_, *maker_, *api_, clock_);
  }

  const ProgrammeSite& programme() const { return site_.programmes.begin()->second; }

  void Publish() {
    const design::TemplateFiles files = ShippedTemplate(template_);
    const auto ready = PreparePublish(files, site_, programme(), clock_.Now());
    ASSERT_TRUE(ready.ok()) << ready.error().message;
    Must([&](Transaction& transaction) { return Publish1(transaction, ready.value(), files); });
  }
  Status Publish1(Transaction& transaction, const Publishable& ready,
                  const design::TemplateFiles& files) const {
    auto done = issuance::Publish(transaction, programme().programme.id, ready,
                                  {.name = TemplateName(template_),
                                   .files = files,
                                   .ring = 100,
                                   .author = ApiKeyName("a"),
                                   .published_by = ApiKeyName("a"),
                                   .comment = {}});
    return done.ok() ? Status() : Status(std::move(done).error());
  }

  void Must(const std::function<Status(Transaction&)>& fn) {
    const Status written = store_->Write(fn);
    ASSERT_TRUE(written.ok()) << written.error().message;
  }

  // Pays an order of the customer `n`; the card as it is then.
  cards::Card Pay(int n) {
    cards::Card card;
    Must([&](Transaction& transaction) -> Status {
      OrderRequest order;
      order.id = OrderId("order-" + std::to_string(++orders_));
      order.source = OrderSource("web");
      order.paid_at = FormatRfc3339(clock_.Now());
      order.currency = "RUB";
      order.total = 10'000;
      order.customer.phone = "+7921000000" + std::to_string(n);
      order.lines = {{.line_id = "1", .amount = 10'000}};
      auto placed = PlaceOrder(transaction, site_, programme(), order);
      if (!placed.ok()) return std::move(placed).error();
      auto found = transaction.FindCard(programme().programme.id, placed.value().card.id);
      if (!found.ok()) return std::move(found).error();
      card = *std::move(found).value();
      return {};
    });
    return card;
  }

  std::string Tap(const cards::Card& card) {
    const auto current = FindByLinkToken(*store_, site_, card.link_token);
    const auto url = cards_->SaveUrl(current.value());
    EXPECT_TRUE(url.ok());
    return url.ok() ? url.value() : "";
  }

  // Rounds until nothing is due, or `most` of them; time passes only while there is no budget.
  void Settle(int most = 100) {
    for (int i = 0; i < most; ++i) {
      const auto round = cards_->RunRound(programme());
      ASSERT_TRUE(round.ok()) << round.error().message;
      if (round.value().wait > std::chrono::microseconds(0)) {
        clock_.Advance(round.value().wait);
      } else if (round.value().done + round.value().failed == 0) {
        return;
      }
    }
  }

  Json Ask(const std::string& method, const std::string& path, const Json& body = nullptr) {
    simulate::ServiceClient client;
    const auto answer =
        client.Send(method, url_ + path, {}, body.is_null() ? "" : json::Dump(body));
    return json::Parse(answer.value().body, answer.value().body.size()).value();
  }
  Json AtGoogle(const cards::Card& card) {
    return Ask("GET", "/fake/objects/" + std::string(kIssuer) + "." + card.google_suffix);
  }
  int PointsAtGoogle(const cards::Card& card) {
    const Json found = AtGoogle(card);
    return found.is_null() ? -1 : found["object"]["loyaltyPoints"]["balance"]["int"].get<int>();
  }
  void Faults(const Json& faults) { (void)Ask("POST", "/fake/faults", faults); }

  // An id-only link is short.
  static bool Carries(const std::string& url) { return url.size() > 1000; }

  int NotificationsOf(const cards::Card& card) {
    return AtGoogle(card)["notifications"].get<int>();
  }

  const std::string template_;
  passmint::testing::TemporaryDirectory directory_;
  passmint::testing::FakeClock clock_;
  Site site_;
  std::unique_ptr<simulate::FakeGoogle> fake_;
  std::string url_;
  std::unique_ptr<Store> store_;
  std::unique_ptr<google_rest::HttpClient> http_;
  std::unique_ptr<google_rest::WalletRest> api_;
  std::unique_ptr<CardMaker> maker_;
  std::unique_ptr<GoogleCards> cards_;
  int orders_ = 0;
};

TEST_F(GoogleCardsTest, ATapInsertsTheObjectEvenBeforeItsClassWasSent) {
  const cards::Card card = Pay(1);
  EXPECT_TRUE(AtGoogle(card).is_null());
  EXPECT_FALSE(Carries(Tap(card)));
  EXPECT_EQ(PointsAtGoogle(card), 5);
  EXPECT_FALSE(Carries(Tap(card)));
  EXPECT_EQ(AtGoogle(card)["writes"], 1);
}

TEST_F(GoogleCardsTest, WhatGoogleHasFollowsTheCardAndNothingElseIsSent) {
  Settle();  // The class.
  const cards::Card card = Pay(1);
  const cards::Card other = Pay(2);
  (void)Tap(card);
  (void)Pay(1);
  (void)Pay(1);
  (void)Pay(2);
  Settle();
  EXPECT_EQ(PointsAtGoogle(card), 15);
  EXPECT_EQ(AtGoogle(card)["writes"], 2);  // Two orders became one patch.
  EXPECT_TRUE(AtGoogle(other).is_null());
}

TEST_F(GoogleCardsTest, TwoChangesADayNotifyAndTheOthersAreSilent) {
  const cards::Card card = Pay(1);
  (void)Tap(card);
  for (int i = 0; i < 4; ++i) {
    (void)Pay(1);
    Settle();
  }
  EXPECT_EQ(PointsAtGoogle(card), 25);
  EXPECT_EQ(AtGoogle(card)["notifications"], 2);
  clock_.Advance(std::chrono::hours(25));
  (void)Pay(1);
  Settle();
  EXPECT_EQ(AtGoogle(card)["notifications"], 3);
}

TEST_F(GoogleCardsTest, TheThirdNotificationOfADayIsForPointsThatExpire) {
  programme::RuleSet& rules = site_.programmes.begin()->second.rules;
  rules.earn[0].expires = {.never = false, .after = {.months = 0, .days = 1}};
  const cards::Card card = Pay(1);
  (void)Tap(card);
  clock_.Advance(std::chrono::hours(20));
  for (int i = 0; i < 3; ++i) {
    (void)Pay(1);
    Settle();
  }
  EXPECT_EQ(NotificationsOf(card), 2);
  clock_.Advance(std::chrono::hours(20));
  ASSERT_EQ(Posting(*store_, site_).RunBatch().value().posted, 1);
  Settle();
  EXPECT_EQ(PointsAtGoogle(card), 15);
  EXPECT_EQ(NotificationsOf(card), 3);
}

TEST_F(GoogleCardsTest, InQuietHoursGoogleIsToldAndPhonesAreNot) {
  // It is 13:00 in Moscow.
  site_.programmes.begin()->second.quiet =
      calendar::QuietHours{.from = std::chrono::hours(12),
                           .to = std::chrono::hours(14),
                           .zone = calendar::TimeZone::Find("Europe/Moscow").value()};
  const cards::Card card = Pay(1);
  (void)Tap(card);
  (void)Pay(1);
  Settle();
  EXPECT_EQ(PointsAtGoogle(card), 10);
  EXPECT_EQ(NotificationsOf(card), 0);
  clock_.Advance(std::chrono::hours(1));
  (void)Pay(1);
  Settle();
  EXPECT_EQ(NotificationsOf(card), 1);
}

TEST_F(GoogleCardsTest, ABlockedCardSaysSoAndSaysWhenItWorksAgain) {
  const cards::Card card = Pay(1);
  (void)Tap(card);
  (void)Pay(1);
  Settle();
  const auto set = [&](bool blocked) {
    const Status written = store_->Write([&](Transaction& transaction) -> Status {
      const Deed deed{.reason = "lost phone"};
      const ProgrammeId& id = programme().programme.id;
      auto done = blocked ? BlockCard(transaction, id, card.number, deed, {})
                          : UnblockCard(transaction, id, card.number, deed);
      return done.ok() ? Status() : Status(done.error());
    });
    ASSERT_TRUE(written.ok()) << written.error().message;
    Settle();
  };
  set(true);
  Json messages = AtGoogle(card)["object"]["messages"];
  ASSERT_EQ(messages.size(), 1u) << json::Dump(AtGoogle(card));
  EXPECT_EQ(messages[0]["messageType"], "TEXT_AND_NOTIFY");
  EXPECT_EQ(messages[0]["body"], "Your card is blocked. Please ask us.");
  EXPECT_EQ(messages[0]["localizedBody"]["translatedValues"][0]["value"],
            "Ваша карта заблокирована. Спросите у нас.");
  clock_.Advance(std::chrono::hours(25));
  set(false);
  messages = AtGoogle(card)["object"]["messages"];
  ASSERT_EQ(messages.size(), 2u);
  EXPECT_EQ(messages[1]["body"], "Your card works again.");
}

TEST_F(GoogleCardsTest, SaysWhenSomethingIsDueNext) {
  const cards::Card card = Pay(1);
  (void)Tap(card);
  Settle();
  EXPECT_FALSE(cards_->RunRound(programme()).value().next.has_value());
  Faults({{"status", 500}, {"for_ms", 60'000}});
  (void)Pay(1);
  Settle();
  const auto next = cards_->RunRound(programme()).value().next;
  ASSERT_TRUE(next.has_value());
  EXPECT_GT(*next, clock_.Now());
  EXPECT_LE(*next, clock_.Now() + std::chrono::seconds(1));
}

// Google does not notify of a gift card's balance by itself.
class GoogleGiftCardsTest : public GoogleCardsTest {
 protected:
  GoogleGiftCardsTest() : GoogleCardsTest("gift") {}

  Json MessagesOf(const cards::Card& card) {
    return AtGoogle(card)["object"].value("messages", Json::array());
  }
  // As Google's console or another program might.
  void AddMessages(const cards::Card& card, const std::string& type, int count) {
    for (int n = 0; n < count; ++n) {
      const auto outcome =
          api_->Call(programme().programme.id,
                     {.call = google::WalletCall::kAddMessage,
                      .vertical = google::Vertical::kGiftCard,
                      .id = std::string(kIssuer) + "." + card.google_suffix,
                      .body = {{"message", {{"id", "x"}, {"body", "x"}, {"messageType", type}}}}},
                     std::chrono::seconds(5));
      ASSERT_TRUE(outcome.done()) << outcome.detail;
    }
    clock_.Advance(std::chrono::seconds(1));
  }
};

TEST_F(GoogleGiftCardsTest, ABalanceIsToldByAMessageInEveryLanguage) {
  const cards::Card card = Pay(1);
  (void)Tap(card);
  (void)Pay(1);
  (void)Pay(1);
  Settle();
  const Json messages = MessagesOf(card);
  ASSERT_EQ(messages.size(), 1u) << json::Dump(messages);
  EXPECT_EQ(messages[0]["messageType"], "TEXT_AND_NOTIFY");
  EXPECT_TRUE(messages[0]["body"].get<std::string>().starts_with("Left on your gift card: "));
  const Json russian = messages[0]["localizedBody"]["translatedValues"][0];
  EXPECT_EQ(russian["language"], "ru");
  EXPECT_TRUE(russian["value"].get<std::string>().starts_with("Остаток на подарочной карте: "));
  EXPECT_EQ(NotificationsOf(card), 1);
  Settle();
  EXPECT_EQ(MessagesOf(card).size(), 1u);
}

TEST_F(GoogleGiftCardsTest, TwoMessagesADayAndThenTheCardChangesSilently) {
  const cards::Card card = Pay(1);
  (void)Tap(card);
  for (int i = 0; i < 4; ++i) {
    (void)Pay(1);
    Settle();
  }
  EXPECT_EQ(MessagesOf(card).size(), 2u);
  clock_.Advance(std::chrono::hours(25));
  (void)Pay(1);
  Settle();
  EXPECT_EQ(MessagesOf(card).size(), 3u);
}

TEST_F(GoogleGiftCardsTest, AMessageWhoseAnswerWasLostIsNotAddedTwice) {
  LosesAnAnswer api(*api_);
  cards_ = std::make_unique<GoogleCards>(*store_, site_, *maker_, api, clock_);
  const cards::Card card = Pay(1);
  (void)Tap(card);
  (void)Pay(1);
  Settle();
  const Json writes = AtGoogle(card)["writes"];
  clock_.Advance(std::chrono::minutes(1));
  Settle();
  EXPECT_EQ(MessagesOf(card).size(), 1u);
  EXPECT_EQ(AtGoogle(card)["writes"], writes) << "the object was patched once more for nothing";
  clock_.Advance(std::chrono::minutes(10));
  Settle();
  EXPECT_EQ(MessagesOf(card).size(), 1u);
}

TEST_F(GoogleGiftCardsTest, AnObjectThatIsGoneWhenItsMessageIsDueIsMadeAnew) {
  KnowsNoObject api(*api_);
  cards_ = std::make_unique<GoogleCards>(*store_, site_, *maker_, api, clock_);
  const cards::Card card = Pay(1);
  (void)Tap(card);
  (void)Pay(1);
  Settle();
  clock_.Advance(std::chrono::minutes(1));
  Settle();
  EXPECT_EQ(api.inserts(), 1);
}

TEST_F(GoogleGiftCardsTest, WhenGoogleNotifiesNoMoreTodayTheMessageComesSilently) {
  const cards::Card card = Pay(1);
  (void)Tap(card);
  AddMessages(card, "TEXT_AND_NOTIFY", 3);
  (void)Pay(1);
  Settle();
  const Json messages = MessagesOf(card);
  ASSERT_EQ(messages.size(), 4u);
  EXPECT_EQ(messages[3]["messageType"], "TEXT");
}

TEST_F(GoogleGiftCardsTest, OldMessagesMakeRoomForANewOne) {
  const cards::Card card = Pay(1);
  (void)Tap(card);
  AddMessages(card, "TEXT", 10);
  (void)Pay(1);
  Settle();
  const Json messages = MessagesOf(card);
  ASSERT_EQ(messages.size(), 6u);
  EXPECT_EQ(messages[5]["messageType"], "TEXT_AND_NOTIFY");
}

TEST_F(GoogleCardsTest, WhatFailedIsSentWhenGoogleIsBack) {
  std::vector<cards::Card> cards;
  for (int n = 1; n <= 7; ++n) {
    cards.push_back(Pay(n));
    (void)Tap(cards.back());
    clock_.Advance(std::chrono::seconds(1));
  }
  Faults({{"status", 500}, {"for_ms", 3'600'000}});
  for (int n = 1; n <= 7; ++n) (void)Pay(n);
  for (int minutes = 0; minutes < 70; ++minutes) {
    Settle(10);
    clock_.Advance(std::chrono::minutes(1));
  }
  Settle();
  for (const cards::Card& card : cards) EXPECT_EQ(PointsAtGoogle(card), 10);
}

TEST_F(GoogleCardsTest, AnAnswerThatIsLostIsNoHarm) {
  const cards::Card card = Pay(1);
  Faults({{"lost", true}, {"for_ms", 60'000}});
  EXPECT_TRUE(Carries(Tap(card)));  // It was inserted, but we do not know.
  clock_.Advance(std::chrono::minutes(2));
  (void)Pay(1);
  Settle();
  EXPECT_EQ(PointsAtGoogle(card), 10);
}

TEST_F(GoogleCardsTest, GoogleIsNeverAskedTooOften) {
  std::vector<cards::Card> cards;
  for (int n = 1; n <= 9; ++n) {
    cards.push_back(Pay(n));
    (void)Tap(cards.back());
  }
  for (int n = 1; n <= 9; ++n) (void)Pay(n);
  clock_.Advance(std::chrono::seconds(20));
  Settle();
  for (const cards::Card& card : cards) EXPECT_EQ(PointsAtGoogle(card), 10);
  const Json stats = Ask("GET", "/fake/stats");
  EXPECT_EQ(stats["throttled"], 0);
  EXPECT_GT(stats["batches"], 0);
  EXPECT_EQ(stats["tokens"], 1);
}

}  // namespace
}  // namespace passmint::issuance
