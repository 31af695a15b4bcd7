#include "issuance/phones.h"

#include <list>
#include <vector>

#include "crypto/cms.h"
#include "crypto/signing_identity.h"
#include "crypto/test_authority.h"
#include "issuance/card_life.h"
#include "issuance/phone_activity.h"
#include "unit/issuance/fixture.h"

namespace passmint::issuance {
namespace {

using std::chrono::hours;
using std::chrono::milliseconds;
using std::chrono::minutes;
using std::chrono::seconds;

const PassTypeIdentifier kType("pass.com.example.test");
const DeviceLibraryIdentifier kPhone("phone-1");

class PhonesTest : public IssuanceTest {
 protected:
  PhonesTest() {
    const Timestamp now = clock_.Now();
    const auto authority = crypto::TestAuthority::Create(
        {.not_before = now - hours(24), .not_after = now + hours(24 * 400)});
    const auto leaf = authority.value().Issue({.pass_type = kType,
                                               .team = TeamIdentifier("TEAM123456"),
                                               .not_before = now - hours(1),
                                               .not_after = now + hours(24 * 399)});
    const auto identity = crypto::MakeSigningIdentity(leaf.value().certificate, leaf.value().key,
                                                      {authority.value().intermediate()}, now);
    programme_.apple = std::make_shared<const crypto::ManifestSigner>(
        crypto::ManifestSigner::Create(identity.value()).value());
    programme_.rules.version = 1;
    // 5 %, active at once, gone after thirty days.
    programme_.rules.earn = {{.id = "base",
                              .ppm = 50'000,
                              .activate_after = {.months = 0, .days = 0},
                              .expires = {.never = false, .after = {.months = 0, .days = 30}},
                              .funder = {}}};
    site_.programmes.emplace(programme_.programme.id, programme_);
  }

  cards::Card Buy(const std::string& order, const std::string& phone = "8 (921) 000-00-00") {
    OrderRequest request = Order(order);
    request.customer.phone = phone;
    request.paid_at = FormatRfc3339(clock_.Now());
    auto placed = Place(request);
    EXPECT_TRUE(placed.ok()) << placed.error().message;
    return placed.value().card;
  }

  // What the card's own phone presents.
  PassClaim ClaimOf(const cards::Card& card) {
    tokens_.push_back(site_.keys->AuthenticationToken(card.key_id, kType, card.serial)
                          .value()
                          .RevealForSerialization());
    return {.pass_type = kType, .serial = card.serial, .token = tokens_.back()};
  }

  bool Register(const cards::Card& card, const DeviceLibraryIdentifier& device = kPhone,
                const std::string& push_token = "aa") {
    auto is_new = RegisterPhone(*store_, site_, ClaimOf(card), device, PushToken(push_token));
    EXPECT_TRUE(is_new.ok()) << is_new.error().message;
    return is_new.value();
  }

  UpdatedPasses List(const std::string& since = "") {
    auto updated = ListUpdatedPasses(*store_, site_, kPhone, kType, since);
    EXPECT_TRUE(updated.ok()) << updated.error().message;
    return updated.value();
  }

  Result<FoundPass> Find(const PassClaim& claim, bool with_card = false) {
    return FindPass(*store_, site_, claim, [with_card](const PassVersion&) { return with_card; });
  }

  PassVersion Version(const cards::Card& card) {
    auto found = Find(ClaimOf(card));
    EXPECT_TRUE(found.ok()) << found.error().message;
    return found.value().version;
  }

