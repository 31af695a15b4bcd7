#include "google/environment.h"

#include <algorithm>
#include <charconv>
#include <cstdint>
#include <system_error>

namespace passmint::google {
namespace {

bool IsIdCharacter(char c) {
  return (c >= '0' && c <= '9') || (c >= 'A' && c <= 'Z') || (c >= 'a' && c <= 'z') || c == '.' ||
         c == '_' || c == '-';
}

std::string Join(const IssuerId& issuer, std::string_view suffix) {
  std::string id;
  id.reserve(issuer.str().size() + 1 + suffix.size());
  id += issuer.str();
  id += '.';
  id += suffix;
  return id;
}

}  // namespace

bool IsIssuerId(std::string_view text) {
  if (text.empty() || text.front() < '0' || text.front() > '9') return false;
  std::int64_t number = 0;
  const char* const end = text.data() + text.size();
  const auto [rest, problem] = std::from_chars(text.data(), end, number);
  return problem == std::errc() && rest == end && number > 0;
}

bool IsIdSuffix(std::string_view text) {
  return !text.empty() && std::all_of(text.begin(), text.end(), IsIdCharacter);
}

ClassId MakeClassId(const IssuerId& issuer, std::string_view suffix) {
  return ClassId(Join(issuer, suffix));
}

ObjectId MakeObjectId(const IssuerId& issuer, std::string_view suffix) {
  return ObjectId(Join(issuer, suffix));
}

}  // namespace passmint::google
