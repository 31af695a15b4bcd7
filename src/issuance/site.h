#pragma once

#include <map>
#include <memory>
#include <optional>
#include <string>

#include "base/ids.h"
#include "base/random.h"
#include "calendar/quiet_hours.h"
#include "cards/programme.h"
#include "crypto/cms.h"
#include "crypto/jws.h"
#include "crypto/master_key.h"
#include "issuance/approval.h"
#include "programme/rules.h"

namespace passmint::issuance {

class RuleBook;  // rule_book.h
std::shared_ptr<RuleBook> MakeRuleBook();

// What signs a programme's Save to Google Wallet links.
struct GoogleIdentity {
  IssuerId issuer;
  std::string service_account;  // The e-mail address: "iss" of the JWT.
  crypto::Rs256Signer signer;
};

// One programme with what it needs to make cards. A wallet that is not configured is null, and
// links to it are null too.
struct ProgrammeSite {
  cards::Programme programme;
  std::shared_ptr<const crypto::ManifestSigner> apple;
  std::shared_ptr<const GoogleIdentity> google;
  // Of the settings; used while the store has none (rule_sets.h). Version 0: none, nothing is
  // earned.
  programme::RuleSet rules = {};
  // When phones are not disturbed: changes are told later, or without a notification.
  std::optional<calendar::QuietHours> quiet = {};
  Approval approval = Approval::kRole;              // Who may publish a draft.
  std::shared_ptr<RuleBook> book = MakeRuleBook();  // The store's rule sets.
};

// What the settings and secrets of the running service amount to. Immutable; safe for concurrent
// use; outlives every use case.
struct Site {
  std::string public_url;       // Without a slash at the end.
  std::string google_save_url;  // With a slash at the end.
  std::map<ProgrammeId, ProgrammeSite> programmes;
  std::shared_ptr<const crypto::KeyRing> keys;
  std::shared_ptr<Random> random;

  // Null if the settings have no such programme.
  const ProgrammeSite* Find(const ProgrammeId& id) const;
};

}  // namespace passmint::issuance
