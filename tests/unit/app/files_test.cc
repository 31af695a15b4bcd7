#include "app/files.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <sys/stat.h>

#include <filesystem>
#include <fstream>
#include <string>

namespace passmint::app {
namespace {

namespace fs = std::filesystem;
using ::testing::HasSubstr;

class FilesTest : public ::testing::Test {
 protected:
  void SetUp() override {
    std::string pattern = (fs::temp_directory_path() / "passmint-files-XXXXXX").string();
    folder_ = mkdtemp(pattern.data());
  }
  void TearDown() override { fs::remove_all(folder_); }

  void Put(const std::string& name, const std::string& content) {
    fs::create_directories((folder_ / name).parent_path());
    std::ofstream(folder_ / name, std::ios::binary) << content;
  }

  fs::path folder_;
};

TEST_F(FilesTest, WritesSecretsForTheOwnerOnly) {
  ASSERT_TRUE(WriteNewSecretFile(folder_ / "key", Secret("s3cret")).ok());
  struct stat facts = {};
  ASSERT_EQ(stat((folder_ / "key").c_str(), &facts), 0);
  EXPECT_EQ(facts.st_mode & 0777u, 0600u);
  const auto read = ReadSecretFile(folder_ / "key", 100);
  ASSERT_TRUE(read.ok());
  EXPECT_TRUE(read.value().Matches("s3cret"));
}

TEST_F(FilesTest, RefusesASecretFileThatOthersMayRead) {
  Put("key", "s3cret");
  fs::permissions(folder_ / "key", fs::perms(0640));
  const auto read = ReadSecretFile(folder_ / "key", 100);
  ASSERT_FALSE(read.ok());
  EXPECT_EQ(read.error().reason, "secret_file_mode");
  EXPECT_THAT(read.error().hint, HasSubstr("chmod 600"));
}

TEST_F(FilesTest, NeverReplacesAFileThatExists) {
  ASSERT_TRUE(WriteNewFile(folder_ / "a", "1").ok());
  EXPECT_EQ(WriteNewFile(folder_ / "a", "2").error().code, ErrorCode::kConflict);
  EXPECT_EQ(ReadFile(folder_ / "a", 10).value(), "1");
  ASSERT_TRUE(ReplaceFile(folder_ / "a", "2").ok()) << "but by the name that says so";
  EXPECT_EQ(ReadFile(folder_ / "a", 10).value(), "2");
}

TEST_F(FilesTest, BoundsWhatItReads) {
  Put("big", std::string(11, 'x'));
  EXPECT_EQ(ReadFile(folder_ / "big", 10).error().code, ErrorCode::kTooLarge);
  EXPECT_EQ(ReadFile(folder_ / "none", 10).error().code, ErrorCode::kNotFound);
  EXPECT_EQ(ReadFile(folder_, 10).error().code, ErrorCode::kUnavailable) << "a folder";
}

TEST_F(FilesTest, ReadsATemplateFolderWithSlashesInItsNames) {
  Put("template.json", "{}");
  Put("images/logo.png", "png");
  Put("locales/ru.json", "{}");
  Put("README.md", "for people");
  Put(".DS_Store", "from a Mac");
  Put(".git/config", "from git");
  const auto files = ReadTemplateFolder(folder_);
  ASSERT_TRUE(files.ok()) << files.error().message;
  EXPECT_EQ(files.value().size(), 3u);
  EXPECT_EQ(files.value().at("images/logo.png"), "png");
}

TEST_F(FilesTest, FollowsNoLinkOutOfATemplateFolder) {
  Put("template.json", "{}");
  fs::create_directories(folder_ / "images");
  fs::create_symlink("/etc/passwd", folder_ / "images/logo.png");
  const auto files = ReadTemplateFolder(folder_);
  ASSERT_FALSE(files.ok());
  EXPECT_THAT(files.error().message, HasSubstr("only regular files"));
  fs::remove(folder_ / "images/logo.png");
  fs::create_directory_symlink("/etc", folder_ / "images/etc");
  EXPECT_FALSE(ReadTemplateFolder(folder_).ok()) << "nor into another folder";
}

TEST_F(FilesTest, BoundsATemplateFolder) {
  Put("template.json", "{}");
  Put("images/big.png", std::string(design::kImageBytesMax + 1, 'x'));
  EXPECT_EQ(ReadTemplateFolder(folder_).error().code, ErrorCode::kTooLarge);
  fs::remove(folder_ / "images/big.png");
  for (std::size_t i = 0; i < design::kTemplateFilesMax; ++i)
    Put("images/" + std::to_string(i), "");
  EXPECT_EQ(ReadTemplateFolder(folder_).error().code, ErrorCode::kTooLarge);
}

TEST_F(FilesTest, SaysThatAFolderIsNoTemplate) {
  Put("images/logo.png", "png");
  const auto files = ReadTemplateFolder(folder_);
  ASSERT_FALSE(files.ok());
  EXPECT_THAT(files.error().message, HasSubstr("no template.json"));
  EXPECT_EQ(ReadTemplateFolder(folder_ / "none").error().code, ErrorCode::kNotFound);
}

}  // namespace
}  // namespace passmint::app
