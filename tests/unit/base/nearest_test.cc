#include "base/nearest.h"

#include <gtest/gtest.h>

namespace passmint {
namespace {

using Names = std::vector<std::string>;

TEST(NearestTest, CountsInsertedRemovedAndReplacedBytes) {
  EXPECT_EQ(Edits("", ""), 0u);
  EXPECT_EQ(Edits("", "abc"), 3u);
  EXPECT_EQ(Edits("abc", ""), 3u);
  EXPECT_EQ(Edits("kitten", "sitting"), 3u);
  EXPECT_EQ(Edits("sitting", "kitten"), 3u);
  EXPECT_EQ(Edits("order_id", "oder_id"), 1u);
}

TEST(NearestTest, FindsTheNameThatWasMeant) {
  EXPECT_EQ(Nearest("custmer", Names{"card_number", "customer", "currency"}), "customer");
  EXPECT_EQ(Nearest("strp", std::vector<std::string_view>{"icon", "strip"}), "strip");
}

TEST(NearestTest, TakesTheFirstOfEqualsAndNothingOfNothing) {
  EXPECT_EQ(Nearest("b", Names{"a", "c"}), "a");
  EXPECT_EQ(Nearest("b", Names{}), "");
}

TEST(NearestTest, ComparesNoMoreOfALongNameThanItsBeginning) {
  const std::string long_name(1'000'000, 'x');
  EXPECT_EQ(Edits(long_name, long_name + "y"), 0u);
  EXPECT_EQ(Edits(long_name, ""), kComparedNameMax);
}

}  // namespace
}  // namespace passmint
