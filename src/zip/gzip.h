#pragma once

#include <cstddef>
#include <functional>
#include <memory>
#include <string_view>

#include "base/result.h"

namespace passmint::zip {

// Streams of gzip (RFC 1952), for what is too long to hold. Each keeps some 300 KB, however long
// the stream is.

// What one call hands over at most.
inline constexpr std::size_t kGzipChunkBytes = std::size_t{64} * 1024;

// Compresses what it is given. For one stream.
class GzipWriter {
 public:
  using Sink = std::function<Status(std::string_view)>;

  explicit GzipWriter(Sink sink);
  ~GzipWriter();
  GzipWriter(GzipWriter&&) noexcept;
  GzipWriter& operator=(GzipWriter&&) = delete;

  // Fail as the sink.
  Status Add(std::string_view bytes);
  Status Finish();

 private:
  struct State;
  Status Run(std::string_view bytes, bool finish);

  std::unique_ptr<State> state_;
};

// Whether a stream that begins with these bytes is gzip's: none of ours begins so.
bool IsGzip(std::string_view beginning);

// Expands a stream of one member. For one pass.
class GzipReader {
 public:
  // The next bytes of the stream, valid until the next call; none at its end.
  using Source = std::function<Result<std::string_view>()>;

  explicit GzipReader(Source source);
  ~GzipReader();
  GzipReader(GzipReader&&) noexcept;
  GzipReader& operator=(GzipReader&&) = delete;

  // The next bytes, at most kGzipChunkBytes, valid until the next call; none at the end. Fails as
  // the source, and with kInvalidArgument, reason "gzip_damaged": cut, changed (it ends with a
  // CRC-32), or followed by something.
  Result<std::string_view> Next();

 private:
  struct State;

  std::unique_ptr<State> state_;
};

}  // namespace passmint::zip
