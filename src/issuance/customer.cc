#include "issuance/customer.h"

#include <algorithm>
#include <utility>

#include "base/language.h"
#include "base/utf8.h"
#include "calendar/time_zone.h"
#include "cards/contact.h"
#include "crypto/token.h"
#include "issuance/attribute_sources.h"
#include "issuance/points.h"

namespace passmint::issuance {
namespace {

using cards::Identity;
using cards::IdentityType;
using cards::Member;

bool IsAttributeName(std::string_view name) {
  return !name.empty() && name.size() <= 64 && std::all_of(name.begin(), name.end(), [](char c) {
    return (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || c == '_';
  });
}

void CheckAttributes(const Json& attributes, const std::string& pointer,
                     std::vector<InputProblem>& problems) {
  if (attributes.size() > cards::kAttributesMax) {
    problems.push_back({"too_many", pointer, "at most 50 attributes"});
  }
  for (const auto& [name, value] : attributes.items()) {
    const std::string at = json::Child(pointer, name);
    if (!IsAttributeName(name)) {
      problems.push_back({"invalid_name", at, "an attribute's name has 1 to 64 of a-z, 0-9 and _"});
    } else if (!value.is_string() && !value.is_number_integer() && !value.is_boolean()) {
      problems.push_back({"invalid_type", at, "an attribute is a string, an integer or a boolean"});
    } else if (value.is_string() &&
               value.get_ref<const std::string&>().size() > kAttributeBytesMax) {
      problems.push_back({"too_long", at, "an attribute has at most 500 bytes"});
    }
  }
}

void CheckName(const std::string& name, const std::string& pointer, Customer& customer,
               std::vector<InputProblem>& problems) {
  if (CodePointCount(name) > kNameCharactersMax) {
    problems.push_back({"too_long", pointer, "a name has at most 100 characters"});
  } else if (HasControlCharacter(name)) {
    problems.push_back({"invalid_value", pointer, "a name has no control characters"});
  } else {
    customer.name = name;
  }
}

// The first of `identities` with that type, or null.
const Identity* Find(const std::vector<Identity>& identities, IdentityType type) {
  const auto found = std::find_if(identities.begin(), identities.end(),
                                  [&](const Identity& identity) { return identity.type == type; });
  return found == identities.end() ? nullptr : &*found;
}

Error LostRace() {
  return {.code = ErrorCode::kUnavailable,
          .message = "another request took the same identity meanwhile",
          .reason = "lost_race"};
}

// Whether an identity that was looked for already had an owner: if it had none and has one now,
// somebody was faster, and the whole work runs again.
struct Seen {
  bool phone_free = false;
  bool email_free = false;

  bool free(IdentityType type) const {
    return type == IdentityType::kPhone ? phone_free : email_free;
  }
};

// Gives the member an e-mail or phone that it lacks, unless it is someone else's.
Status Attach(Transaction& transaction, const cards::Programme& programme, const Member& member,
              const Identity& identity, const Seen& seen, std::vector<Warning>& warnings) {
  std::optional<MemberId> owner;
  if (!seen.free(identity.type)) {
    auto found = transaction.FindMemberByIdentity(programme.id, identity.type, identity.value);
    if (!found.ok()) return std::move(found).error();
    owner = std::move(found).value();
  }
  if (owner && *owner != member.id) {
    const bool email = identity.type == IdentityType::kEmail;
    warnings.push_back({email ? "email_belongs_to_other" : "phone_belongs_to_other",
                        email ? "the e-mail belongs to another member and was not attached"
                              : "the phone belongs to another member and was not attached"});
    return {};
  }
  auto attached = transaction.AttachIdentity(programme.id, member.id, identity);
  if (!attached.ok()) return std::move(attached).error();
  return attached.value() ? Status() : Status(LostRace());
}

// Whether a verified customer is shown to be this member: the shop vouches for what it sent, and
// what it sent was the member's before. The phone counts where there is one; an identity that
// nobody had proves nothing about whose card this is.
bool Proves(const std::vector<Identity>& known, const Customer& customer) {
  if (!customer.verified) return false;
  const IdentityType type = customer.phone ? IdentityType::kPhone : IdentityType::kEmail;
  const auto& sent = customer.phone ? customer.phone : customer.email;
  const Identity* own = Find(known, type);
  return sent && own != nullptr && own->value == *sent;
}

// A member before the identities of a customer are attached.
struct Standing {
  std::vector<Identity> known = {};
  bool trusted = false;  // The customer has shown to be the member.
};

// Attaches what the member has not, and confirms what it has if the customer is verified. An
// identity of that type with another value stays as it is: a number typed at a till does not
// replace a known one. To a member who was there before, only a verified customer adds an identity:
// else an order with someone else's phone and one's own e-mail would be the first step to their
// card.
Status AttachAll(Transaction& transaction, const cards::Programme& programme, const Member& member,
                 const Standing& standing, const Customer& customer, const Seen& seen,
                 std::vector<Warning>& warnings) {
  const auto verified_at =
      customer.verified ? std::optional<Timestamp>(transaction.Now()) : std::nullopt;
  const auto attach = [&](IdentityType type, const std::optional<std::string>& value) -> Status {
    if (!value) return {};
    const Identity* own = Find(standing.known, type);
    if (own != nullptr && own->value == *value && !customer.verified) return {};
    if (own != nullptr && own->value != *value) {
      const bool email = type == IdentityType::kEmail;
      warnings.push_back({email ? "email_kept" : "phone_kept",
                          email ? "the member has another e-mail, which stays"
                                : "the member has another phone, which stays"});
      return {};
    }
    if (own == nullptr && !standing.trusted) {
      const bool email = type == IdentityType::kEmail;
      warnings.push_back(
          {email ? "email_not_verified" : "phone_not_verified",
           email ? "the e-mail was not attached: nothing shows that it is the member's"
                 : "the phone was not attached: nothing shows that it is the member's"});
      return {};
    }
    return Attach(transaction, programme, member, {type, *value, verified_at}, seen, warnings);
  };
  // In the order of their types, so that two transactions never wait for each other crosswise.
  if (Status phone = attach(IdentityType::kPhone, customer.phone); !phone.ok()) return phone;
  return attach(IdentityType::kEmail, customer.email);
}

// What of the customer's attributes the shop may say of the member: all, but what somebody stronger
// gave.
Result<Json> AttributesFor(Transaction& transaction, const ProgrammeId& programme,
                           const Member& member, const Customer& customer,
                           std::vector<Warning>& warnings) {
  if (customer.attributes.empty()) return customer.attributes;
  Member changed = member;
  const auto kept =
      MergeAttributes(transaction, programme, {.wanted = customer.attributes}, changed);
  if (!kept.ok()) return kept.error();
  if (!kept.value()) return customer.attributes;
  warnings.push_back({"attributes_kept", "the customer gave some of the attributes; theirs stay"});
  Json allowed = Json::object();
  for (const auto& [name, value] : customer.attributes.items()) {
    if (changed.attributes.contains(name)) allowed[name] = changed.attributes[name];
  }
  return allowed;
}

// Fills what is empty; replaces what is there only with `replace`.
bool MergeFacts(Member& member, const Customer& customer, bool replace, Timestamp now,
                std::vector<Warning>& warnings) {
  const Member before = member;
  if (!customer.name.empty() && (replace || member.name.empty())) member.name = customer.name;
  if (!customer.locale.empty() && (replace || member.locale.empty()))
    member.locale = customer.locale;
  if (customer.birthday && (replace || !member.birthday)) member.birthday = customer.birthday;
  if (!customer.time_zone.empty() && (replace || member.time_zone.empty())) {
    member.time_zone = customer.time_zone;
  }
  // Who never said anything may be said to take part by any order; the rest needs the customer.
  if (customer.opted_in && (replace || !member.opted_in)) {
    SetOptIn(member, *customer.opted_in, now, customer.source);
  }
  bool left_out = false;
  for (const auto& [name, value] : customer.attributes.items()) {
    const bool has = member.attributes.contains(name);
    if (has ? replace : member.attributes.size() < cards::kAttributesMax) {
      member.attributes[name] = value;
    }
    left_out = left_out || (!has && !member.attributes.contains(name));
  }
  if (left_out) {
    warnings.push_back({"attributes_left_out",
                        "the member has 50 attributes; new ones were left out, PATCH makes room"});
  }
  return before.name != member.name || before.locale != member.locale ||
         before.birthday != member.birthday || before.attributes != member.attributes ||
         before.time_zone != member.time_zone || before.opted_in != member.opted_in;
}

Result<FoundMember> MakeMember(Transaction& transaction, const cards::Programme& programme,
                               const Customer& customer, const Seen& seen, Random& random,
                               std::vector<Warning>& warnings) {
  Member member{.id = MemberId("m_" + crypto::MakeUuidV7(transaction.Now(), random)),
                .account = {},
                .merged_into = {},
                .name = {},
                .locale = {},
                .birthday = std::nullopt,
                .attributes = Json::object(),
                .erased = false,
                .created_at = transaction.Now(),
                .changed_at = transaction.Now()};
  member.account = AccountFor(member.id);
  (void)MergeFacts(member, customer, true, transaction.Now(), warnings);
  if (Status inserted = transaction.InsertMember(programme.id, member); !inserted.ok()) {
    return std::move(inserted).error();
  }
  if (Status attached =
          AttachAll(transaction, programme, member, {.trusted = true}, customer, seen, warnings);
      !attached.ok()) {
    return std::move(attached).error();
  }
  return FoundMember{
      .member = std::move(member), .created = true, .changed = true, .proven = customer.verified};
}

Result<FoundMember> UpdateKnown(Transaction& transaction, const cards::Programme& programme,
                                Transaction::KnownMember known, Customer customer,
                                std::vector<Warning>& warnings) {
  Member member = std::move(known.member);
  const bool proven = Proves(known.identities, customer);
  if (proven) {
    auto allowed = AttributesFor(transaction, programme.id, member, customer, warnings);
    if (!allowed.ok()) return std::move(allowed).error();
    customer.attributes = std::move(allowed).value();
  }
  if (Status attached = AttachAll(transaction, programme, member, {known.identities, proven},
                                  customer, Seen{}, warnings);
      !attached.ok()) {
    return std::move(attached).error();
  }
  const bool changed = MergeFacts(member, customer, proven, transaction.Now(), warnings);
  if (changed) {
    member.changed_at = transaction.Now();
    if (Status updated = transaction.UpdateMember(programme.id, member); !updated.ok()) {
      return std::move(updated).error();
    }
  }
  return FoundMember{
      .member = std::move(member), .created = false, .changed = changed, .proven = proven};
}

}  // namespace

void SetOptIn(Member& member, bool opted_in, Timestamp now, const std::string& source) {
  if (member.opted_in && member.opted_in->in == opted_in) return;
  member.opted_in = cards::OptIn{.in = opted_in, .at = now, .source = source};
}

Customer CheckCustomer(const CustomerFacts& facts, const cards::Programme& programme,
                       std::string_view pointer, std::vector<InputProblem>& problems) {
  Customer customer;
  customer.verified = facts.verified;
  if (facts.phone) {
    auto phone = cards::NormalisePhone(*facts.phone, programme.region);
    if (phone.ok())
      customer.phone = std::move(phone).value();
    else
      problems.push_back({"invalid_phone", json::Child(pointer, "phone"), phone.error().message});
  }
  if (facts.email) {
    auto email = cards::NormaliseEmail(*facts.email);
    if (email.ok())
      customer.email = std::move(email).value();
    else
      problems.push_back({"invalid_email", json::Child(pointer, "email"), email.error().message});
  }
  if (facts.name) CheckName(*facts.name, json::Child(pointer, "name"), customer, problems);
  if (facts.birthday) {
    const auto birthday = ParseDate(*facts.birthday);
    if (birthday.ok())
      customer.birthday = birthday.value();
    else
      problems.push_back(
          {"invalid_date", json::Child(pointer, "birthday"), birthday.error().message});
  }
  if (facts.locale) {
    if (IsLanguageTag(*facts.locale))
      customer.locale = *facts.locale;
    else
      problems.push_back({"invalid_locale", json::Child(pointer, "locale"),
                          "not a language tag such as ru or pt-BR"});
  }
  if (facts.time_zone) {
    if (calendar::TimeZone::Find(*facts.time_zone).ok())
      customer.time_zone = *facts.time_zone;
    else
      problems.push_back({"invalid_time_zone", json::Child(pointer, "time_zone"),
                          "not a time zone such as Europe/Moscow"});
  }
  customer.opted_in = facts.opted_in;
  customer.source = facts.source;
  CheckAttributes(facts.attributes, json::Child(pointer, "attributes"), problems);
  customer.attributes = facts.attributes;
  customer.referral = facts.referral.value_or("");
  return customer;
}

Result<FoundMember> FindOrMakeMember(Transaction& transaction, const cards::Programme& programme,
                                     const Customer& customer, Random& random,
                                     std::vector<Warning>& warnings) {
  std::optional<Transaction::KnownMember> known;
  const auto look = [&](IdentityType type, const std::optional<std::string>& value) -> Status {
    if (known || !value) return {};
    auto found = transaction.FindKnownMember(programme.id, type, *value);
    if (!found.ok()) return std::move(found).error();
    known = std::move(found).value();
    return {};
  };
  if (Status phone = look(IdentityType::kPhone, customer.phone); !phone.ok()) {
    return std::move(phone).error();
  }
  Seen seen{.phone_free = !known, .email_free = false};
  if (!known) {
    if (Status email = look(IdentityType::kEmail, customer.email); !email.ok()) {
      return std::move(email).error();
    }
    seen.email_free = !known;
    // An e-mail whose owner is known under another phone number is not this customer's.
    if (known && customer.phone && Find(known->identities, IdentityType::kPhone) != nullptr) {
      known.reset();
    }
  }
  if (!known) return MakeMember(transaction, programme, customer, seen, random, warnings);
  return UpdateKnown(transaction, programme, *std::move(known), customer, warnings);
}

Result<Member> MakeUnknownMember(Transaction& transaction, const cards::Programme& programme,
                                 const Customer& customer, Random& random,
                                 std::vector<Warning>& warnings) {
  auto made = MakeMember(transaction, programme, customer, Seen{}, random, warnings);
  if (!made.ok()) return std::move(made).error();
  return std::move(made).value().member;
}

Result<FoundMember> UpdateMemberFacts(Transaction& transaction, const cards::Programme& programme,
                                      Member member, const Customer& customer,
                                      std::vector<Warning>& warnings) {
  auto identities = transaction.Identities(programme.id, member.id);
  if (!identities.ok()) return std::move(identities).error();
  return UpdateKnown(transaction, programme, {std::move(member), std::move(identities).value()},
                     customer, warnings);
}

Result<bool> ProvesMember(Transaction& transaction, const cards::Programme& programme,
                          const MemberId& member, const CustomerFacts& facts) {
  std::vector<InputProblem> problems;
  const Customer customer = CheckCustomer(facts, programme, "", problems);
  auto known = transaction.Identities(programme.id, member);
  if (!known.ok()) return std::move(known).error();
  return problems.empty() && Proves(known.value(), customer);
}

}  // namespace passmint::issuance
