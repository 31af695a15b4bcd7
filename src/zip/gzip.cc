#include "zip/gzip.h"

#include <zlib.h>

#include <array>
#include <cassert>
#include <utility>

namespace passmint::zip {
namespace {

// zlib.h, deflateInit2 and inflateInit2: the largest window, and 16 for gzip's header and trailer.
constexpr int kGzipWindow = 15 + 16;
constexpr int kMemoryLevel = 8;  // zlib's default.

using Chunk = std::array<char, kGzipChunkBytes>;

// zlib does not write through next_in.
Bytef* In(std::string_view bytes) {
  return reinterpret_cast<Bytef*>(const_cast<char*>(bytes.data()));
}

void OutTo(z_stream& stream, Chunk& chunk) {
  stream.next_out = reinterpret_cast<Bytef*>(chunk.data());
  stream.avail_out = static_cast<uInt>(chunk.size());
}

std::string_view Written(const z_stream& stream, const Chunk& chunk) {
  return {chunk.data(), chunk.size() - stream.avail_out};
}

Error Damaged(const char* what) {
  return {.code = ErrorCode::kInvalidArgument,
          .message = std::string("gzip: ") + what,
          .reason = "gzip_damaged"};
}

Error OutOfMemory() { return {.code = ErrorCode::kUnavailable, .message = "gzip: out of memory"}; }

}  // namespace

struct GzipWriter::State {
  explicit State(Sink to) : sink(std::move(to)) {
    begun = deflateInit2(&stream, Z_DEFAULT_COMPRESSION, Z_DEFLATED, kGzipWindow, kMemoryLevel,
                         Z_DEFAULT_STRATEGY) == Z_OK;
  }
  State(const State&) = delete;
  State& operator=(const State&) = delete;
  ~State() {
    if (begun) (void)deflateEnd(&stream);
  }

  Sink sink;
  bool begun = false;
  z_stream stream{};
  Chunk chunk;
};

GzipWriter::GzipWriter(Sink sink) : state_(std::make_unique<State>(std::move(sink))) {}
GzipWriter::~GzipWriter() = default;
GzipWriter::GzipWriter(GzipWriter&&) noexcept = default;

Status GzipWriter::Add(std::string_view bytes) {
  while (!bytes.empty()) {  // zlib counts in 32 bits.
    const std::string_view part = bytes.substr(0, kGzipChunkBytes);
    if (Status run = Run(part, false); !run.ok()) return run;
    bytes.remove_prefix(part.size());
  }
  return {};
}

Status GzipWriter::Finish() { return Run({}, true); }

Status GzipWriter::Run(std::string_view bytes, bool finish) {
  State& state = *state_;
  if (!state.begun) return OutOfMemory();
  state.stream.next_in = In(bytes);
  state.stream.avail_in = static_cast<uInt>(bytes.size());
  do {
    OutTo(state.stream, state.chunk);
    [[maybe_unused]] const int code = deflate(&state.stream, finish ? Z_FINISH : Z_NO_FLUSH);
    assert(code != Z_STREAM_ERROR);
    const std::string_view out = Written(state.stream, state.chunk);
    if (out.empty()) continue;
    if (Status sunk = state.sink(out); !sunk.ok()) return sunk;
  } while (state.stream.avail_out == 0);
  return {};
}

bool IsGzip(std::string_view beginning) { return beginning.starts_with("\x1f\x8b"); }

struct GzipReader::State {
  explicit State(Source from) : source(std::move(from)) {
    begun = inflateInit2(&stream, kGzipWindow) == Z_OK;
  }
  State(const State&) = delete;
  State& operator=(const State&) = delete;
  ~State() {
    if (begun) (void)inflateEnd(&stream);
  }

  // Asks the source if nothing is left; false at its end.
  Result<bool> Fill() {
    if (stream.avail_in > 0) return true;
    const auto more = source();
    if (!more.ok()) return more.error();
    stream.next_in = In(more.value());
    stream.avail_in = static_cast<uInt>(more.value().size());
    return !more.value().empty();
  }

  Source source;
  bool begun = false;
  bool ended = false;
  z_stream stream{};
  Chunk chunk;
};

GzipReader::GzipReader(Source source) : state_(std::make_unique<State>(std::move(source))) {}
GzipReader::~GzipReader() = default;
GzipReader::GzipReader(GzipReader&&) noexcept = default;

Result<std::string_view> GzipReader::Next() {
  State& state = *state_;
  if (!state.begun) return OutOfMemory();
  while (true) {
    const auto filled = state.Fill();
    if (!filled.ok()) return filled.error();
    if (state.ended) {
      return filled.value() ? Result<std::string_view>(Damaged("something follows its end"))
                            : Result<std::string_view>(std::string_view());
    }
    if (!filled.value()) return Damaged("it is cut");
    OutTo(state.stream, state.chunk);
    const int code = inflate(&state.stream, Z_NO_FLUSH);
    if (code == Z_MEM_ERROR) return OutOfMemory();
    if (code != Z_OK && code != Z_STREAM_END && code != Z_BUF_ERROR) {
      return Damaged(state.stream.msg != nullptr ? state.stream.msg : "no such format");
    }
    state.ended = code == Z_STREAM_END;
    const std::string_view out = Written(state.stream, state.chunk);
    if (!out.empty()) return out;
  }
}

}  // namespace passmint::zip
