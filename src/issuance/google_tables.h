#pragma once

#include <chrono>
#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "base/ids.h"
#include "base/result.h"
#include "base/timestamp.h"

namespace passmint::issuance {

// What Google is known to hold of one card, and what it is to be told.
struct GoogleObject {
  std::string card;
  std::string suffix;  // Card::google_suffix.
  std::optional<Timestamp> inserted_at =
      {};                                    // Known to exist there since then; nothing: not known.
  std::optional<Timestamp> patched_at = {};  // When it last became what the card was.
  std::int64_t sent_revision = 0;            // Of the card, as Google has it; 0: none.
  std::string shown = {};                    // google::NotifyingValues of what Google has.
  std::string announced = {};                // google::AnnouncedValues of it; "": not known.
  std::string message = {};                  // Message to be added yet, as JSON text; "": none.
  std::vector<Timestamp> notified = {};      // The last day's changes that notified, oldest first.
  bool has_users = false;                    // Somebody has it in their wallet, as far as we know.
  Timestamp checked_at = {};                 // When Google was last asked for that.
  std::string callback = {};                 // The last one's event, "save" or "del"; "": none yet.
  std::optional<Timestamp> callback_at = {};
  std::optional<Timestamp> due_at = {};  // When to bring it up to date; nothing: it is.
  int attempts = 0;                      // Failed ones since the last success.
  std::string failure = {};              // Of the last attempt.
};

// The same of a template's class.
struct GoogleClass {
  TemplateName name;
  int sent_version = 0;  // 0: none.
  std::optional<Timestamp> due_at;
  int attempts = 0;
  std::string failure = {};
};

// An even pace for requests that several processes make: at most one each `interval`, and `burst`
// of them at once after a pause.
struct RequestPace {
  std::chrono::microseconds interval{0};
  int burst = 1;
};

// What we know of Google Wallet: a part of a Transaction (store.h), with the same failures and the
// same life.
class GoogleTables {
 public:
  // Locks the row; the card is locked first (store/README.md).
  virtual Result<std::optional<GoogleObject>> FindGoogleObject(const ProgrammeId&,
                                                               const std::string& card) = 0;
  // The card's changes want deliveries to Google from now on, so it has to be locked (FindCard in a
  // write). False if it was there; then nothing was written.
  virtual Result<bool> InsertGoogleObject(const ProgrammeId&, const GoogleObject&) = 0;
  // Writes every column but the suffix.
  virtual Status UpdateGoogleObject(const ProgrammeId&, const GoogleObject&) = 0;
  // A delivery of the card as it is, due at `due_at`, even if its revision was sent. The store's
  // DeliveryListener hears of it if that is now, and of WantGoogleClass with an empty card.
  virtual Status WantGoogleObject(const ProgrammeId&, const std::string& card,
                                  Timestamp due_at) = 0;
  // Deliveries to Google that are due, the longest due first: they are the caller's until `until`,
  // unless kept or postponed before (DeliveryTables).
  virtual Result<std::vector<std::string>> ClaimGoogleObjects(const ProgrammeId&, Timestamp until,
                                                              int limit) = 0;
  // Whether this claim or that of classes would find anything now. Good in Read too.
  virtual Result<bool> HasGoogleWork(const ProgrammeId&) = 0;
  // When that claim, or that of classes, finds something next, leases aside; nothing if never.
  virtual Result<std::optional<Timestamp>> NextGoogleWork(const ProgrammeId&) = 0;
  // Objects that Google was last asked for before `before`, the longest ago first.
  virtual Result<std::vector<std::string>> GoogleObjectsToCheck(const ProgrammeId&,
                                                                Timestamp before, int limit) = 0;
  // The object that a callback names, locked.
  virtual Result<std::optional<GoogleObject>> FindGoogleObjectBySuffix(
      const ProgrammeId&, const std::string& suffix) = 0;

  virtual Result<std::optional<GoogleClass>> FindGoogleClass(const ProgrammeId&,
                                                             const TemplateName&) = 0;
  virtual Status PutGoogleClass(const ProgrammeId&, const GoogleClass&) = 0;  // Ends the lease.
  virtual Status WantGoogleClass(const ProgrammeId&, const TemplateName&) = 0;
  virtual Result<std::vector<TemplateName>> ClaimGoogleClasses(const ProgrammeId&, Timestamp until,
                                                               int limit) = 0;

  // True the first time; forgotten after `expires_at`.
  virtual Result<bool> UseNonce(const ProgrammeId&, const std::string& nonce,
                                Timestamp expires_at) = 0;

  // Takes `count` requests out of the budget called `name`. Zero: they may be made now; else
  // nothing was taken, and it is how long to wait before asking again. `reserved` requests of the
  // burst are left alone, for others.
  virtual Result<std::chrono::microseconds> TakeRequests(const std::string& name, int count,
                                                         const RequestPace& pace, int reserved) = 0;

 protected:
  ~GoogleTables() = default;
};

}  // namespace passmint::issuance
