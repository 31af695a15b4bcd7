#include "google_rest/batch.h"

#include <charconv>
#include <optional>
#include <utility>

#include "base/ascii.h"

namespace passmint::google_rest {
namespace {

constexpr std::string_view kItem = "item";

// Cuts `text` up to and without the next line break off.
std::string_view TakeLine(std::string_view& text) {
  const std::size_t end = text.find('\n');
  std::string_view line = text.substr(0, end);
  text = end == text.npos ? std::string_view() : text.substr(end + 1);
  if (line.ends_with('\r')) line.remove_suffix(1);
  return line;
}

// Reads lines up to the empty one. Returns the value of the field `name`, in lower case, or "".
std::string TakeHeaders(std::string_view& text, std::string_view name) {
  std::string value;
  while (!text.empty()) {
    const std::string_view line = TakeLine(text);
    if (line.empty()) break;
    const std::size_t colon = line.find(':');
    if (colon == line.npos) continue;
    if (AsciiLower(line.substr(0, colon)) == name) value = AsciiTrimmed(line.substr(colon + 1));
  }
  return value;
}

std::optional<std::size_t> IndexIn(std::string_view content_id) {
  const std::size_t at = content_id.rfind(kItem);
  if (at == content_id.npos) return std::nullopt;
  const std::string_view digits = content_id.substr(at + kItem.size());
  std::size_t index = 0;
  const auto [end, failure] = std::from_chars(digits.data(), digits.data() + digits.size(), index);
  if (failure != std::errc() || end == digits.data()) return std::nullopt;
  return index;
}

// "HTTP/1.1 404 Not Found" -> 404; 0 if it is no status line.
int StatusIn(std::string_view line) {
  const std::size_t space = line.find(' ');
  if (!line.starts_with("HTTP/") || space == line.npos) return 0;
  int status = 0;
  const char* const begin = line.data() + space + 1;
  const auto [end, failure] = std::from_chars(begin, line.data() + line.size(), status);
  return failure == std::errc() && end == begin + 3 ? status : 0;
}

void ReadPart(std::string_view part, std::size_t place, std::vector<BatchAnswer>& answers) {
  const std::string content_id = TakeHeaders(part, "content-id");
  const std::size_t index = IndexIn(content_id).value_or(place);
  if (index >= answers.size()) return;
  BatchAnswer& answer = answers[index];
  answer.status = StatusIn(TakeLine(part));
  answer.retry_after = TakeHeaders(part, "retry-after");
  answer.body = AsciiTrimmed(part);
}

std::string BoundaryIn(std::string_view content_type) {
  const std::size_t at = AsciiLower(content_type).find("boundary=");
  if (at == std::string::npos) return "";
  std::string_view boundary = content_type.substr(at + std::string_view("boundary=").size());
  boundary = AsciiTrimmed(boundary.substr(0, boundary.find(';')));
  if (boundary.size() >= 2 && boundary.front() == '"' && boundary.back() == '"') {
    boundary = boundary.substr(1, boundary.size() - 2);
  }
  return std::string(boundary);
}

}  // namespace

std::string WriteBatch(const std::vector<BatchPart>& parts, std::string_view boundary) {
  std::string text;
  for (std::size_t i = 0; i < parts.size(); ++i) {
    const BatchPart& part = parts[i];
    text.append("--").append(boundary).append("\r\nContent-Type: application/http\r\n");
    text.append("Content-ID: <").append(kItem).append(std::to_string(i)).append(">\r\n\r\n");
    text.append(part.method).append(" ").append(part.path).append("\r\n");
    if (!part.body.empty()) {
      text.append("Content-Type: application/json\r\nContent-Length: ");
      text.append(std::to_string(part.body.size())).append("\r\n");
    }
    text.append("\r\n").append(part.body).append("\r\n");
  }
  return text.append("--").append(boundary).append("--\r\n");
}

std::vector<BatchAnswer> ReadBatch(std::string_view content_type, std::string_view body,
                                   std::size_t count) {
  std::vector<BatchAnswer> answers(count);
  const std::string boundary = BoundaryIn(content_type);
  if (boundary.empty()) return answers;
  const std::string mark = "--" + boundary;
  std::size_t at = body.find(mark);
  for (std::size_t place = 0; at != body.npos && place < count; ++place) {
    const std::size_t begin = at + mark.size();
    const std::size_t end = body.find(mark, begin);
    if (end == body.npos) break;
    std::string_view part = body.substr(begin, end - begin);
    (void)TakeLine(part);  // What is left of the boundary's own line.
    ReadPart(part, place, answers);
    at = end;
  }
  return answers;
}

}  // namespace passmint::google_rest
