// G18: how long the link gets that carries a whole object.

#include <algorithm>
#include <cstddef>
#include <map>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "google/lint_report.h"
#include "google/save_jwt.h"

namespace passmint::google {
namespace {

// Any instant of the next 200 years has as many digits.
constexpr Timestamp kSomeNow = FromMicros(1'795'255'200'000'000);

struct Share {
  std::string pointer;
  std::size_t bytes = 0;
};

// What each place of the template adds to the object, largest first: the dumped length of each
// member or module, by where it comes from.
std::vector<Share> Shares(const Json& object, const Pair& pair) {
  std::map<std::string, std::size_t> bytes;
  const auto add = [&](const std::string& path, const Json& value, std::size_t key_length) {
    const Origin origin = OriginOf(pair, Side::kObject, path);
    const std::string& place = origin.pointer.empty() ? origin.file : origin.pointer;
    bytes[place] += json::Dump(value).size() + key_length;
  };
  for (const auto& [key, value] : object.items()) {
    if (key == "id" || key == "classId" || key == "state") continue;
    const std::string path = json::Child("", key);
    if (!value.is_array()) {
      add(path, value, key.size() + 3);
      continue;
    }
    for (std::size_t i = 0; i < value.size(); ++i) add(json::Child(path, i), value[i], 1);
  }
  std::vector<Share> shares;
  shares.reserve(bytes.size());
  for (auto& [pointer, count] : bytes) shares.push_back({pointer, count});
  std::stable_sort(shares.begin(), shares.end(),
                   [](const Share& a, const Share& b) { return a.bytes > b.bytes; });
  return shares;
}

// The length of the longest link that carries the object in that form, over all languages.
std::size_t LongestLength(const Pair& pair, const Environment& environment, LinkForm form) {
  SaveClaims claims{.service_account_email = environment.service_account_email.empty()
                                                 ? std::string(kAssumedEmailLength, 'a')
                                                 : environment.service_account_email,
                    .origins = environment.origins};
  std::size_t longest = 0;
  for (const std::string& language : pair.layout.languages()) {
    claims.language = language;
    const Json object = InForm(pair.object, form, language);
    const std::string text = SaveClaimsJson(claims, pair.layout.vertical, object, kSomeNow);
    longest = std::max(longest, SaveJwtLength(text.size()));
  }
  return longest;
}

std::string Largest(const std::vector<Share>& shares) {
  constexpr std::size_t kNamed = 3;
  std::string text;
  for (std::size_t i = 0; i < std::min(kNamed, shares.size()); ++i) {
    text += (i == 0 ? "" : ", ") + shares[i].pointer + " (" + std::to_string(shares[i].bytes) +
            " bytes)";
  }
  return text;
}

// How many bytes of JSON are too many: three bytes are four characters.
std::size_t Excess(std::size_t length) { return (length - kJwtLengthMax) * 3 / 4 + 1; }

}  // namespace

void LintLink(const Pair& pair, const Environment& environment, LintReport& report) {
  constexpr std::string_view kHow =
      ". Shorten them, give fields \"google\": \"none\", or take variables out of them: what no "
      "card changes is not part of the link.";
  const std::size_t shortest = LongestLength(pair, environment, LinkForm::kTextsOnly);
  const std::size_t whole = LongestLength(pair, environment, LinkForm::kWhole);
  const bool too_long = shortest > kJwtLengthMax;
  if (!too_long && whole <= kJwtLengthMax) return;
  const std::string limit = " of " + std::to_string(kJwtLengthMax) + " that browsers keep";
  if (too_long) {
    const auto shares = Shares(InForm(pair.object, LinkForm::kTextsOnly, ""), pair);
    report.Error("G18", {.pointer = shares.empty() ? "" : shares.front().pointer},
                 "the longest link has " + std::to_string(shortest) + " characters" + limit +
                     ", though it carries one language and no hero picture",
                 "Save " + std::to_string(Excess(shortest)) + " bytes; the largest are " +
                     Largest(shares) + std::string(kHow));
    return;
  }
  const auto shares = Shares(pair.object, pair);
  report.Add("G18", design::Level::kInfo, {.pointer = shares.empty() ? "" : shares.front().pointer},
             "the longest link has " + std::to_string(whole) + " characters" + limit +
                 ": until its first update such a card has the member's language only, and maybe "
                 "no hero picture",
             "To have all in the link save " + std::to_string(Excess(whole)) +
                 " bytes; the largest are " + Largest(shares) + std::string(kHow));
}

}  // namespace passmint::google
