#include "simulate/fake_batch.h"

#include "base/ascii.h"

namespace passmint::simulate {
namespace {

std::string_view TakeLine(std::string_view& text) {
  const std::size_t end = text.find('\n');
  const std::string_view line = text.substr(0, end);
  text = end == text.npos ? std::string_view() : text.substr(end + 1);
  return AsciiTrimmed(line);
}

// Content-ID of the headers before the empty line.
std::string TakeContentId(std::string_view& text) {
  std::string id;
  while (!text.empty()) {
    const std::string_view line = TakeLine(text);
    if (line.empty()) break;
    if (AsciiLower(line).starts_with("content-id:"))
      id = AsciiTrimmed(line.substr(line.find(':') + 1));
  }
  return id;
}

std::optional<FakeBatchPart> ReadPart(std::string_view text) {
  FakeBatchPart part{.content_id = TakeContentId(text), .method = {}, .target = {}, .body = {}};
  const std::string_view line = TakeLine(text);
  const std::size_t space = line.find(' ');
  if (space == line.npos) return std::nullopt;
  part.method = line.substr(0, space);
  const std::string_view rest = line.substr(space + 1);
  part.target = rest.substr(0, rest.find(' '));  // "HTTP/1.1" may stand behind it.
  (void)TakeContentId(text);                     // The request's own headers.
  part.body = AsciiTrimmed(text);
  return part;
}

}  // namespace

std::optional<std::vector<FakeBatchPart>> ReadFakeBatch(std::string_view content_type,
                                                        std::string_view body) {
  constexpr std::string_view kBoundary = "boundary=";
  const std::size_t at = content_type.find(kBoundary);
  if (!AsciiLower(content_type).starts_with("multipart/mixed") || at == content_type.npos) {
    return std::nullopt;
  }
  std::string_view boundary = content_type.substr(at + kBoundary.size());
  boundary = AsciiTrimmed(boundary.substr(0, boundary.find(';')));
  if (boundary.size() > 1 && boundary.front() == '"')
    boundary = boundary.substr(1, boundary.size() - 2);
  const std::string mark = "--" + std::string(boundary);
  std::vector<FakeBatchPart> parts;
  for (std::size_t begin = body.find(mark); begin != body.npos;) {
    const std::size_t end = body.find(mark, begin + mark.size());
    if (end == body.npos) break;
    std::string_view text = body.substr(begin + mark.size(), end - begin - mark.size());
    (void)TakeLine(text);
    auto part = ReadPart(text);
    if (!part) return std::nullopt;
    parts.push_back(*std::move(part));
    begin = end;
  }
  return parts;
}

std::string WriteFakeBatch(const std::vector<FakeBatchAnswer>& answers, std::string_view boundary) {
  std::string text;
  for (const FakeBatchAnswer& answer : answers) {
    text.append("--").append(boundary).append("\r\nContent-Type: application/http\r\n");
    if (answer.content_id.size() > 1 && answer.content_id.front() == '<') {
      text.append("Content-ID: <response-").append(answer.content_id.substr(1)).append("\r\n");
    }
    text.append("\r\nHTTP/1.1 ").append(std::to_string(answer.status)).append(" Status\r\n");
    text.append("Content-Type: application/json; charset=UTF-8\r\n\r\n");
    text.append(answer.body).append("\r\n");
  }
  return text.append("--").append(boundary).append("--\r\n");
}

}  // namespace passmint::simulate
