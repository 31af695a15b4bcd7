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

// Google's limits: 30 characters for the account's id and 30 for the project's.
constexpr std::size_t kEmailLengthMax =
    30 + 1 + 30 + std::string_view(".iam.gserviceaccount.com").size();

// Any instant of the next 200 years has as many digits.
constexpr Timestamp kSomeNow = FromMicros(1'795'255'200'000'000);

struct Share {
  std::string pointer;
  std::size_t bytes = 0;
};

// What each place of the template adds to the object, largest first: the dumped length of each
// member or module, by where it comes from.
std::vector<Share> Shares(const Pair& pair) {
  std::map<std::string, std::size_t> bytes;
  const auto add = [&](const std::string& path, const Json& value, std::size_t key_length) {
    const Origin origin = OriginOf(pair, Side::kObject, path);
    const std::string& place = origin.pointer.empty() ? origin.file : origin.pointer;
    bytes[place] += json::Dump(value).size() + key_length;
  };
  for (const auto& [key, value] : pair.object.items()) {
    if (key == "id" || key == "classId" || key == "state") continue;
    const std::string path = json::Child("", key);
    if (!value.is_array()) {
      add(path, value, key.size() + 3);
      continue;
    }
    for (std::size_t i = 0; i < value.size(); ++i) add(json::Child(path, i), value[i], 1);
  }
  std::vector<Share> shares;
  for (auto& [pointer, count] : bytes) shares.push_back({pointer, count});
  std::stable_sort(shares.begin(), shares.end(),
                   [](const Share& a, const Share& b) { return a.bytes > b.bytes; });
  return shares;
}

}  // namespace

void LintLink(const Pair& pair, const Environment& environment, LintReport& report) {
  const SaveClaims claims{.service_account_email = environment.service_account_email.empty()
                                                       ? std::string(kEmailLengthMax, 'a')
                                                       : environment.service_account_email,
                          .origins = environment.origins};
  const std::size_t claims_bytes =
      SaveClaimsJson(claims, pair.layout.vertical, pair.object, kSomeNow).size();
  const std::size_t length = SaveJwtLength(claims_bytes);
  if (length <= kJwtLengthMax) return;
  const std::vector<Share> shares = Shares(pair);
  constexpr std::size_t kNamed = 3;
  std::string largest;
  for (std::size_t i = 0; i < std::min(kNamed, shares.size()); ++i) {
    largest += (i == 0 ? "" : ", ") + shares[i].pointer + " (" + std::to_string(shares[i].bytes) +
               " bytes)";
  }
  // Three bytes are four characters.
  const std::size_t excess = (length - kJwtLengthMax) * 3 / 4 + 1;
  report.Error("G18", {.pointer = shares.empty() ? "" : shares.front().pointer},
               "the longest link has " + std::to_string(length) + " characters of " +
                   std::to_string(kJwtLengthMax) + " that browsers are sure to keep",
               "Save " + std::to_string(excess) + " bytes; the largest are " + largest +
                   ". Shorten them, give fields \"google\": \"none\", or take variables out of "
                   "them: what no card changes is not part of the link.");
}

}  // namespace passmint::google
