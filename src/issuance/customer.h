#pragma once

#include <chrono>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/random.h"
#include "base/result.h"
#include "cards/member.h"
#include "cards/programme.h"
#include "issuance/store.h"

namespace passmint::issuance {

// The customer as a shop's system knows them, before anything was checked but the JSON types.
struct CustomerFacts {
  std::optional<std::string> phone;
  std::optional<std::string> email;
  std::optional<std::string> name;
  std::optional<std::string> birthday;  // "1990-02-28"
  std::optional<std::string> locale;
  std::optional<std::string> time_zone = {};  // "Europe/Moscow"
  std::optional<bool> opted_in = {};
  std::string source = {};  // Who says so: the name of the API key.
  bool verified = false;    // The shop has proved that the buyer owns the phone or e-mail.
  Json attributes = Json::object();
  std::optional<std::string> referral = {};  // The token of whoever brought them.
};

// The same, checked and normalised.
struct Customer {
  std::optional<std::string> phone;  // E.164.
  std::optional<std::string> email;
  std::string name;
  std::optional<std::chrono::year_month_day> birthday;
  std::string locale;
  std::string time_zone = {};
  std::optional<bool> opted_in = {};
  std::string source = {};
  bool verified = false;
  Json attributes = Json::object();
  std::string referral = {};  // As sent (referrals.h).
};

inline constexpr std::size_t kNameCharactersMax = 100;
inline constexpr std::size_t kAttributeBytesMax = 500;

// Appends what is wrong to `problems`, each pointer starting with `pointer` ("/customer").
Customer CheckCustomer(const CustomerFacts& facts, const cards::Programme& programme,
                       std::string_view pointer, std::vector<InputProblem>& problems);

// What the customer says about taking part. When and by whom stays as it is if it is nothing new.
void SetOptIn(cards::Member& member, bool opted_in, Timestamp now, const std::string& source);

// Something the caller should know and need not act on now.
struct Warning {
  std::string code;  // "email_belongs_to_other"
  std::string detail;
};

struct FoundMember {
  cards::Member member;
  bool created = false;
  bool changed = false;  // A fact that a card may show was added or replaced.
  // The customer is verified, and by what was this member's before: only then may they see the
  // card's links or change what is known.
  bool proven = false;
};

// Phone wins over e-mail. An e-mail that belongs to someone else stays unattached and is a warning.
// Facts that the member lacks are filled in; what is there is replaced, and an identity added to a
// known member, only if the customer is verified, so that a stranger's phone number renames nobody.
//
// REQUIRES: phone or e-mail is set. Fails with kUnavailable, reason "lost_race", if someone else
// took the identity meanwhile: run the transaction again.
Result<FoundMember> FindOrMakeMember(Transaction& transaction, const cards::Programme& programme,
                                     const Customer& customer, Random& random,
                                     std::vector<Warning>& warnings);

// A new member in any case, for a customer whom nobody has verified and who must not reach what a
// member has already. A phone or e-mail that belongs to someone else stays unattached and is a
// warning. Fails as FindOrMakeMember.
Result<cards::Member> MakeUnknownMember(Transaction& transaction, const cards::Programme& programme,
                                        const Customer& customer, Random& random,
                                        std::vector<Warning>& warnings);

// The same as FindOrMakeMember for a member that was found by other means (a card number).
Result<FoundMember> UpdateMemberFacts(Transaction& transaction, const cards::Programme& programme,
                                      cards::Member member, const Customer& customer,
                                      std::vector<Warning>& warnings);

// Whether these facts prove to be the member, as FoundMember::proven says; nothing is changed.
Result<bool> ProvesMember(Transaction& transaction, const cards::Programme& programme,
                          const MemberId& member, const CustomerFacts& facts);

}  // namespace passmint::issuance
