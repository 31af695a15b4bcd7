#include "google/object_patch.h"

#include <gtest/gtest.h>

namespace passmint::google {
namespace {

Json Loyalty(int points) {
  return {{"id", "1.a"},
          {"classId", "1.c"},
          {"state", "ACTIVE"},
          {"loyaltyPoints", {{"label", "Points"}, {"balance", {{"int", points}}}}}};
}

TEST(ObjectPatchTest, SaysEverythingThatTheCardHasAndDeletesWhatItHadBefore) {
  const Json patch = ObjectPatch(Loyalty(7), Vertical::kLoyalty, false);
  EXPECT_FALSE(patch.contains("id"));
  EXPECT_EQ(patch["classId"], "1.c");
  EXPECT_EQ(patch["loyaltyPoints"], (Json{{"label", "Points"}, {"balance", {{"int", 7}}}}));
  for (const char* const gone :
       {"barcode", "textModulesData", "validTimeInterval", "accountName"}) {
    EXPECT_TRUE(patch.contains(gone) && patch[gone].is_null()) << gone;
  }
  EXPECT_FALSE(patch.contains("notifyPreference"));
}

TEST(ObjectPatchTest, OnlyLoyaltyCardsNotify) {
  EXPECT_EQ(ObjectPatch(Loyalty(7), Vertical::kLoyalty, true)["notifyPreference"],
            "NOTIFY_ON_UPDATE");
  const Json patch = ObjectPatch({{"id", "1.a"}}, Vertical::kGeneric, true);
  EXPECT_FALSE(patch.contains("notifyPreference"));
  EXPECT_FALSE(patch.contains("loyaltyPoints"));
}

TEST(ObjectPatchTest, BalancesAreWhatNotifies) {
  const std::string seven = NotifyingValues(Loyalty(7), Vertical::kLoyalty);
  EXPECT_NE(seven, NotifyingValues(Loyalty(8), Vertical::kLoyalty));
  Json blocked = Loyalty(7);
  blocked["state"] = "INACTIVE";
  EXPECT_EQ(seven, NotifyingValues(blocked, Vertical::kLoyalty));
  EXPECT_EQ(NotifyingValues(Loyalty(7), Vertical::kOffer), "");
}

}  // namespace
}  // namespace passmint::google
