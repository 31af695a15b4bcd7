// Messages about cards whose changes Google does not tell by itself.

#include <gtest/gtest.h>

#include <utility>
#include <vector>

#include "contract/google_stage.h"

namespace passmint::issuance {
namespace {

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

// Google does not notify of a gift card's balance by itself.
class GoogleGiftCardsTest : public GoogleStage {
 protected:
  GoogleGiftCardsTest() : GoogleStage("gift") {}

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

}  // namespace
}  // namespace passmint::issuance
