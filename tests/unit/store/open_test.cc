#include "store/open.h"

#include <gtest/gtest.h>
#include <sqlite3.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include <filesystem>
#include <fstream>
#include <string>
#include <vector>

#include "support/failing_vfs.h"
#include "support/fake_clock.h"
#include "support/temporary_directory.h"

namespace passmint::store {
namespace {

constexpr uid_t kNobody = 65534;

class OpenTest : public ::testing::Test {
 protected:
  std::string Url(const std::string& file = "store.db") const {
    return "sqlite:" + (directory_ / file);
  }

  Error Refusal(const std::string& url, const OpenOptions& options = {}) {
    const auto opened = Open(url, clock_, options);
    EXPECT_FALSE(opened.ok()) << url;
    return opened.ok() ? Error{} : opened.error();
  }

  void RunSql(const std::string& sql, const std::string& file = "store.db") {
    sqlite3* database = nullptr;
    ASSERT_EQ(sqlite3_open((directory_ / file).c_str(), &database), SQLITE_OK);
    char* message = nullptr;
    EXPECT_EQ(sqlite3_exec(database, sql.c_str(), nullptr, nullptr, &message), SQLITE_OK)
        << message;
    sqlite3_close(database);
  }

  // The reason that a user who may not write here is given.
  std::string ReasonForNobody() {
    int ends[2];
    EXPECT_EQ(::pipe(ends), 0);
    const pid_t child = ::fork();
    if (child == 0) {
      if (::getuid() == 0 && (::setgid(kNobody) != 0 || ::setuid(kNobody) != 0)) ::_exit(1);
      const auto opened = Open(Url(), clock_);
      const std::string reason = opened.ok() ? "opened" : opened.error().reason;
      ::_exit(::write(ends[1], reason.data(), reason.size()) < 0 ? 1 : 0);
    }
    (void)::close(ends[1]);
    char buffer[200];
    const ssize_t got = ::read(ends[0], buffer, sizeof buffer);
    (void)::close(ends[0]);
    int status = 0;
    EXPECT_EQ(::waitpid(child, &status, 0), child);
    return std::string(buffer, got < 0 ? 0 : static_cast<std::size_t>(got));
  }

