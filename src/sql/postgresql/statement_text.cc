#include "sql/postgresql/statement_text.h"

#include <array>

namespace passmint::sql::postgresql {
namespace {

std::string Uncomment(std::string_view text, std::string_view opening) {
  static constexpr std::string_view kClosing = "*/";
  std::string result;
  while (true) {
    const std::size_t at = text.find(opening);
    const std::size_t end = at == std::string_view::npos ? at : text.find(kClosing, at);
    if (end == std::string_view::npos) break;
    result += text.substr(0, at);
    result += text.substr(at + opening.size(), end - at - opening.size());
    text.remove_prefix(end + kClosing.size());
  }
  result += text;
  return result;
}

// FNV-1a, 64 bits (http://www.isthe.com/chongo/tech/comp/fnv/), from two beginnings: a name must
// not stand for two texts.
std::uint64_t Fnv(std::string_view text, std::uint64_t hash) {
  for (const char c : text) {
    hash ^= static_cast<unsigned char>(c);
    hash *= 0x100000001b3;
  }
  return hash;
}

void AppendHex(std::string& to, std::uint64_t value) {
  static constexpr std::string_view kDigits = "0123456789abcdef";
  for (int shift = 60; shift >= 0; shift -= 4) to += kDigits[(value >> shift) & 15];
}

}  // namespace

std::string WithLocks(std::string_view text) { return Uncomment(text, "/*lock:"); }

std::string ForPostgresql(std::string_view script) { return Uncomment(script, "/*postgresql:"); }

std::string StatementName(std::string_view text) {
  std::string name = "passmint_";
  AppendHex(name, Fnv(text, 0xcbf29ce484222325));
  AppendHex(name, Fnv(text, 0x84222325cbf29ce4));
  return name;
}

}  // namespace passmint::sql::postgresql
