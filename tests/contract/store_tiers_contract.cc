#include <vector>

#include "contract/store_contract.h"
#include "issuance/phone_tables.h"
#include "issuance/tier_tables.h"

namespace passmint::testing {
namespace {

using issuance::KeptTier;
using issuance::Transaction;

KeptTier SampleTier(const std::string& level) {
  return {.level = level,
          .since = Start(),
          .metric = 1'000'000,
          .rule_set = 3,
          .due_at = Start() + std::chrono::hours(24),
          .falls_at = Start() + std::chrono::hours(48),
          .falls_to = "bronze"};
}

TEST_P(StoreContract, ALevelIsKeptReplacedAndDropped) {
  const auto find = [](Transaction& t) { return t.Tiers().FindTier(kCoffee, MemberIdOf(1)); };
  EXPECT_EQ(Read(find), std::nullopt);
  KeptTier silver = SampleTier("silver");
  MustWrite([&](Transaction& t) { return t.Tiers().PutTier(kCoffee, MemberIdOf(1), silver); });
  EXPECT_EQ(Read(find), silver);
  EXPECT_EQ(Read([](Transaction& t) { return t.Tiers().FindTier(kTea, MemberIdOf(1)); }),
            std::nullopt);
  const KeptTier below{.level = "", .since = Start() + std::chrono::seconds(1), .rule_set = 4};
  MustWrite([&](Transaction& t) { return t.Tiers().PutTier(kCoffee, MemberIdOf(1), below); });
  Reopen();
  EXPECT_EQ(Read(find), below);
  MustWrite([](Transaction& t) { return t.Tiers().DropTier(kCoffee, MemberIdOf(1)); });
  EXPECT_EQ(Read(find), std::nullopt);
}

TEST_P(StoreContract, LevelsAreDueInTheOrderOfTheirInstants) {
  const auto due = [this](std::chrono::hours later, int limit) {
    std::vector<MemberId> members;
    for (const auto& one :
         Read([&](Transaction& t) { return t.Tiers().TiersDue(Start() + later, limit); })) {
      members.push_back(one.member);
    }
    return members;
  };
  MustWrite([](Transaction& t) -> Status {
    for (int n = 1; n <= 3; ++n) {
      KeptTier tier = SampleTier("silver");
      tier.due_at = Start() + std::chrono::hours(4 - n);
      if (Status put = t.Tiers().PutTier(kCoffee, MemberIdOf(n), tier); !put.ok()) return put;
    }
    KeptTier never = SampleTier("gold");
    never.due_at.reset();
    return t.Tiers().PutTier(kCoffee, MemberIdOf(4), never);
  });
  using std::chrono::hours;
  EXPECT_EQ(due(hours(0), 9), std::vector<MemberId>{});
  EXPECT_EQ(due(hours(2), 9), (std::vector<MemberId>{MemberIdOf(3), MemberIdOf(2)}));
  EXPECT_EQ(due(hours(9), 1), std::vector<MemberId>{MemberIdOf(3)});
  MustWrite([](Transaction& t) {
    return t.Tiers().PostponeTier(kCoffee, MemberIdOf(3), Start() + hours(20));
  });
  EXPECT_EQ(due(hours(9), 9), (std::vector<MemberId>{MemberIdOf(2), MemberIdOf(1)}));
}

TEST_P(StoreContract, ACardRemembersTheTemplateThatItsLevelReplaced) {
  const auto find = [](Transaction& t) { return t.Tiers().FindOwnTemplate(kCoffee, HexId(1)); };
  EXPECT_EQ(Read(find), std::nullopt);
  for (const char* name : {"coffee", "summer"}) {
    MustWrite([&](Transaction& t) {
      return t.Tiers().PutOwnTemplate(kCoffee, HexId(1), TemplateName(name));
    });
    EXPECT_EQ(Read(find), TemplateName(name));
  }
  MustWrite(
      [](Transaction& t) { return t.Tiers().PutOwnTemplate(kCoffee, HexId(1), std::nullopt); });
  EXPECT_EQ(Read(find), std::nullopt);
}

TEST_P(StoreContract, ALevelGoesWithItsMemberAndMakesPassesDue) {
  MustWrite([](Transaction& t) -> Status {
    for (int n = 1; n <= 3; ++n) {
      if (Status made = t.InsertMember(kCoffee, SampleMember(n)); !made.ok()) return made;
      const Status put = t.Tiers().PutTier(kCoffee, MemberIdOf(n), SampleTier("silver"));
      if (!put.ok()) return put;
    }
    return Succeeded(t.InsertCard(kCoffee, SampleCard(1, MemberIdOf(1))));
  });
  const auto pass =
      Read([](Transaction& t) { return t.FindPass(SampleCard(1, MemberIdOf(1)).serial); });
  ASSERT_TRUE(pass.has_value());
  EXPECT_EQ(pass->next_due, Start() + std::chrono::hours(24));
  MustWrite([](Transaction& t) -> Status {
    if (Status moved = t.MoveBelongings(kCoffee, MemberIdOf(2), MemberIdOf(1)); !moved.ok()) {
      return moved;
    }
    return t.EraseMember(kCoffee, MemberIdOf(3));
  });
  const auto tier = [this](int n) {
    return Read([n](Transaction& t) { return t.Tiers().FindTier(kCoffee, MemberIdOf(n)); });
  };
  EXPECT_EQ(tier(1), SampleTier("silver"));
  EXPECT_EQ(tier(2), std::nullopt);
  EXPECT_EQ(tier(3), std::nullopt);
}

}  // namespace
}  // namespace passmint::testing
