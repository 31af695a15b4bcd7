#include "app/disk_room.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <limits>

#include "support/temporary_directory.h"

namespace passmint::app {
namespace {

TEST(DiskRoomTest, ADiskWithRoomIsReady) {
  const testing::TemporaryDirectory directory;
  const auto check = CheckDiskRoom(directory.path(), 1);
  EXPECT_TRUE(check.ok);
  EXPECT_EQ(check.name, "disk");
}

TEST(DiskRoomTest, AFullDiskIsNamedWithItsCure) {
  const testing::TemporaryDirectory directory;
  const auto check = CheckDiskRoom(directory.path(), std::numeric_limits<std::uintmax_t>::max());
  EXPECT_FALSE(check.ok);
  EXPECT_THAT(check.detail, ::testing::HasSubstr("make room"));
}

TEST(DiskRoomTest, LeavesAMissingFileToTheStoresOwnCheck) {
  EXPECT_TRUE(CheckDiskRoom("/nowhere/at/all.db").ok);
}

}  // namespace
}  // namespace passmint::app
