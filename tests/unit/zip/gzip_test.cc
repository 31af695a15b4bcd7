#include "zip/gzip.h"

#include <gtest/gtest.h>
#include <zlib.h>

#include <string>
#include <vector>

namespace passmint::zip {
namespace {

// Compresses poorly, and is longer than any buffer.
std::string Sample(std::size_t size) {
  std::string text;
  std::uint32_t state = 1;
  while (text.size() < size) {
    state = state * 1664525 + 1013904223;
    text += std::to_string(state >> 8) + "\n";
  }
  text.resize(size);
  return text;
}

std::string Compressed(const std::string& text, std::size_t piece = 1000) {
  std::string bytes;
  GzipWriter writer([&bytes](std::string_view out) {
    bytes.append(out);
    return Status();
  });
  for (std::size_t at = 0; at < text.size(); at += piece) {
    EXPECT_TRUE(writer.Add(std::string_view(text).substr(at, piece)).ok());
  }
  EXPECT_TRUE(writer.Finish().ok());
  return bytes;
}

Result<std::string> Expanded(const std::string& bytes, std::size_t piece) {
  std::string_view left(bytes);
  GzipReader reader([&left, piece]() -> Result<std::string_view> {
    const std::string_view next = left.substr(0, piece);
    left.remove_prefix(next.size());
    return next;
  });
  std::string text;
  while (true) {
    const auto next = reader.Next();
    if (!next.ok()) return next.error();
    if (next.value().empty()) return text;
    EXPECT_LE(next.value().size(), kGzipChunkBytes);
    text.append(next.value());
  }
}

std::string ReasonOf(const std::string& bytes) {
  const auto expanded = Expanded(bytes, 7);
  return expanded.ok() ? "" : expanded.error().reason;
}

TEST(GzipTest, ComesBackInPiecesOfAnySize) {
  for (const std::size_t size : std::vector<std::size_t>{0, 1, 70'000, 500'000}) {
    const std::string text = Sample(size);
    const std::string bytes = Compressed(text, 123'457);
    EXPECT_TRUE(IsGzip(bytes));
    for (const std::size_t piece : std::vector<std::size_t>{1, 4096, 1 << 20}) {
      const auto expanded = Expanded(bytes, piece);
      ASSERT_TRUE(expanded.ok()) << expanded.error().message;
      EXPECT_TRUE(expanded.value() == text) << size << " bytes in pieces of " << piece;
    }
  }
}

TEST(GzipTest, ZlibReadsWhatIsWritten) {
  const std::string text = Sample(300'000);
  std::string bytes = Compressed(text);
  std::string out(text.size() + 1, '\0');
  z_stream stream{};
  ASSERT_EQ(inflateInit2(&stream, 15 + 16), Z_OK);
  stream.next_in = reinterpret_cast<Bytef*>(bytes.data());
  stream.avail_in = static_cast<uInt>(bytes.size());
  stream.next_out = reinterpret_cast<Bytef*>(out.data());
  stream.avail_out = static_cast<uInt>(out.size());
  EXPECT_EQ(inflate(&stream, Z_FINISH), Z_STREAM_END);
  out.resize(stream.total_out);
  (void)inflateEnd(&stream);
  EXPECT_TRUE(out == text);
}

TEST(GzipTest, RefusesWhatIsCutChangedOrFollowedBySomething) {
  const std::string bytes = Compressed("the points of everybody\n");
  for (std::size_t size = 0; size < bytes.size(); ++size) {
    EXPECT_EQ(ReasonOf(bytes.substr(0, size)), "gzip_damaged") << "cut at " << size;
  }
  std::string changed = bytes;
  changed[changed.size() - 6] = static_cast<char>(changed[changed.size() - 6] ^ 1);  // The CRC.
  EXPECT_EQ(ReasonOf(changed), "gzip_damaged");
  EXPECT_EQ(ReasonOf(bytes + "x"), "gzip_damaged");
  EXPECT_EQ(ReasonOf("[\"no gzip\"]"), "gzip_damaged");
  EXPECT_EQ(ReasonOf(bytes), "");
}

TEST(GzipTest, AFailureOfTheSinkOrTheSourceIsHandedOn) {
  const Error full{.code = ErrorCode::kUnavailable, .message = "full", .reason = "disk_full"};
  GzipWriter writer([&full](std::string_view) { return Status(full); });
  (void)writer.Add("x").ok();
  const Status finished = writer.Finish();
  ASSERT_FALSE(finished.ok());
  EXPECT_EQ(finished.error().reason, "disk_full");
  GzipReader reader([&full]() -> Result<std::string_view> { return full; });
  const auto next = reader.Next();
  ASSERT_FALSE(next.ok());
  EXPECT_EQ(next.error().reason, "disk_full");
}

}  // namespace
}  // namespace passmint::zip
