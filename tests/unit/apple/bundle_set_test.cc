#include "apple/bundle_set.h"

#include <gtest/gtest.h>

#include <vector>

#include "zip/reader.h"

namespace passmint::apple {
namespace {

TEST(BundleSetTest, HoldsWholeBundlesAtItsRootInOrder) {
  const std::vector<std::string> bundles = {"first", "second"};
  const auto set = MakeBundleSet(bundles);
  ASSERT_TRUE(set.ok()) << set.error().message;
  const auto archive = zip::ReadArchive(set.value()).value();
  ASSERT_EQ(archive.entries.size(), 2u);
  EXPECT_EQ(archive.entries[0].name, "pass-01.pkpass");
  EXPECT_EQ(archive.entries[0].bytes, "first");
  EXPECT_EQ(archive.entries[1].name, "pass-02.pkpass");
  EXPECT_EQ(MakeBundleSet(bundles).value(), set.value());
}

TEST(BundleSetTest, TakesTenPassesAndNotEleven) {
  std::vector<std::string> bundles;
  for (int i = 0; i < 10; ++i) bundles.push_back(std::to_string(i));
  EXPECT_TRUE(MakeBundleSet(bundles).ok());
  bundles.push_back("10");
  const auto set = MakeBundleSet(bundles);
  ASSERT_FALSE(set.ok());
  EXPECT_EQ(set.error().code, ErrorCode::kTooLarge);
  EXPECT_EQ(set.error().reason, "bundle_set_too_large");
}

TEST(BundleSetTest, RefusesMoreThan150Megabytes) {
  const std::vector<std::string> bundles = {std::string(75'000'000, 'a'),
                                            std::string(75'000'001, 'b')};
  const auto set = MakeBundleSet(bundles);
  ASSERT_FALSE(set.ok());
  EXPECT_EQ(set.error().reason, "bundle_set_too_large");
}

TEST(BundleSetTest, RefusesNoPassAndTheSamePassTwice) {
  EXPECT_EQ(MakeBundleSet({}).error().reason, "bundle_set_empty");
  const std::vector<std::string> bundles = {"same", "other", "same"};
  EXPECT_EQ(MakeBundleSet(bundles).error().reason, "bundle_set_same_pass");
}

}  // namespace
}  // namespace passmint::apple
