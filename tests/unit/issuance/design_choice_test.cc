#include "issuance/design_choice.h"

#include <gtest/gtest.h>

namespace passmint::issuance {
namespace {

Timestamp At(int seconds) { return Timestamp(std::chrono::seconds(seconds)); }

DesignVersion Version(int number, int ring, int reach, int changed_at) {
  DesignVersion version;
  version.version = number;
  version.ring = ring;
  version.reach = reach;
  version.changed_at = At(changed_at);
  return version;
}

// A card that falls into the given percentile of the ring.
cards::Card CardIn(int low, int high) {
  cards::Card card;
  for (int i = 0;; ++i) {
    card.id = std::to_string(i);
    const int ring = cards::RingOf(card);
    if (ring >= low && ring < high) return card;
  }
}

TEST(DesignChoiceTest, ShowsACanaryToItsShareOfCardsOnly) {
  const std::vector<DesignVersion> versions = {Version(2, 10, 10, 200), Version(1, 100, 100, 100)};
  EXPECT_EQ(ChooseDesign(versions, CardIn(0, 10))->version, 2);
  EXPECT_EQ(ChooseDesign(versions, CardIn(10, 100))->version, 1);
}

TEST(DesignChoiceTest, IsNewerAfterARollBackForTheCardsThatSawTheCanary) {
  const std::vector<DesignVersion> versions = {Version(2, 0, 10, 300), Version(1, 100, 100, 100)};
  const auto saw = ChooseDesign(versions, CardIn(0, 10));
  EXPECT_EQ(saw->version, 1);
  EXPECT_EQ(saw->changed_at, At(300));
  EXPECT_EQ(ChooseDesign(versions, CardIn(10, 100))->changed_at, At(100));
}

TEST(DesignChoiceTest, FindsNothingWithoutAVersionThatReachesTheCard) {
  EXPECT_FALSE(ChooseDesign({}, CardIn(0, 100)).has_value());
  EXPECT_FALSE(ChooseDesign({Version(1, 5, 5, 1)}, CardIn(50, 100)).has_value());
}

TEST(DesignChoiceTest, TakesTheLaterOfCardAndDesignForLastModified) {
  cards::Card card = CardIn(0, 100);
  card.changed_at = At(150);
  EXPECT_EQ(EffectiveTime(card, {.version = 1, .changed_at = At(100)}), At(150));
  EXPECT_EQ(EffectiveTime(card, {.version = 1, .changed_at = At(200)}), At(200));
}

}  // namespace
}  // namespace passmint::issuance
