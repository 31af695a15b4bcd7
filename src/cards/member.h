#pragma once

#include <chrono>
#include <cstddef>
#include <optional>
#include <string>
#include <string_view>

#include "base/ids.h"
#include "base/result.h"
#include "base/timestamp.h"
#include "json/json.h"

namespace passmint::cards {

enum class IdentityType { kPhone, kEmail };  // Stored as "phone", "email".

std::string_view ToText(IdentityType type);
std::optional<IdentityType> IdentityTypeFrom(std::string_view text);

// A phone number in E.164 or a normalised e-mail address. One identity belongs to at most one
// member of a programme.
struct Identity {
  IdentityType type = IdentityType::kPhone;
  std::string value;
  std::optional<Timestamp> verified_at;  // When the shop last vouched that the person owns it.
};

// That a customer has agreed to take part, or does no more.
struct OptIn {
  bool in = false;
  Timestamp at;        // When that was said last.
  std::string source;  // By whom: the name of the API key.
  friend bool operator==(const OptIn&, const OptIn&) = default;
};

// A customer in a programme.
struct Member {
  MemberId id;
  AccountId account;     // In the ledger: what the member owns.
  MemberId merged_into;  // Empty: not merged. Else this member is that one now.
  // Empty: for nobody. Else the organisation's member, whose account they earn and spend on.
  MemberId acts_for = {};
  std::string name;                    // May be empty.
  std::string locale;                  // A language tag or empty.
  std::string time_zone = {};          // IANA; empty: the programme's.
  std::optional<OptIn> opted_in = {};  // Nothing: never asked, or never said.
  std::optional<std::chrono::year_month_day> birthday;
  Json attributes = Json::object();  // Flat: string, number or boolean by name.
  bool erased = false;               // Personal data is gone; the ledger stays.
  Timestamp created_at;
  Timestamp changed_at;  // Of the data above or of an identity.
};

// The names that attributes may have: [a-z0-9_], 1 to 64, at most 50 a member.
inline constexpr std::size_t kAttributesMax = 50;
inline constexpr std::size_t kAttributeNameBytesMax = 64;
// Room for a sentence; attributes are facts about a person, not documents.
inline constexpr std::size_t kAttributeTextBytesMax = 500;

// Fails with kInvalidArgument unless `attributes` is such a flat object; `problems` has one entry a
// fault ("attributes_count", "attribute_name", "attribute_value") with a pointer into `attributes`.
// Null as a value is refused: what a PATCH removes is gone before this is asked.
Status CheckAttributes(const Json& attributes);

}  // namespace passmint::cards
