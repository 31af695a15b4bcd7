#pragma once

#include <optional>
#include <string>

#include "base/ids.h"
#include "base/timestamp.h"
#include "design/template_files.h"

namespace passmint::issuance {

// Who took a version from the cards, when, and why.
struct Withdrawal {
  Timestamp at;
  ApiKeyName by;
  std::string reason;
};

// A published version of a template. Immutable but for the ring and what withdrew it.
struct DesignVersion {
  TemplateName name;
  int version = 0;   // 1, 2, 3, ... within the template.
  std::string hash;  // DraftTag of the files.
  std::string kind;  // design::Name(Kind): a change of template never crosses kinds.
  design::TemplateFiles files;
  // The share of cards, in percent, that shows it now (cards::RingOf(card) < ring); of those that
  // reach a card the newest wins.
  int ring = 100;
  // The widest that `ring` ever was: cards within it have shown this version, so its changed_at
  // counts for them even after a roll-back. Kept by the store.
  int reach = 100;
  // Whole seconds: max(now, 1 + the newest of its cards) at the last change of its ring.
  Timestamp changed_at;
  Timestamp published_at;
  ApiKeyName author;  // Of the draft.
  ApiKeyName published_by;
  std::string comment;
  // The last roll-back that took it from its cards; it stays when they are given it again.
  std::optional<Withdrawal> withdrawal;
};

}  // namespace passmint::issuance