  testing::FakeClock clock_;
  testing::TemporaryDirectory directory_;
};

TEST_F(OpenTest, MakesAStoreForItsOwnerAlone) {
  ASSERT_TRUE(Open(Url(), clock_).ok());
  struct stat info {};
  ASSERT_EQ(::stat((directory_ / "store.db").c_str(), &info), 0);
  EXPECT_EQ(info.st_mode & 0777u, 0600u);
}

TEST_F(OpenTest, TakesBackWhatAProcessThatDiedHadClaimed) {
  const ProgrammeId coffee("coffee");
  const Timestamp now = clock_.Now();
  ASSERT_TRUE(Open(Url(), clock_).ok());
  const std::string soon = std::to_string(ToMicros(now + std::chrono::seconds(30)));
  const std::string later = std::to_string(ToMicros(now + std::chrono::hours(1)));
  for (const auto& [card, due] : {std::pair("claimed", soon), std::pair("put off", later)}) {
    RunSql(
        "INSERT INTO delivery (programme, card, channel, wanted, sent, attempts, due_at)"
        " VALUES ('coffee', '" +
        std::string(card) + "', 'apple', 1, 0, 0, " + due + ")");
  }
  const auto claim = [&](issuance::Store& store) {
    std::vector<std::string> cards;
    EXPECT_TRUE(store
                    .Write([&](issuance::Transaction& transaction) -> Status {
                      auto due = transaction.ClaimDeliveries("apple", transaction.Now(),
                                                             now + std::chrono::seconds(30), 10);
                      if (!due.ok()) return due.error();
                      for (const issuance::Delivery& one : due.value()) cards.push_back(one.card);
                      return {};
                    })
                    .ok());
    return cards;
  };
  EXPECT_TRUE(claim(*Open(Url(), clock_, {.use = Use::kTool}).value()).empty())
      << "a tool took what the service is at";
  const auto served = Open(Url(), clock_).value();
  EXPECT_EQ(claim(*served), (std::vector<std::string>{"claimed"}));
  EXPECT_TRUE(claim(*served).empty());
}

TEST_F(OpenTest, TakesARelativePath) {
  const std::filesystem::path before = std::filesystem::current_path();
  std::filesystem::current_path(directory_.path());
  EXPECT_TRUE(Open("sqlite:relative.db", clock_).ok());
  EXPECT_TRUE(Open("sqlite:file:odd?mode=memory", clock_).ok()) << "a plain file name";
  std::filesystem::current_path(before);
  EXPECT_TRUE(std::filesystem::exists(directory_ / "relative.db"));
  EXPECT_TRUE(std::filesystem::exists(directory_ / "file:odd?mode=memory"));
}

TEST_F(OpenTest, RefusesAnUnknownSchemeWithoutRepeatingThePassword) {
  const Error error = Refusal("mysql://shop:hunter2@db/passmint");
  EXPECT_EQ(error.code, ErrorCode::kInvalidArgument);
  EXPECT_NE(error.message.find("mysql"), std::string::npos);
  EXPECT_EQ((error.message + error.hint).find("hunter2"), std::string::npos);
  EXPECT_EQ(Refusal("hunter2").message.find("hunter2"), std::string::npos);
  EXPECT_EQ(Refusal("").code, ErrorCode::kInvalidArgument);
}

TEST_F(OpenTest, RefusesAUrlWithoutAFile) {
  for (const char* url : {"sqlite:", "sqlite::memory:", "sqlite:/tmp/"}) {
    EXPECT_EQ(Refusal(url).code, ErrorCode::kInvalidArgument) << url;
  }
}

TEST_F(OpenTest, NamesTheDirectoryThatIsMissing) {
  const Error error = Refusal(Url("missing/store.db"));
  EXPECT_EQ(error.reason, "store_missing_directory");
  EXPECT_NE(error.message.find(directory_ / "missing"), std::string::npos);
  EXPECT_FALSE(std::filesystem::exists(directory_ / "missing"));
}

TEST_F(OpenTest, RefusesAFileThatIsNoDatabaseAndLeavesItAlone) {
  const std::string text(5000, 'x');
  std::ofstream(directory_ / "store.db") << text;
  EXPECT_EQ(Refusal(Url()).reason, "store_corrupt");
  EXPECT_EQ(std::filesystem::file_size(directory_ / "store.db"), text.size());
}

TEST_F(OpenTest, RefusesADatabaseOfAnotherProgram) {
  RunSql("CREATE TABLE theirs (id INTEGER); PRAGMA application_id=252006675;");
  EXPECT_EQ(Refusal(Url()).reason, "store_foreign");
  RunSql("PRAGMA application_id=0;");
  EXPECT_EQ(Refusal(Url()).reason, "store_foreign");
}

TEST_F(OpenTest, TakesAnEmptyFile) {
  std::ofstream(directory_ / "store.db").close();
  EXPECT_TRUE(Open(Url(), clock_).ok());
}

TEST_F(OpenTest, RefusesAStoreWrittenByANewerVersion) {
  ASSERT_TRUE(Open(Url(), clock_).ok());
  RunSql("INSERT INTO schema_migration VALUES (9999, '9999_future', 0)");
  for (const Use use : {Use::kServe, Use::kTool}) {
    const Error error = Refusal(Url(), {.use = use});
    EXPECT_EQ(error.code, ErrorCode::kUnavailable);
    EXPECT_EQ(error.reason, "store_newer");
    EXPECT_NE(error.message.find("9999"), std::string::npos);
  }
}

TEST_F(OpenTest, OneProcessServesAStoreAndToolsMayWriteBesideIt) {
  auto serving = Open(Url(), clock_);
  ASSERT_TRUE(serving.ok());
  EXPECT_EQ(Refusal(Url()).reason, "store_served");
  {
    const auto tool = Open(Url(), clock_, {.use = Use::kTool});
    ASSERT_TRUE(tool.ok()) << tool.error().message;
    EXPECT_TRUE(
        tool.value()->Write([](issuance::Transaction& t) { return t.PutSetting("a", "b"); }).ok());
  }
  const Status read = serving.value()->Read([](issuance::Transaction& t) -> Status {
    EXPECT_EQ(t.FindSetting("a").value(), "b");
    return {};
  });
  EXPECT_TRUE(read.ok());
  EXPECT_TRUE(
      serving.value()->Write([](issuance::Transaction& t) { return t.PutSetting("a", "c"); }).ok());
  serving.value().reset();
  EXPECT_TRUE(Open(Url(), clock_).ok()) << "free again";
}

TEST_F(OpenTest, AToolDoesNotMigrateUnderARunningService) {
  const auto serving = Open(Url(), clock_);
  ASSERT_TRUE(serving.ok());
  RunSql("DELETE FROM schema_migration");
  EXPECT_EQ(Refusal(Url(), {.use = Use::kTool}).reason, "store_older");
}

TEST_F(OpenTest, AToolMakesAStoreThatNobodyServes) {
  EXPECT_TRUE(Open(Url(), clock_, {.use = Use::kTool}).ok());
  EXPECT_TRUE(Open(Url(), clock_).ok());
}

TEST_F(OpenTest, SaysThatADirectoryOrFileIsReadOnly) {
  ASSERT_EQ(::chmod(directory_.path().c_str(), 0555), 0);
  EXPECT_EQ(ReasonForNobody(), "store_read_only") << "a new store";
  ASSERT_EQ(::chmod(directory_.path().c_str(), 0755), 0);
  ASSERT_TRUE(Open(Url(), clock_).ok());
  ASSERT_EQ(::chmod((directory_ / "store.db").c_str(), 0444), 0);
  EXPECT_EQ(ReasonForNobody(), "store_read_only") << "an existing store";
}

TEST_F(OpenTest, AFullDiskIsNamedAndLeavesNothingHalfMade) {
  testing::FailingVfs vfs;
  bool opened = false;
  for (int room = 0; !opened; room += 4096) {
    ASSERT_LT(room, 4'000'000);
    vfs.room = room;
    const auto store = Open(Url(), clock_, {.vfs = vfs.name()});
    opened = store.ok();
    if (opened) continue;
    EXPECT_EQ(store.error().reason, "disk_full") << store.error().message;
  }
  vfs.room = -1;
  const auto store = Open(Url(), clock_, {.vfs = vfs.name()});
  ASSERT_TRUE(store.ok());
  EXPECT_TRUE(
      store.value()->Write([](issuance::Transaction& t) { return t.PutSetting("a", "b"); }).ok());
}

}  // namespace
}  // namespace passmint::store
