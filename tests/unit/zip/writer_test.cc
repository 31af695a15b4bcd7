#include "zip/writer.h"

#include <gtest/gtest.h>
#include <stdlib.h>
#include <time.h>

#include <vector>

#include "support/outside_program.h"
#include "zip/reader.h"

namespace passmint::zip {
namespace {

using passmint::testing::RunProgram;
using passmint::testing::ScratchDirectory;

std::vector<Entry> SampleEntries() {
  return {{.name = "icon.png", .bytes = std::string(1000, 'x')},
          {.name = "ru.lproj/pass.strings",
           .bytes = std::string(5000, 'y'),
           .compression = Compression::kDeflate},
          {.name = "имя.txt", .bytes = "текст"},
          {.name = "empty", .bytes = ""},
          {.name = "empty-deflated", .bytes = "", .compression = Compression::kDeflate}};
}

TEST(WriterTest, MakesArchivesThatUnzipAccepts) {
  const ScratchDirectory scratch;
  scratch.Write("a.zip", WriteArchive(SampleEntries()).value());
  const auto outcome = RunProgram("unzip -t " + scratch.Path("a.zip"));
  EXPECT_EQ(outcome.exit_code, 0) << outcome.output;
}

TEST(WriterTest, MakesArchivesInWhichPythonFindsNamesContentsAndNothingElse) {
  const ScratchDirectory scratch;
  scratch.Write("a.zip", WriteArchive(SampleEntries()).value());
  scratch.Write("check.py", R"py(
import sys, zipfile
archive = zipfile.ZipFile(sys.argv[1])
assert archive.testzip() is None
assert archive.comment == b''
infos = archive.infolist()
assert [i.filename for i in infos] == ['icon.png', 'ru.lproj/pass.strings', 'имя.txt', 'empty', 'empty-deflated']
assert [i.compress_type for i in infos] == [0, 8, 0, 0, 8]
for i in infos:
    assert i.date_time == (1980, 1, 1, 0, 0, 0), i
    assert i.extra == b'' and i.flag_bits & 8 == 0, i
    assert i.external_attr >> 16 == 0o100644, i
assert archive.read('имя.txt').decode() == 'текст'
assert archive.read('ru.lproj/pass.strings') == b'y' * 5000
)py");
  const auto outcome =
      RunProgram("python3 " + scratch.Path("check.py") + " " + scratch.Path("a.zip"));
  EXPECT_EQ(outcome.exit_code, 0) << outcome.output;
}

TEST(WriterTest, GivesTheSameBytesInEveryTimeZone) {
  const std::string here = WriteArchive(SampleEntries()).value();
  ASSERT_EQ(::setenv("TZ", "Asia/Kamchatka", 1), 0);
  ::tzset();
  const std::string there = WriteArchive(SampleEntries()).value();
  ASSERT_EQ(::unsetenv("TZ"), 0);
  ::tzset();
  EXPECT_EQ(here, there);
}

TEST(WriterTest, MakesAnEmptyArchiveOfNothing) {
  const std::string archive = WriteArchive({}).value();
  EXPECT_EQ(archive.size(), 22u);
  EXPECT_TRUE(ReadArchive(archive).value().entries.empty());
}

TEST(WriterTest, RefusesBadAndRepeatedNames) {
  const std::vector<Entry> bad = {{.name = "../x", .bytes = ""}};
  EXPECT_EQ(WriteArchive(bad).error().reason, "zip_bad_name");
  const std::vector<Entry> repeated = {
      {.name = "a", .bytes = ""}, {.name = "b", .bytes = ""}, {.name = "a", .bytes = ""}};
  EXPECT_EQ(WriteArchive(repeated).error().reason, "zip_duplicate_name");
}

TEST(WriterTest, HoldsAsManyEntriesAsTheFormatCountsAndNotOneMore) {
  std::vector<Entry> entries(kMaxEntries);
  for (std::size_t i = 0; i < entries.size(); ++i) entries[i].name = std::to_string(i);
  const std::string archive = WriteArchive(entries).value();
  const ReadLimits limits{.entries = kMaxEntries};
  EXPECT_EQ(ReadArchive(archive, limits).value().entries.size(), kMaxEntries);

  entries.push_back({.name = "one more", .bytes = ""});
  const auto refused = WriteArchive(entries);
  ASSERT_FALSE(refused.ok());
  EXPECT_EQ(refused.error().code, ErrorCode::kTooLarge);
  EXPECT_EQ(refused.error().reason, "zip_too_large");
}

}  // namespace
}  // namespace passmint::zip
