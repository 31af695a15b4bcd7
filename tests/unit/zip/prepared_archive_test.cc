#include "zip/prepared_archive.h"

#include <gtest/gtest.h>
#include <sys/mman.h>
#include <zip.h>

#include <thread>

#include "support/outside_program.h"
#include "zip/writer.h"

namespace passmint::zip {
namespace {

using passmint::testing::RunProgram;
using passmint::testing::ScratchDirectory;

std::vector<Entry> FixedEntries() {
  return {{.name = "icon.png", .bytes = std::string(1000, '\x89')},
          {.name = "en.lproj/pass.strings",
           .bytes = std::string(300, 's'),
           .compression = Compression::kDeflate}};
}

const std::vector<ChangingEntry> kChanging = {{"pass.json", "{\"serialNumber\":\"1\"}"},
                                              {"подпись", std::string_view("\0\1\2", 3)},
                                              {"empty", ""}};

std::string Spliced() {
  return PreparedArchive::Make(FixedEntries()).value().Append(kChanging).value();
}

TEST(PreparedArchiveTest, EqualsWhatTheWriterMakesOfTheSameEntries) {
  std::vector<Entry> all = FixedEntries();
  for (const ChangingEntry& entry : kChanging) {
    all.push_back({.name = std::string(entry.name), .bytes = std::string(entry.bytes)});
  }
  EXPECT_EQ(Spliced(), WriteArchive(all).value());
}

TEST(PreparedArchiveTest, WorksWithoutFixedOrWithoutChangingEntries) {
  const auto nothing = PreparedArchive::Make({}).value();
  EXPECT_EQ(nothing.Append({}).value(), WriteArchive({}).value());
  const std::vector<Entry> one = {{.name = "a", .bytes = "b"}};
  const std::vector<ChangingEntry> changing = {{"a", "b"}};
  EXPECT_EQ(nothing.Append(changing).value(), WriteArchive(one).value());
  EXPECT_EQ(PreparedArchive::Make(one).value().Append({}).value(), WriteArchive(one).value());
}

TEST(PreparedArchiveTest, IsAcceptedByUnzipAndPython) {
  const ScratchDirectory scratch;
  const std::string file = scratch.Write("pass.pkpass", Spliced());
  const auto unzip = RunProgram("unzip -t " + file);
  EXPECT_EQ(unzip.exit_code, 0) << unzip.output;
  const auto python = RunProgram("python3 -c \"import zipfile; a = zipfile.ZipFile('" + file +
                                 "'); assert a.testzip() is None; print(a.read('подпись'))\"");
  EXPECT_EQ(python.exit_code, 0) << python.output;
  EXPECT_EQ(python.output, "b'\\x00\\x01\\x02'\n");
}

TEST(PreparedArchiveTest, IsConsistentToLibzip) {
  const ScratchDirectory scratch;
  const std::string file = scratch.Write("pass.pkpass", Spliced());
  int code = 0;
  zip_t* archive = zip_open(file.c_str(), ZIP_RDONLY | ZIP_CHECKCONS, &code);
  ASSERT_NE(archive, nullptr) << code;
  EXPECT_EQ(zip_get_num_entries(archive, 0), 5);
  EXPECT_EQ(zip_name_locate(archive, "подпись", 0), 3);
  zip_discard(archive);
}

TEST(PreparedArchiveTest, RefusesBadAndRepeatedNames) {
  const auto prepared = PreparedArchive::Make(FixedEntries()).value();
  const auto reason = [&](std::vector<ChangingEntry> changing) {
    const auto appended = prepared.Append(changing);
    return appended.ok() ? "" : appended.error().reason;
  };
  EXPECT_EQ(reason({{"a", "1"}, {"b", "2"}}), "");
  EXPECT_EQ(reason({{"", "1"}}), "zip_bad_name");
  EXPECT_EQ(reason({{"/a", "1"}}), "zip_bad_name");
  EXPECT_EQ(reason({{"a/../b", "1"}}), "zip_bad_name");
  EXPECT_EQ(reason({{"a\\b", "1"}}), "zip_bad_name");
  EXPECT_EQ(reason({{"\xff", "1"}}), "zip_bad_name");
  EXPECT_EQ(reason({{"a", "1"}, {"a", "1"}}), "zip_duplicate_name");
  EXPECT_EQ(reason({{"icon.png", "1"}}), "zip_duplicate_name");
  EXPECT_FALSE(PreparedArchive::Make(std::vector<Entry>{{.name = "..", .bytes = ""}}).ok());
}

TEST(PreparedArchiveTest, RefusesMoreThanTheFormatCanCount) {
  const auto prepared = PreparedArchive::Make(FixedEntries()).value();
  std::vector<std::string> names;
  names.reserve(kMaxEntries);
  for (std::size_t i = 0; i < kMaxEntries - 2; ++i) names.push_back(std::to_string(i));
  std::vector<ChangingEntry> changing;
  changing.reserve(names.size() + 1);
  for (const std::string& name : names) changing.push_back({name, ""});
  EXPECT_TRUE(prepared.Append(changing).ok());
  changing.push_back({"one more", ""});
  EXPECT_EQ(prepared.Append(changing).error().reason, "zip_too_large");

  // 4 GiB that are never touched.
  constexpr std::size_t kSize = std::size_t{1} << 32;
  void* huge =
      ::mmap(nullptr, kSize, PROT_READ, MAP_PRIVATE | MAP_ANONYMOUS | MAP_NORESERVE, -1, 0);
  ASSERT_NE(huge, MAP_FAILED);
  const std::string_view view(static_cast<const char*>(huge), kSize);
  EXPECT_EQ(prepared.Append(std::vector<ChangingEntry>{{"a", view}}).error().reason,
            "zip_too_large");
  const std::string_view half = view.substr(0, kSize / 2);
  EXPECT_EQ(prepared.Append(std::vector<ChangingEntry>{{"a", half}, {"b", half}}).error().reason,
            "zip_too_large");
  EXPECT_EQ(::munmap(huge, kSize), 0);
}

TEST(PreparedArchiveTest, ServesSeveralThreadsAtOnce) {
  const auto prepared = PreparedArchive::Make(FixedEntries()).value();
  const std::string expected = Spliced();
  std::vector<std::thread> threads;
  threads.reserve(4);
  for (int t = 0; t < 4; ++t) {
    threads.emplace_back([&] {
      for (int i = 0; i < 200; ++i) EXPECT_EQ(prepared.Append(kChanging).value(), expected);
    });
  }
  for (std::thread& thread : threads) thread.join();
}

}  // namespace
}  // namespace passmint::zip