  std::list<std::string> tokens_;
};

TEST_F(PhonesTest, OnlyTheTokenOfThisPassProvesItsOwner) {
  const cards::Card card = Buy("1");
  const cards::Card other = Buy("2", "8 (921) 000-00-01");
  std::vector<PassClaim> wrong(4, ClaimOf(card));
  wrong[0].token = ClaimOf(other).token;
  wrong[1].token = "";
  wrong[2].serial = SerialNumber("unknown");
  wrong[3].pass_type = PassTypeIdentifier("pass.com.example.other");
  for (const PassClaim& claim : wrong) {
    const auto registered = RegisterPhone(*store_, site_, claim, kPhone, PushToken("aa"));
    ASSERT_FALSE(registered.ok());
    EXPECT_EQ(registered.error().code, ErrorCode::kUnauthenticated);
    EXPECT_EQ(UnregisterPhone(*store_, site_, claim, kPhone).error().message,
              registered.error().message);
    EXPECT_EQ(Find(claim).error().message, registered.error().message);
  }
}

TEST_F(PhonesTest, ATokenOfAnUnknownPassIsNoProofEvenIfItIsRight) {
  cards::Card never_issued;
  never_issued.key_id = "k1";
  never_issued.serial = SerialNumber("neverissued");
  EXPECT_FALSE(Find(ClaimOf(never_issued)).ok());
}

TEST_F(PhonesTest, TheCardComesWithThePassOnlyIfItIsWanted) {
  const cards::Card card = Buy("1");
  EXPECT_FALSE(Find(ClaimOf(card)).value().card);
  const auto found = Find(ClaimOf(card), true);
  ASSERT_TRUE(found.ok() && found.value().card);
  const CurrentCard& current = *found.value().card;
  EXPECT_EQ(current.card.id, card.id);
  EXPECT_EQ(current.card.revision, found.value().version.revision);
  EXPECT_EQ(current.effective_time(), found.value().version.last_modified);
  const auto alone = FindBySerial(*store_, site_, card.serial);
  EXPECT_EQ(current.points.available, alone.value().points.available);
  EXPECT_EQ(current.design.version, alone.value().design.version);
}

TEST_F(PhonesTest, ListsWhatChangedAfterTheTagAndAMinuteBeforeIt) {
  const cards::Card card = Buy("1");
  EXPECT_TRUE(Register(card));
  const UpdatedPasses first = List();
  EXPECT_EQ(first.serials, std::vector<SerialNumber>{card.serial});
  EXPECT_EQ(first.tag, std::to_string(ToUnixMillis(clock_.Now())));
  clock_.Advance(seconds(59));
  const std::string within = List(first.tag).tag;
  EXPECT_EQ(List(within).serials.size(), 1u);
  clock_.Advance(seconds(2));
  const std::string after = std::to_string(ToUnixMillis(clock_.Now()));
  EXPECT_TRUE(List(after).serials.empty());
  EXPECT_EQ(List(first.tag).serials.size(), 1u) << "the phone was told before that minute";
  Buy("2");
  EXPECT_EQ(List(after).serials.size(), 1u);
}

TEST_F(PhonesTest, ALaterTagIsGreater) {
  Register(Buy("1"));
  const std::string first = List().tag;
  clock_.Advance(milliseconds(1));
  const std::string second = List(first).tag;
  EXPECT_GT(std::stoll(second), std::stoll(first));
}

TEST_F(PhonesTest, AClockThatWasSetBackLosesNothing) {
  const cards::Card card = Buy("1");
  Register(card);
  const std::string before = List().tag;
  clock_.Advance(-hours(1));
  Buy("2");
  const UpdatedPasses behind = List(before);
  EXPECT_EQ(behind.serials.size(), 1u);
  EXPECT_GE(std::stod(behind.tag), std::stod(before)) << behind.tag;
  clock_.Advance(minutes(30));
  Buy("3");
  // The phone is switched off until the clock has passed what it was told.
  clock_.Advance(minutes(45));
  const UpdatedPasses after = List(behind.tag);
  EXPECT_EQ(after.serials.size(), 1u);
  EXPECT_EQ(after.tag, std::to_string(ToUnixMillis(clock_.Now())));
}

TEST_F(PhonesTest, AnExpiryIsPostedBeforeItIsListedOrFetched) {
  const cards::Card card = Buy("1");
  Register(card);
  const PassVersion before = Version(card);
  clock_.Advance(hours(24 * 31));
  const std::string tag = std::to_string(ToUnixMillis(clock_.Now() - hours(1)));
  EXPECT_EQ(List(tag).serials.size(), 1u);
  const PassVersion after = Version(card);
  EXPECT_EQ(after.revision, before.revision + 1);
  EXPECT_EQ(after.last_modified, std::chrono::floor<seconds>(clock_.Now()));
}

TEST_F(PhonesTest, AFetchPostsAnExpiryTooAndTheEndOfABlock) {
  const cards::Card card = Buy("1");
  const cards::Card blocked = Buy("2", "8 (921) 000-00-01");
  ASSERT_TRUE(Write<cards::Card>([&](Transaction& transaction) {
                return BlockCard(transaction, programme_.programme.id, blocked.number,
                                 {.reason = "lost"}, clock_.Now() + hours(1));
              }).ok());
  const PassVersion was_active = Version(card);
  const PassVersion was_blocked = Version(blocked);
  clock_.Advance(hours(2));
  EXPECT_EQ(Version(card).revision, was_active.revision);
  EXPECT_EQ(Version(blocked).revision, was_blocked.revision + 1);
  clock_.Advance(hours(24 * 31));
  EXPECT_EQ(Version(card).revision, was_active.revision + 1);
}

TEST_F(PhonesTest, ANewDesignIsAChangeOfEveryCardThatItReaches) {
  const cards::Card card = Buy("1");
  Register(card);
  clock_.Advance(hours(1));
  const std::string tag = std::to_string(ToUnixMillis(clock_.Now()));
  EXPECT_TRUE(List(tag).serials.empty());
  clock_.Advance(seconds(1));
  const Status published = store_->Write([&](Transaction& transaction) {
    return transaction.InsertDesignVersion(programme_.programme.id,
                                           {.name = TemplateName("points"),
                                            .version = 2,
                                            .hash = "h2",
                                            .kind = "loyalty",
                                            .files = {},
                                            .ring = 100,
                                            .reach = 100,
                                            .changed_at = transaction.Now(),
                                            .published_at = transaction.Now(),
                                            .author = ApiKeyName("test"),
                                            .published_by = ApiKeyName("test"),
                                            .comment = {},
                                            .withdrawal = {}});
  });
  ASSERT_TRUE(published.ok());
  EXPECT_EQ(List(tag).serials.size(), 1u);
  EXPECT_EQ(Version(card).last_modified, clock_.Now());
}

TEST_F(PhonesTest, TooManyPhonesOfOneCardForgetTheMostSilent) {
  const cards::Card card = Buy("1");
  for (int i = 0; i <= kPhonesOfCardMax; ++i) {
    clock_.Advance(seconds(1));
    EXPECT_TRUE(Register(card, DeviceLibraryIdentifier("d" + std::to_string(i))));
  }
  std::vector<RegisteredPhone> phones;
  ASSERT_TRUE(store_
                  ->Read([&](Transaction& transaction) -> Status {
                    phones =
                        transaction
                            .PhonesOfCard(programme_.programme.id, card.id, 2 * kPhonesOfCardMax)
                            .value();
                    return {};
                  })
                  .ok());
  ASSERT_EQ(phones.size(), static_cast<std::size_t>(kPhonesOfCardMax));
  EXPECT_EQ(phones.back().device.str(), "d1");
}

TEST_F(PhonesTest, ActivityIsWrittenInBatchesAndTheNewestFactStays) {
  const cards::Card card = Buy("1");
  Register(card);
  const ProgrammeId& programme = programme_.programme.id;
  PhoneActivity activity;
  activity.Listed(programme, kPhone, clock_.Now());
  activity.Fetched(programme, card.id, {.at = clock_.Now(), .status = 200, .revision = 1});
  clock_.Advance(seconds(1));
  activity.Fetched(programme, card.id, {.at = clock_.Now(), .status = 304, .revision = 1});
  activity.Logged(R"({"logs":["Authentication failure for serial number )" + card.serial.str() +
                      R"(, pass type pass.com.example.test"]})",
                  clock_.Now());
  ASSERT_TRUE(activity.Flush(*store_, site_).ok());
  const Status read = store_->Read([&](Transaction& transaction) -> Status {
    const auto fetch = transaction.FindFetch(programme, card.id);
    EXPECT_EQ(fetch.value()->status, 304);
    EXPECT_TRUE(
        transaction.PhonesOfCard(programme, card.id, 1).value().at(0).listed_at.has_value());
    const auto logs = transaction.PhoneLogs(programme, card.serial, 10);
    EXPECT_EQ(logs.value().size(), 1u);
    EXPECT_EQ(logs.value().at(0).kind, "authentication_failure");
    return {};
  });
  EXPECT_TRUE(read.ok());
}

TEST_F(PhonesTest, AFloodOfLogsIsDroppedAndCounted) {
  PhoneActivity activity;
  const std::string body = R"({"logs":["a","b","c","d","e","f","g","h","i","j"]})";
  for (int i = 0; i < 100; ++i) activity.Logged(body, clock_.Now());
  ASSERT_TRUE(activity.Flush(*store_, site_).ok());
  EXPECT_EQ(activity.dropped(), 1000u - static_cast<unsigned>(kPhoneLogsPerMinute));
  for (int i = 0; i < 30; ++i) activity.Logged(std::string(64 * 1024, 'x'), clock_.Now());
  EXPECT_EQ(activity.dropped(), 1000u - static_cast<unsigned>(kPhoneLogsPerMinute) + 14u);
  clock_.Advance(minutes(1));
  activity.Logged(body, clock_.Now());
}

}  // namespace
}  // namespace passmint::issuance
