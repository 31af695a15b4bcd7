#include "cards/contact.h"

#include <phonenumbers/phonenumber.pb.h>
#include <phonenumbers/phonenumberutil.h>

#include <algorithm>
#include <array>
#include <functional>
#include <mutex>
#include <optional>
#include <utility>
#include <vector>

namespace passmint::cards {
namespace {

using i18n::phonenumbers::PhoneNumber;
using i18n::phonenumbers::PhoneNumberUtil;

bool IsLetter(char c) { return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z'); }
bool IsDigit(char c) { return c >= '0' && c <= '9'; }
bool IsSpace(char c) { return c == ' ' || c == '\t' || c == '\r' || c == '\n'; }
bool IsPrintableAscii(char c) { return c > ' ' && c < '\x7f'; }

char ToLower(char c) { return c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c; }

Error NotAPhone(std::string detail) { return InvalidInput("phone", "", std::move(detail)); }
Error NotAnEmail(std::string detail) { return InvalidInput("email", "", std::move(detail)); }

std::string_view Trim(std::string_view text) {
  while (!text.empty() && IsSpace(text.front())) text.remove_prefix(1);
  while (!text.empty() && IsSpace(text.back())) text.remove_suffix(1);
  return text;
}

// RFC 5321 Dot-string: atoms of atext with single dots between.
bool IsLocalPart(std::string_view local) {
  if (local.empty() || local.size() > kEmailLocalPartBytesMax) return false;
  if (local.front() == '.' || local.back() == '.') return false;
  if (local.find("..") != std::string_view::npos) return false;
  return std::all_of(local.begin(), local.end(), [](char c) {
    return IsPrintableAscii(c) &&
           std::string_view("\"(),:;<>[\\]").find(c) == std::string_view::npos;
  });
}

// RFC 1035 section 2.3.1 labels; the last has a letter, so that an IP address is no domain.
bool IsDomain(std::string_view domain) {
  int labels = 0;
  bool last_has_letter = false;
  while (true) {
    const std::size_t dot = domain.find('.');
    const std::string_view label = domain.substr(0, dot);
    if (label.empty() || label.size() > 63 || label.front() == '-' || label.back() == '-') {
      return false;
    }
    const bool letters_digits_hyphens = std::all_of(
        label.begin(), label.end(), [](char c) { return IsLetter(c) || IsDigit(c) || c == '-'; });
    if (!letters_digits_hyphens) return false;
    last_has_letter = std::any_of(label.begin(), label.end(), IsLetter);
    ++labels;
    if (dot == std::string_view::npos) break;
    domain.remove_prefix(dot + 1);
  }
  return labels >= 2 && last_has_letter;
}

// What was made of texts lately. The library takes 15 us for a number, more than all else that is
// done to an order before the store sees it, and the same customers come again. A text has one
// place, which it shares with others: the newest is remembered. Safe for concurrent calls.
class RecentPhones {
 public:
  std::optional<std::string> Find(std::string_view text, std::string_view region) {
    const std::size_t at = PlaceOf(text, region);
    const std::lock_guard lock(mutexes_[at % kMutexes]);
    const Known& known = known_[at];
    if (known.text != text || known.region != region) return std::nullopt;
    return known.e164;
  }

  void Remember(std::string_view text, std::string_view region, const std::string& e164) {
    const std::size_t at = PlaceOf(text, region);
    const std::lock_guard lock(mutexes_[at % kMutexes]);
    known_[at] = {.text = std::string(text), .region = std::string(region), .e164 = e164};
  }

 private:
  struct Known {
    std::string text;
    std::string region;
    std::string e164;
  };
  static constexpr std::size_t kPlaces = 32 * 1024;  // 3 MB
  static constexpr std::size_t kMutexes = 64;

  static std::size_t PlaceOf(std::string_view text, std::string_view region) {
    const std::hash<std::string_view> hash;
    return (hash(text) ^ hash(region)) % kPlaces;
  }

  std::vector<Known> known_ = std::vector<Known>(kPlaces);
  std::array<std::mutex, kMutexes> mutexes_;
};

Result<std::string> ParsePhone(std::string_view trimmed, std::string_view region) {
  // The library reads "1-800-FLOWERS" and finds the number inside "call +7921...": good for text
  // that people wrote, wrong for a field that should hold one number.
  if (std::any_of(trimmed.begin(), trimmed.end(), IsLetter)) {
    return NotAPhone("a phone number has no letters and no extension");
  }
  const PhoneNumberUtil& util = *PhoneNumberUtil::GetInstance();
  PhoneNumber number;
  if (util.Parse(std::string(trimmed), std::string(region), &number) !=
      PhoneNumberUtil::NO_PARSING_ERROR) {
    return NotAPhone("that is no phone number; write it with + and the country code");
  }
  if (number.has_extension()) return NotAPhone("a phone number has no letters and no extension");
  if (util.IsPossibleNumberWithReason(number) != PhoneNumberUtil::IS_POSSIBLE) {
    return NotAPhone(
        "no country has phone numbers of this length; write it with + and the country "
        "code");
  }
  std::string e164;
  util.Format(number, PhoneNumberUtil::E164, &e164);
  return e164;
}

}  // namespace

Result<std::string> NormalisePhone(std::string_view text, std::string_view region) {
  static RecentPhones& recent = *new RecentPhones;  // Used until the last thread ends.
  const std::string_view trimmed = Trim(text);
  if (trimmed.empty()) return NotAPhone("the phone number is empty");
  if (trimmed.size() > kPhoneTextBytesMax) return NotAPhone("that is too long for a phone number");
  if (auto known = recent.Find(trimmed, region)) return *std::move(known);
  auto parsed = ParsePhone(trimmed, region);
  if (parsed.ok()) recent.Remember(trimmed, region, parsed.value());
  return parsed;
}

Result<std::string> NormaliseEmail(std::string_view text) {
  const std::string_view trimmed = Trim(text);
  if (trimmed.empty()) return NotAnEmail("the e-mail address is empty");
  if (trimmed.size() > kEmailBytesMax) return NotAnEmail("an e-mail address has at most 254 bytes");
  const std::size_t at = trimmed.find('@');
  if (at == std::string_view::npos || trimmed.find('@', at + 1) != std::string_view::npos) {
    return NotAnEmail("an e-mail address has one @");
  }
  if (!IsLocalPart(trimmed.substr(0, at))) {
    return NotAnEmail(
        "the part before the @ is 1 to 64 ASCII letters, digits and marks without "
        "spaces, quotes or brackets");
  }
  if (!IsDomain(trimmed.substr(at + 1))) {
    return NotAnEmail(
        "the part behind the @ is no domain name; write an international one in its "
        "xn-- form");
  }
  std::string address(trimmed);
  std::transform(address.begin(), address.end(), address.begin(), ToLower);
  return address;
}

}  // namespace passmint::cards
