#pragma once

#include <map>
#include <string>

#include "base/result.h"
#include "cards/member.h"
#include "issuance/card_terms_tables.h"
#include "issuance/store.h"
#include "json/json.h"

// Who gave a member's attributes. What the client gave stays, whatever the shop or a link to a
// social account say later; what the shop gave stays against the social account.

namespace passmint::issuance {

struct AttributeChange {
  Json wanted = Json::object();  // To be merged; a null removes one.
  AttributeSource source = AttributeSource::kShop;
  bool overwrite = false;  // Whoever gave them.
};

// The source of every attribute that the member has.
Result<std::map<std::string, AttributeSource>> SourcesOf(Transaction& transaction,
                                                         const ProgrammeId& programme,
                                                         const cards::Member& member);

// Merges what of the change may be into member.attributes, which the caller writes, and notes the
// source. Returns whether something stronger kept a value. Reads nothing unless an attribute that
// is there would change, or its source is not the shop.
Result<bool> MergeAttributes(Transaction& transaction, const ProgrammeId& programme,
                             const AttributeChange& change, cards::Member& member);

}  // namespace passmint::issuance
