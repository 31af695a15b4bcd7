#include "ledger/chain.h"

#include <gtest/gtest.h>

#include "base/bytes.h"

namespace passmint::ledger {
namespace {

const ProgrammeId kCafe("cafe");
const AccountId kAccount("a_1");

// Computed with: printf 'passmint/1\0cafe\0a_1' | sha256sum
TEST(ChainTest, BeginsWithTheNameOfTheAccount) {
  EXPECT_EQ(ToHex(Genesis(kCafe, kAccount)),
            "7cf42f20b6dd49d5fc25d5ba4beec442923c699e6c3c8e6f363f5e393709796d");
  EXPECT_NE(Genesis(ProgrammeId("cafea_1"), AccountId("")), Genesis(kCafe, kAccount));
}

// Computed with: printf '<32 bytes 0x11>\0\0\0\0\0\0\1\2\0\0\0\0\0\0\0\3abc' | sha256sum
TEST(ChainTest, AHashCoversTheHashBeforeTheNumberAndTheBody) {
  const std::string previous(32, '\x11');
  EXPECT_EQ(ToHex(NextHash(previous, 258, "abc")),
            "4e9690c07ed442ddd5f66ebbd12d4785a1cc215e3d3ffe3447c7f1d3a2e70177");
  EXPECT_NE(NextHash(previous, 259, "abc"), NextHash(previous, 258, "abc"));
  EXPECT_NE(NextHash(std::string(32, '\x12'), 258, "abc"), NextHash(previous, 258, "abc"));
  EXPECT_NE(NextHash(previous, 258, "abd"), NextHash(previous, 258, "abc"));
}

}  // namespace
}  // namespace passmint::ledger
