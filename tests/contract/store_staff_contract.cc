// What staff gave by hand, on every engine.

#include <atomic>
#include <optional>
#include <thread>
#include <vector>

#include "contract/samples.h"
#include "contract/store_contract.h"
#include "issuance/staff_tables.h"

namespace passmint::testing {
namespace {

using issuance::GivenByHand;
using issuance::Transaction;

TEST_P(StoreContract, EdgeCase43WhatAnActorGivesInADayHasALimitAndStandsInAReport) {
  const auto count = [this](const GivenByHand& given, std::optional<std::int64_t> most) {
    bool counted = false;
    MustWrite([&](Transaction& t) -> Status {
      const auto done = t.Staff().CountGiven(kCoffee, given, most);
      if (!done.ok()) return done.error();
      counted = done.value();
      return {};
    });
    return counted;
  };
  EXPECT_TRUE(count({"desk", 20'000, 60, 0, 1}, 100));
  EXPECT_FALSE(count({"desk", 20'000, 41, 0, 1}, 100));
  EXPECT_TRUE(count({"desk", 20'000, 40, 0, 1}, 100));
  EXPECT_TRUE(count({"desk", 20'000, 0, 500, 1}, std::nullopt));
  EXPECT_TRUE(count({"desk", 20'001, 100, 0, 1}, 100)) << "each day anew";
  EXPECT_FALSE(count({"bar", 20'000, 101, 0, 1}, 100)) << "also the first of a day";
  EXPECT_TRUE(count({"bar", 20'000, 1'000'000, 0, 1}, std::nullopt)) << "without a limit";
  const auto between = [this](std::int64_t first, std::int64_t last) {
    return Read([=](Transaction& t) { return t.Staff().GivenBetween(kCoffee, first, last); });
  };
  EXPECT_EQ(between(20'000, 20'000), (std::vector<GivenByHand>{{"bar", 20'000, 1'000'000, 0, 1},
                                                               {"desk", 20'000, 100, 500, 3}}));
  EXPECT_EQ(between(20'001, 20'009), (std::vector<GivenByHand>{{"desk", 20'001, 100, 0, 1}}));
  EXPECT_TRUE(between(20'002, 20'009).empty());
}

TEST_P(StoreContract, EdgeCase43ManyTillsOfOneActorNeverGiveMoreThanTheDaysLimit) {
  constexpr int kTills = 8;
  constexpr std::int64_t kMost = 1000;
  std::atomic<std::int64_t> given{0};
  std::vector<std::thread> tills;
  tills.reserve(kTills);
  for (int n = 0; n < kTills; ++n) {
    tills.emplace_back([&] {
      for (int i = 0; i < 20; ++i) {
        bool counted = false;
        const Status written = store().Write([&](Transaction& t) -> Status {
          const auto done = t.Staff().CountGiven(kCoffee, {"desk", 20'000, 30, 0, 1}, kMost);
          if (!done.ok()) return done.error();
          counted = done.value();
          return {};
        });
        EXPECT_TRUE(written.ok()) << written.error().message;
        if (counted) given += 30;
      }
    });
  }
  for (std::thread& till : tills) till.join();
  EXPECT_EQ(given, 990);
}

}  // namespace
}  // namespace passmint::testing
