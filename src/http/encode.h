#pragma once

#include <optional>
#include <string>
#include <vector>

#include "cards/card.h"
#include "issuance/customer.h"
#include "issuance/members.h"
#include "issuance/points_summary.h"
#include "issuance/site.h"
#include "issuance/store.h"
#include "json/json.h"

namespace passmint::http {

// The schemas of assets/openapi.yaml, one function each. What the programme will fill (tier,
// rate_ppm) is there already, as null.

Json InstantJson(Timestamp instant);
Json OptionalText(const std::string& text);  // Null for "".
Json OptionalText(const std::optional<std::string>& text);

Json PointsBalanceJson(const issuance::PointsSummary& points);
Json PointsResultJson(const issuance::PointsSummary& points);

std::string CardStatusName(const cards::Card& card, Timestamp now);

// `asked`: the number that the caller named the card by, if it named one; `compromised`: that
// number was given up.
struct CardAnswer {
  const cards::Card& card;
  std::optional<CardNumber> asked = std::nullopt;
  bool compromised = false;
  issuance::PointsSummary points = {};  // Of its member.
  std::size_t apple_devices = 0;        // That are registered for its pass.
  bool in_google = false;               // Somebody has it in Google Wallet, as far as we know.
};
Json CardJson(const CardAnswer& answer, Timestamp now);

// Where the customer gets the card. A wallet that the programme has not configured is null.
Json LinksJson(const issuance::Site& site, const issuance::ProgrammeSite& programme,
               const cards::Card& card, bool has_google);

// Whether cards of that template have a counterpart in Google Wallet: there is an account, and the
// newest version is no boarding pass. A template that cannot be read has none.
bool HasGoogle(issuance::Transaction& transaction, const issuance::ProgrammeSite& programme,
               const TemplateName& name);

Json MemberJson(const issuance::MemberView& view, Timestamp now);
Json WarningsJson(const std::vector<issuance::Warning>& warnings);

}  // namespace passmint::http
