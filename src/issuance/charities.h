#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "base/ids.h"
#include "base/result.h"
#include "issuance/owner.h"
#include "issuance/points_summary.h"
#include "issuance/site.h"
#include "issuance/store.h"

// Points that members give away. A reward of kind donation is a charity with an account of its own,
// which belongs to no member: so nothing spends, merges or transfers what it has, and it never
// expires.

namespace passmint::issuance {

// "c_" and the reward's id.
AccountId CharityAccount(const std::string& reward);

struct Donation {
  std::string reward;
  std::string claim;  // The document on both sides.
  std::int64_t points = 0;
  std::string actor;
  Json note;
};
// Moves the points in one transaction, by two entries of type donate that cite each other. Returns
// the member's side. Fails as ledger::ApplyDonation.
Result<PointsSummary> Donate(Transaction& transaction, const Site& site,
                             const ProgrammeSite& programme, const Owner& owner,
                             const Donation& donation);

// What a charity was given in all.
struct Charity {
  std::string id;    // Of the reward.
  std::string name;  // As the rules in effect call it; else the id.
  std::int64_t points = 0;
};
// Those of the rules in effect and those that were given something before, by id.
Result<std::vector<Charity>> Charities(Transaction& transaction, const ProgrammeSite& programme);

}  // namespace passmint::issuance
