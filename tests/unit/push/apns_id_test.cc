#include "push/apns_id.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "support/seeded_random.h"

namespace passmint::push {
namespace {

TEST(ApnsIdTest, IsARandomUuidInCanonicalForm) {
  testing::SeededRandom random;
  const std::string id = MakeApnsId(random);
  EXPECT_THAT(id, ::testing::MatchesRegex("[0-9a-f]{8}-[0-9a-f]{4}-4[0-9a-f]{3}-[89ab][0-9a-f]{3}-"
                                          "[0-9a-f]{12}"));
  EXPECT_NE(MakeApnsId(random), id);
}

}  // namespace
}  // namespace passmint::push
