#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/ids.h"
#include "base/result.h"
#include "base/timestamp.h"

namespace passmint::issuance {

// What a card has for itself. A card without terms has neither a rate nor a price.
struct CardTerms {
  std::string card;                       // Its id.
  std::optional<std::int64_t> rate_ppm;   // Where rules say "rate": "card"; beats the tier's.
  std::int64_t price_minor = 0;           // What it is sold for; 0: it is given away.
  std::optional<Timestamp> paid_at = {};  // Nothing: it was not sold, or awaits its payment.
  std::string payment = {};               // What the caller calls the payment.
};

// A paid period of a plan of the rules' "memberships". A renewal is another one.
struct Membership {
  std::string id;  // The caller's.
  MemberId member;
  std::string plan;
  std::int64_t price_minor = 0;
  std::string source;  // Of the order that paid for it; both may be empty.
  std::string order;
  Timestamp starts_at;
  Timestamp ends_at;    // Of what was paid for.
  Timestamp lapses_at;  // With the grace; from this instant on its benefits are refused.
  std::optional<Timestamp> cancelled_at = {};
  std::string actor;  // Name of the API key.
  Timestamp created_at;
};

// Who said what a member's attribute holds, from the weakest to the strongest.
enum class AttributeSource { kSocial, kShop, kClient };  // Stored as "social", "shop", "client".
std::string_view ToText(AttributeSource source);
std::optional<AttributeSource> AttributeSourceFrom(std::string_view text);

struct SourcedAttribute {
  std::string name;
  AttributeSource source = AttributeSource::kShop;
};

// The part of a Transaction (store.h) that knows what cards and members have for themselves, with
// the same failures and life.
class CardTermsTables {
 public:
  virtual Result<std::optional<CardTerms>> FindCardTerms(const ProgrammeId&,
                                                         const std::string& card) = 0;
  // Makes or replaces them.
  virtual Status PutCardTerms(const ProgrammeId&, const CardTerms&) = 0;

  // False if there is one with that id: then nothing was written.
  virtual Result<bool> InsertMembership(const ProgrammeId&, const Membership&) = 0;
  virtual Result<std::optional<Membership>> FindMembership(const ProgrammeId&,
                                                           const std::string& id) = 0;
  // Those that lapse behind `after`, the last to lapse first.
  virtual Result<std::vector<Membership>> MembershipsOf(const ProgrammeId&, const MemberId&,
                                                        Timestamp after, int limit) = 0;
  // Its end, and that it was cancelled.
  virtual Status UpdateMembership(const ProgrammeId&, const Membership&) = 0;
  // A merge brings them to the other member.
  virtual Status MoveMemberships(const ProgrammeId&, const MemberId& from, const MemberId& to) = 0;

  // Of the attributes that somebody else than the shop gave.
  virtual Result<std::vector<SourcedAttribute>> AttributeSources(const ProgrammeId&,
                                                                 const MemberId&) = 0;
  // Makes or replaces it. That of the shop is what no row says.
  virtual Status PutAttributeSource(const ProgrammeId&, const MemberId&,
                                    const SourcedAttribute&) = 0;

 protected:
  ~CardTermsTables() = default;
};

}  // namespace passmint::issuance
