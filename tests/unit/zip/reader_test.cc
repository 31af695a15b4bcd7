#include "zip/reader.h"

#include <gtest/gtest.h>

#include "support/outside_program.h"
#include "unit/zip/hostile_archive.h"
#include "zip/writer.h"

namespace passmint::zip {
namespace {

using passmint::testing::RunProgram;
using passmint::testing::ScratchDirectory;
using testing::Deflate;
using testing::HostileEntry;
using testing::MakeHostileArchive;

// The reason why `archive` is refused, "" if it is not.
std::string Refusal(const std::string& archive, const ReadLimits& limits = {}) {
  const auto read = ReadArchive(archive, limits);
  return read.ok() ? "" : read.error().reason;
}

std::string RefusalOf(const std::vector<HostileEntry>& entries) {
  return Refusal(MakeHostileArchive(entries));
}

TEST(ReaderTest, ReadsWhatTheWriterWrote) {
  const std::vector<Entry> entries = {
      {.name = "b", .bytes = "stored"},
      {.name = "a/имя", .bytes = std::string(9000, 'z'), .compression = Compression::kDeflate},
      {.name = "empty", .bytes = "", .compression = Compression::kDeflate}};
  const auto read = ReadArchive(WriteArchive(entries).value());
  ASSERT_TRUE(read.ok()) << read.error().message;
  EXPECT_EQ(read.value().entries, entries);
  EXPECT_TRUE(read.value().directories.empty());
}

// Apple's own builder runs "zip -r -q out.pkpass ." (Apple reference 1.5).
TEST(ReaderTest, ReadsWhatZipWroteWithItsDirectories) {
  const ScratchDirectory scratch;
  const auto zip =
      RunProgram("cd " + scratch.Path("") +
                 " && mkdir -p p/en.lproj && printf '{}' > p/pass.json && head -c 9000 "
                 "/dev/zero > p/en.lproj/logo.png && cd p && zip -r -q ../a.zip .");
  ASSERT_EQ(zip.exit_code, 0) << zip.output;
  const auto read = ReadArchive(scratch.Read("a.zip"));
  ASSERT_TRUE(read.ok()) << read.error().message;
  EXPECT_EQ(read.value().directories, std::vector<std::string>{"en.lproj/"});
  EXPECT_EQ(read.value().entries.size(), 2u);
}

TEST(ReaderTest, ReadsStreamedArchivesWithDataDescriptorsAndAComment) {
  const ScratchDirectory scratch;
  scratch.Write("make.py", R"py(
import sys, zipfile
class Pipe:
    def __init__(self, f): self.f = f
    def write(self, b): return self.f.write(b)
    def flush(self): self.f.flush()
with open(sys.argv[1], 'wb') as f, zipfile.ZipFile(Pipe(f), 'w', zipfile.ZIP_DEFLATED) as z:
    z.writestr('pass.json', 'hello ' * 100)
    z.writestr('icon.png', b'\x89PNG', zipfile.ZIP_STORED)
    z.comment = b'PK\x05\x06 made by a test'
)py");
  const std::string file = scratch.Path("a.zip");
  const auto python = RunProgram("python3 " + scratch.Path("make.py") + " " + file);
  ASSERT_EQ(python.exit_code, 0) << python.output;
  const auto read = ReadArchive(scratch.Read("a.zip"));
  ASSERT_TRUE(read.ok()) << read.error().message;
  EXPECT_EQ(read.value().entries[0].bytes.size(), 600u);
  EXPECT_EQ(read.value().entries[1].bytes, "\x89PNG");
}

TEST(ReaderTest, RefusesWhatIsNoArchive) {
  for (const char* bytes : {"", "PK", "PK\x03\x04", "<html>404 Not Found</html>"}) {
    EXPECT_EQ(Refusal(bytes), "zip_not_an_archive") << bytes;
  }
}

TEST(ReaderTest, RefusesAnArchiveCutAnywhere) {
  const std::string whole = WriteArchive(std::vector<Entry>{{.name = "pass.json", .bytes = "{}"},
                                                            {.name = "a",
                                                             .bytes = "aaaaaaaaaaaaa",
                                                             .compression = Compression::kDeflate}})
                                .value();
  ASSERT_TRUE(ReadArchive(whole).ok());
  for (std::size_t size = 0; size < whole.size(); ++size) {
    EXPECT_EQ(Refusal(whole.substr(0, size)), "zip_not_an_archive") << size;
  }
  for (std::size_t from = 1; from < whole.size(); ++from) {
    EXPECT_NE(Refusal(whole.substr(from)), "") << from;
  }
  EXPECT_EQ(Refusal(whole + "x"), "zip_not_an_archive");
  EXPECT_EQ(Refusal("x" + whole), "zip_damaged");
}

TEST(ReaderTest, SurvivesEveryChangedByte) {
  const std::string whole =
      WriteArchive(std::vector<Entry>{{.name = "pass.json", .bytes = "{}"},
                                      {.name = "a",
                                       .bytes = std::string(40, 'a') + std::string(40, 'b'),
                                       .compression = Compression::kDeflate}})
          .value();
  for (std::size_t at = 0; at < whole.size(); ++at) {
    for (int bit = 0; bit < 256; ++bit) {
      std::string changed = whole;
      changed[at] = static_cast<char>(bit);
      (void)ReadArchive(changed).ok();
    }
  }
}

TEST(ReaderTest, RefusesPathTricks) {
  using namespace std::string_literals;
  for (const std::string& name : {"../evil"s, "a/../../evil"s, "/etc/passwd"s, "a\\b"s, "C:evil"s,
                                  "a\0b"s, ""s, "\xff"s, "../"s, "/"s, "./"s, "a//"s, "a/./b"s}) {
    EXPECT_EQ(RefusalOf({{.name = name}}), "zip_bad_name") << name;
  }
}

TEST(ReaderTest, RefusesNamesThatMeetOnSomeFileSystem) {
  EXPECT_EQ(RefusalOf({{.name = "a"}, {.name = "a"}}), "zip_duplicate_name");
  EXPECT_EQ(RefusalOf({{.name = "Pass.json"}, {.name = "b"}, {.name = "pass.JSON"}}),
            "zip_duplicate_name");
  EXPECT_EQ(RefusalOf({{.name = "a"}, {.name = "A/b"}}), "zip_duplicate_name");
  EXPECT_EQ(RefusalOf({{.name = "a/b/c"}, {.name = "a-"}, {.name = "a"}}), "zip_duplicate_name");
  EXPECT_EQ(RefusalOf({{.name = "a"}, {.name = "a/", .data = ""}}), "zip_duplicate_name");
  EXPECT_EQ(RefusalOf({{.name = "a/", .data = ""}, {.name = "a/b"}, {.name = "a-"}}), "");
}

TEST(ReaderTest, RefusesWhatIsNoPlainFile) {
  EXPECT_EQ(RefusalOf({{.name = "link", .attributes = 0120777u << 16}}), "zip_symlink");
  EXPECT_EQ(RefusalOf({{.name = "file", .attributes = 0100644u << 16}}), "");
  EXPECT_EQ(RefusalOf({{.name = "dir/", .data = "content"}}), "zip_damaged");
}

TEST(ReaderTest, RefusesWhatWalletDoesNotRead) {
  EXPECT_EQ(RefusalOf({{.name = "a", .flags = 1}}), "zip_encrypted");
  EXPECT_EQ(RefusalOf({{.name = "a", .flags = 1 | 1 << 6}}), "zip_encrypted");
  EXPECT_EQ(RefusalOf({{.name = "a", .method = 12}}), "zip_method");
  EXPECT_EQ(RefusalOf({{.name = "a", .size = 0xffffffff}}), "zip_format");
  EXPECT_EQ(Refusal(MakeHostileArchive({{.name = "a"}}, {.disk = 1})), "zip_format");
  EXPECT_EQ(Refusal(MakeHostileArchive({{.name = "a"}}, {.entries = 0xffff})), "zip_format");
  const std::string locator = "PK\x06\x07" + std::string(16, '\0');
  EXPECT_EQ(Refusal(MakeHostileArchive({{.name = "a"}}, {.before_end = locator})), "zip_format");
}

TEST(ReaderTest, RefusesAnEncryptedArchiveOfZip) {
  const ScratchDirectory scratch;
  const auto zip = RunProgram("cd " + scratch.Path("") +
                              " && echo x > pass.json && zip -q -P secret a.zip pass.json");
  ASSERT_EQ(zip.exit_code, 0) << zip.output;
  EXPECT_EQ(Refusal(scratch.Read("a.zip")), "zip_encrypted");
}

TEST(ReaderTest, RefusesHeadersThatContradictEachOther) {
  EXPECT_EQ(RefusalOf({{.name = "good", .local_name = "evil"}}), "zip_damaged");
  EXPECT_EQ(RefusalOf({{.name = "a", .local_size = 9}}), "zip_damaged");
  EXPECT_EQ(RefusalOf({{.name = "a", .size = 9}}), "zip_damaged");
  EXPECT_EQ(RefusalOf({{.name = "a", .packed_size = 900, .size = 900}}), "zip_damaged");
  EXPECT_EQ(RefusalOf({{.name = "a", .local_offset = 7}}), "zip_damaged");
  EXPECT_EQ(RefusalOf({{.name = "a", .local_offset = 0xfffffff0}}), "zip_damaged");
  EXPECT_EQ(Refusal(MakeHostileArchive({{.name = "a"}}, {.entries = 2})), "zip_damaged");
  EXPECT_EQ(Refusal(MakeHostileArchive({{.name = "a"}, {.name = "b"}}, {.entries = 1})),
            "zip_damaged");
  EXPECT_EQ(Refusal(MakeHostileArchive({{.name = "a"}}, {.directory_offset = 0})), "zip_damaged");
}

TEST(ReaderTest, RefusesFilesThatShareBytes) {
  // The second file's local header lies in the first one's data.
  const std::string inner = MakeHostileArchive({{.name = "b"}});
  const std::string shared = inner.substr(0, 30 + 1 + 4);
  EXPECT_EQ(RefusalOf({{.name = "a", .data = shared}, {.name = "b", .local_offset = 31}}),
            "zip_damaged");
}

TEST(ReaderTest, RefusesDataThatIsNotWhatItsHeaderSays) {
  EXPECT_EQ(RefusalOf({{.name = "a", .crc = 1}}), "zip_bad_checksum");
  const std::string plain(1000, 'x');
  const std::string packed = Deflate(plain);
  HostileEntry entry{.name = "a",
                     .data = packed,
                     .method = 8,
                     .crc = testing::Crc32Of(plain),
                     .size = std::uint32_t{1000}};
  EXPECT_EQ(RefusalOf({entry}), "");
  entry.size = 999;
  EXPECT_EQ(RefusalOf({entry}), "zip_damaged");
  entry.size = 1001;
  EXPECT_EQ(RefusalOf({entry}), "zip_damaged");
  entry.size = 1000;
  entry.data = packed + "x";
  EXPECT_EQ(RefusalOf({entry}), "zip_damaged");
  entry.data = packed.substr(0, packed.size() - 1);
  EXPECT_EQ(RefusalOf({entry}), "zip_damaged");
}

TEST(ReaderTest, StopsAtItsLimits) {
  EXPECT_EQ(Refusal(MakeHostileArchive(std::vector<HostileEntry>(10'000, {.name = "a"}))),
            "zip_too_large");
  const std::string two = MakeHostileArchive({{.name = "a"}, {.name = "b"}});
  EXPECT_EQ(Refusal(two, {.entries = 2, .entry_bytes = 4, .total_bytes = 8}), "");
  EXPECT_EQ(Refusal(two, {.entries = 1}), "zip_too_large");
  EXPECT_EQ(Refusal(two, {.entry_bytes = 3}), "zip_too_large");
  EXPECT_EQ(Refusal(two, {.total_bytes = 7}), "zip_too_large");
}

TEST(ReaderTest, RefusesBombsWithoutUnpackingThem) {
  const std::string megabytes(std::size_t{17} << 20, '\0');
  const std::string packed = Deflate(megabytes);
  ASSERT_LT(packed.size(), 20'000u);
  HostileEntry bomb{.name = "bomb",
                    .data = packed,
                    .method = 8,
                    .crc = testing::Crc32Of(megabytes),
                    .size = static_cast<std::uint32_t>(megabytes.size())};
  EXPECT_EQ(RefusalOf({bomb}), "zip_too_large");
  bomb.size = 10;  // It lies.
  EXPECT_EQ(RefusalOf({bomb}), "zip_damaged");

  std::vector<HostileEntry> many(5, bomb);
  for (std::size_t i = 0; i < many.size(); ++i) {
    many[i].name += std::to_string(i);
    many[i].size = std::uint32_t{16} << 20;
  }
  EXPECT_EQ(RefusalOf(many), "zip_too_large");
}

}  // namespace
}  // namespace passmint::zip
