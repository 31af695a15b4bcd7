#include "apple/strings.h"

#include <cstdint>
#include <optional>

#include "apple/internal/json_text.h"
#include "base/utf8.h"

namespace passmint::apple {
namespace {

void AppendQuoted(std::string_view text, std::string& out) {
  out += '"';
  for (const char c : text) {
    switch (c) {
      case '"':
        out += "\\\"";
        break;
      case '\\':
        out += "\\\\";
        break;
      case '\n':
        out += "\\n";
        break;
      case '\r':
        out += "\\r";
        break;
      default:
        out += c;
    }
  }
  out += '"';
}

void AppendUtf8(std::uint32_t point, std::string& out) {
  const auto byte = [&out](std::uint32_t bits) { out += static_cast<char>(bits); };
  if (point < 0x80) {
    byte(point);
  } else if (point < 0x800) {
    byte(0xC0 | (point >> 6));
    byte(0x80 | (point & 0x3F));
  } else if (point < 0x10000) {
    byte(0xE0 | (point >> 12));
    byte(0x80 | ((point >> 6) & 0x3F));
    byte(0x80 | (point & 0x3F));
  } else {
    byte(0xF0 | (point >> 18));
    byte(0x80 | ((point >> 12) & 0x3F));
    byte(0x80 | ((point >> 6) & 0x3F));
    byte(0x80 | (point & 0x3F));
  }
}

// UTF-8 of UTF-16 code units; surrogates without a partner become U+FFFD.
class Utf16Decoder {
 public:
  void Add(std::uint32_t unit) {
    if (unit >= 0xDC00 && unit < 0xE000 && high_ != 0) {
      AppendUtf8(0x10000 + ((high_ - 0xD800) << 10) + (unit - 0xDC00), text_);
      high_ = 0;
      return;
    }
    Flush();
    if (unit >= 0xD800 && unit < 0xDC00) {
      high_ = unit;
    } else {
      AppendUtf8(unit >= 0xDC00 && unit < 0xE000 ? 0xFFFD : unit, text_);
    }
  }

  std::string Finish() && {
    Flush();
    return std::move(text_);
  }

 private:
  void Flush() {
    if (high_ != 0) AppendUtf8(0xFFFD, text_);
    high_ = 0;
  }

  std::string text_;
  std::uint32_t high_ = 0;
};

std::string FromUtf16(std::string_view bytes, bool big_endian) {
  Utf16Decoder decoder;
  for (std::size_t i = 0; i + 1 < bytes.size(); i += 2) {
    const auto first = static_cast<unsigned char>(bytes[i]);
    const auto second = static_cast<unsigned char>(bytes[i + 1]);
    decoder.Add(big_endian ? (std::uint32_t{first} << 8 | second)
                           : (std::uint32_t{second} << 8 | first));
  }
  return std::move(decoder).Finish();
}

bool StartsWith(std::string_view text, std::string_view start) {
  return text.substr(0, start.size()) == start;
}

// Without a byte order mark, a zero byte tells UTF-16: every line has ASCII quotes.
Result<std::string> Decode(std::string_view bytes) {
  using namespace std::string_view_literals;
  if (StartsWith(bytes, "\xFE\xFF")) return FromUtf16(bytes.substr(2), true);
  if (StartsWith(bytes, "\xFF\xFE")) return FromUtf16(bytes.substr(2), false);
  if (StartsWith(bytes, "\xEF\xBB\xBF")) bytes.remove_prefix(3);
  if (!bytes.empty() && bytes[0] == '\0') return FromUtf16(bytes, true);
  if (bytes.size() > 1 && bytes[1] == '\0') return FromUtf16(bytes, false);
  if (!IsUtf8(bytes)) {
    return Error{.code = ErrorCode::kInvalidSyntax,
                 .message = "neither UTF-16 nor UTF-8",
                 .reason = "bad_strings",
                 .hint = "save it as UTF-16 with a byte order mark"};
  }
  return std::string(bytes);
}

// The grammar of old-style property lists, as far as strings files use it:
//   file = { entry };  entry = token "=" token ";";  token = quoted | word
class Parser {
 public:
  explicit Parser(std::string_view text) : text_(text) {}

  Result<std::map<std::string, std::string>> Run() {
    std::map<std::string, std::string> entries;
    while (SkipSpace() && position_ < text_.size()) {
      const auto key = Token();
      if (!key || !Expect('=')) return Failure();
      auto value = Token();
      if (!value || !Expect(';')) return Failure();
      entries[*key] = std::move(*value);
    }
    if (unclosed_comment_) return Failure();
    return entries;
  }

