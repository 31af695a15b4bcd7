#include <vector>

#include "contract/store_contract.h"
#include "issuance/card_terms_tables.h"

namespace passmint::testing {
namespace {

using issuance::AttributeSource;
using issuance::CardTerms;
using issuance::Membership;
using issuance::OrderPlace;
using issuance::Transaction;

Membership SampleMembership(int n, const std::string& id) {
  return {.id = id,
          .member = MemberIdOf(1),
          .plan = "plus",
          .price_minor = 19'900,
          .source = "web",
          .order = "1042",
          .starts_at = Start(),
          .ends_at = Start() + std::chrono::hours(n),
          .lapses_at = Start() + std::chrono::hours(n + 1),
          .cancelled_at = std::nullopt,
          .actor = "till",
          .created_at = Start()};
}

TEST_P(StoreContract, TheTermsOfACardAreReplacedAsAWhole) {
  const std::string card = HexId(1);
  MustWrite([&](Transaction& t) -> Status {
    CardTerms terms{.card = card, .rate_ppm = 100'000, .price_minor = 500};
    if (Status put = t.CardTerms().PutCardTerms(kCoffee, terms); !put.ok()) return put;
    terms.rate_ppm.reset();
    terms.paid_at = Start();
    terms.payment = "p-1";
    return t.CardTerms().PutCardTerms(kCoffee, terms);
  });
  const auto found =
      Read([&](Transaction& t) { return t.CardTerms().FindCardTerms(kCoffee, card); });
  ASSERT_TRUE(found.has_value());
  EXPECT_FALSE(found->rate_ppm.has_value());
  EXPECT_EQ(found->price_minor, 500);
  EXPECT_EQ(found->paid_at, Start());
  EXPECT_EQ(found->payment, "p-1");
  EXPECT_FALSE(Read([&](Transaction& t) { return t.CardTerms().FindCardTerms(kTea, card); }));
}

TEST_P(StoreContract, AMembershipIsReportedOnce) {
  std::vector<bool> inserted;
  MustWrite([&](Transaction& t) -> Status {
    inserted.clear();
    for (const Membership& one :
         {SampleMembership(1, "m-1"), SampleMembership(2, "m-1"), SampleMembership(3, "m-3")}) {
      auto done = t.CardTerms().InsertMembership(kCoffee, one);
      if (!done.ok()) return done.error();
      inserted.push_back(done.value());
    }
    return {};
  });
  EXPECT_EQ(inserted, (std::vector<bool>{true, false, true}));
  const auto found =
      Read([](Transaction& t) { return t.CardTerms().FindMembership(kCoffee, "m-1"); });
  ASSERT_TRUE(found.has_value());
  EXPECT_EQ(found->ends_at, SampleMembership(1, "m-1").ends_at);
  EXPECT_EQ(found->order, "1042");
  EXPECT_FALSE(Read([](Transaction& t) { return t.CardTerms().FindMembership(kTea, "m-1"); }));
}

TEST_P(StoreContract, MembershipsAreListedUntilTheyLapseAndMoveWithAMerge) {
  MustWrite([](Transaction& t) -> Status {
    for (const Membership& one : {SampleMembership(1, "m-1"), SampleMembership(3, "m-3")}) {
      if (auto done = t.CardTerms().InsertMembership(kCoffee, one); !done.ok()) return done.error();
    }
    return {};
  });
  const auto of = [this](int member, Timestamp after) {
    return Read([&](Transaction& t) {
      return t.CardTerms().MembershipsOf(kCoffee, MemberIdOf(member), after, 10);
    });
  };
  ASSERT_EQ(of(1, Start()).size(), 2u);
  EXPECT_EQ(of(1, Start()).front().id, "m-3");
  EXPECT_EQ(of(1, Start() + std::chrono::hours(2)).size(), 1u) << "it lapses at that instant";

  MustWrite([](Transaction& t) -> Status {
    Membership ended = SampleMembership(3, "m-3");
    ended.ends_at = ended.lapses_at = Start() + std::chrono::hours(1);
    ended.cancelled_at = ended.ends_at;
    if (Status done = t.CardTerms().UpdateMembership(kCoffee, ended); !done.ok()) return done;
    return t.CardTerms().MoveMemberships(kCoffee, MemberIdOf(1), MemberIdOf(2));
  });
  EXPECT_TRUE(of(1, Start()).empty());
  ASSERT_EQ(of(2, Start() + std::chrono::hours(1)).size(), 1u);
  const auto ended =
      Read([](Transaction& t) { return t.CardTerms().FindMembership(kCoffee, "m-3"); });
  ASSERT_TRUE(ended.has_value());
  EXPECT_EQ(ended->cancelled_at, Start() + std::chrono::hours(1));
}

TEST_P(StoreContract, AnAttributeHasOneSourceAndLosesItWithTheMembersData) {
  MustWrite([](Transaction& t) -> Status {
    if (Status made = t.InsertMember(kCoffee, SampleMember(1)); !made.ok()) return made;
    for (const AttributeSource source : {AttributeSource::kSocial, AttributeSource::kClient}) {
      const Status put = t.CardTerms().PutAttributeSource(kCoffee, MemberIdOf(1),
                                                          {.name = "city", .source = source});
      if (!put.ok()) return put;
    }
    return {};
  });
  const auto sources = [this] {
    return Read(
        [](Transaction& t) { return t.CardTerms().AttributeSources(kCoffee, MemberIdOf(1)); });
  };
  ASSERT_EQ(sources().size(), 1u);
  EXPECT_EQ(sources().front().name, "city");
  EXPECT_EQ(sources().front().source, AttributeSource::kClient);
  MustWrite([](Transaction& t) { return t.EraseMember(kCoffee, MemberIdOf(1)); });
  EXPECT_TRUE(sources().empty());
}

TEST_P(StoreContract, TheOrdersOfAMemberAreReadFromTheLastPaid) {
  MustWrite([](Transaction& t) -> Status {
    for (int n = 1; n <= 3; ++n) {
      issuance::Order order = SampleOrder(std::to_string(n), MemberIdOf(n == 3 ? 2 : 1));
      order.paid_at = Start() + std::chrono::hours(n);
      if (Status done = t.InsertOrder(kCoffee, order); !done.ok()) return done;
    }
    return {};
  });
  const auto before = [this](const OrderPlace& place, int limit) {
    return Read([&](Transaction& t) { return t.OrdersOf(kCoffee, MemberIdOf(1), place, limit); });
  };
  const auto all = before({.paid_at = Start() + std::chrono::hours(9), .source = {}, .id = {}}, 10);
  ASSERT_EQ(all.size(), 2u);
  EXPECT_EQ(all.front().paid_at, Start() + std::chrono::hours(2));
  const issuance::Order& last = all.front();
  const auto rest = before({.paid_at = last.paid_at, .source = last.source, .id = last.id}, 10);
  ASSERT_EQ(rest.size(), 1u);
  EXPECT_EQ(rest.front().paid_at, Start() + std::chrono::hours(1));
}

}  // namespace
}  // namespace passmint::testing