 private:
  Error Failure() const {
    std::size_t line = 1;
    for (std::size_t i = 0; i < position_ && i < text_.size(); ++i) line += text_[i] == '\n';
    return {.code = ErrorCode::kInvalidSyntax,
            .message = "line " + std::to_string(line) + " is not of the form \"key\" = \"value\";",
            .reason = "bad_strings"};
  }

  // Spaces and comments. False at an unclosed comment.
  bool SkipSpace() {
    while (position_ < text_.size()) {
      const std::string_view rest = text_.substr(position_);
      std::size_t length = 0;
      if (StartsWith(rest, "/*")) {
        length = rest.find("*/", 2);
        unclosed_comment_ = length == std::string_view::npos;
        if (unclosed_comment_) return false;
        length += 2;
      } else if (StartsWith(rest, "//")) {
        length = rest.find('\n');
        if (length == std::string_view::npos) length = rest.size();
      } else if (rest[0] == ' ' || rest[0] == '\t' || rest[0] == '\n' || rest[0] == '\r') {
        length = 1;
      } else {
        return true;
      }
      position_ += length;
    }
    return true;
  }

  bool Expect(char wanted) {
    if (!SkipSpace() || position_ >= text_.size() || text_[position_] != wanted) return false;
    ++position_;
    return true;
  }

  std::optional<std::string> Token() {
    if (!SkipSpace() || position_ >= text_.size()) return std::nullopt;
    return text_[position_] == '"' ? Quoted() : Word();
  }

  std::optional<std::string> Word() {
    const std::size_t start = position_;
    while (position_ < text_.size() &&
           std::string_view(" \t\r\n=;\"/").find(text_[position_]) == std::string_view::npos) {
      ++position_;
    }
    if (position_ == start) return std::nullopt;
    return std::string(text_.substr(start, position_ - start));
  }

  std::optional<std::string> Quoted() {
    std::string value;
    for (++position_; position_ < text_.size(); ++position_) {
      const char c = text_[position_];
      if (c == '"') {
        ++position_;
        return value;
      }
      if (c != '\\') {
        value += c;
      } else if (!Escape(value)) {
        return std::nullopt;
      }
    }
    return std::nullopt;
  }

  // `position_` is at the backslash, and at the last character of the escape afterwards.
  bool Escape(std::string& value) {
    if (++position_ >= text_.size()) return false;
    const char c = text_[position_];
    static constexpr std::string_view kNames = "nrt0";
    static constexpr std::string_view kMeans("\n\r\t\0", 4);
    if (c == 'U' || c == 'u') return CodeUnit(value);
    const std::size_t known = kNames.find(c);
    value += known == std::string_view::npos ? c : kMeans[known];
    return true;
  }

  bool CodeUnit(std::string& value) {
    std::uint32_t unit = 0;
    for (int digit = 0; digit < 4; ++digit) {
      if (++position_ >= text_.size()) return false;
      const char c = text_[position_];
      std::uint32_t nibble = 0;
      if (c >= '0' && c <= '9') {
        nibble = static_cast<std::uint32_t>(c - '0');
      } else if ((c | 0x20) >= 'a' && (c | 0x20) <= 'f') {
        nibble = static_cast<std::uint32_t>((c | 0x20) - 'a' + 10);
      } else {
        return false;
      }
      unit = unit << 4 | nibble;
    }
    AppendUtf8(unit >= 0xD800 && unit < 0xE000 ? 0xFFFD : unit, value);
    return true;
  }

  std::string_view text_;
  std::size_t position_ = 0;
  bool unclosed_comment_ = false;
};

}  // namespace

void AppendStringsLine(std::string_view key, std::string_view value, std::string& utf8) {
  AppendQuoted(key, utf8);
  utf8 += " = ";
  AppendQuoted(value, utf8);
  utf8 += ";\n";
}

std::string EncodeStrings(std::string_view utf8_lines) {
  if (IsUtf8(utf8_lines)) return ToUtf16BeWithBom(utf8_lines);
  return ToUtf16BeWithBom(internal::RepairedUtf8(utf8_lines));
}

Result<std::map<std::string, std::string>> ParseStrings(std::string_view bytes) {
  const Result<std::string> text = Decode(bytes);
  if (!text.ok()) return text.error();
  return Parser(text.value()).Run();
}

}  // namespace passmint::apple
