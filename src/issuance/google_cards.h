#pragma once

#include <chrono>
#include <cstdint>
#include <map>
#include <mutex>
#include <optional>
#include <string>
#include <vector>

#include "base/clock.h"
#include "base/result.h"
#include "google/wallet_api.h"
#include "issuance/current_card.h"
#include "issuance/google_tables.h"
#include "issuance/site.h"
#include "issuance/store.h"

namespace passmint::issuance {

// What one round did for a programme.
struct GoogleRound {
  int done = 0;    // Objects and classes that Google has as they are now.
  int failed = 0;  // That it does not; they are due again, or wait for their next change.
  // How long to wait for the budget; nothing was done then.
  std::chrono::microseconds wait{0};
  // If nothing was due: when something will be, also because it waits to be tried again.
  std::optional<Timestamp> next = {};
  // The worst answer, if one was kRetry, kThrottled or kStopped: leave the programme alone for a
  // while. Also the first kRefused, of which nothing follows but a line in the log.
  std::optional<google::WalletOutcome> trouble = {};
};

// Counts one answer.
void CountGoogle(const google::WalletOutcome& outcome, GoogleRound& round);

// GoogleObject::failure: "403 permissionDenied: ...".
std::string GoogleFailure(const google::WalletOutcome& outcome);

// Use case: Google's copies of cards are as the cards are. An object is inserted when a customer
// asks for it, after that it follows the card: absolute values, one request at a time for each
// object, what failed again later, whatever came between. Safe for concurrent calls, from several
// processes too.
class GoogleCards {
 public:
  // A customer waits for no longer than this.
  static constexpr std::chrono::milliseconds kClickTime{2'000};

  // REQUIRES: all outlive it.
  GoogleCards(Store& store, const Site& site, CardMaker& maker, google::WalletApi& api,
              const Clock& clock)
      : store_(store), site_(site), maker_(maker), api_(api), clock_(clock) {}

  // The Save to Google Wallet link of a customer who has tapped the button. The object is made
  // first, if Google does not have it yet; then the link names it. If Google does not answer in
  // time the link carries the object instead, and the object is made later. Fails as
  // CardMaker::GoogleSaveUrl.
  Result<std::string> SaveUrl(const CurrentCard& current);

  // Brings what is due up to date, up to kGoogleBatch objects or one class; if nothing is, asks
  // about one object that Google was not asked about for a week whether anybody still has it. Fails
  // as Store::Write.
  Result<GoogleRound> RunRound(const ProgrammeSite& programme);

 private:
  // One object to be sent.
  struct Job {
    GoogleCard card;
    std::string card_id;
    std::int64_t revision = 0;
    std::string shown = {};
    std::string announced = {};
    bool notifies = false;     // The patch does,
    bool announces = false;    // a message that was not there before.
    std::string message = {};  // To be added after the patch; "": none.
    std::string digest = {};   // Of what Google is to have, but for whether it notifies.
    bool is_there = false;     // Google has it already; the message alone is missing.
    int attempts = 0;
    google::WalletRequest request = {};
  };

  Result<bool> Promise(const CurrentCard& current, std::optional<GoogleObject>& known);
  google::WalletOutcome InsertAtOnce(const CurrentCard& current, const GoogleCard& card);
  bool MayTryAtOnce(const ProgrammeId& programme);
  void TryLater(const ProgrammeId& programme);

  Result<GoogleRound> SendClass(const ProgrammeSite& programme, const TemplateName& name);
  Result<GoogleRound> SendObjects(const ProgrammeSite& programme,
                                  const std::vector<std::string>& cards);
  Result<GoogleRound> CheckOne(const ProgrammeSite& programme);
  Result<std::optional<Job>> MakeJob(const ProgrammeSite& programme, const std::string& card);
  Status Record(const ProgrammeId& programme, const Job& job, const google::WalletOutcome& outcome);
  void Announce(const ProgrammeSite& programme, bool took, GoogleObject& known, Job& job) const;
  // One attempt at the job's message, with two requests. Fails as Store::Write.
  Status AddMessage(const ProgrammeSite& programme, const Job& job, GoogleRound& round);
  struct Added {
    google::WalletOutcome outcome;
    std::string left;  // The message that is to be added yet; "": none.
  };
  Added TryMessage(const ProgrammeId& programme, const Job& job);
  // GoogleObject::message of a job that has done its patch; "" for "".
  static std::string PackMessage(const std::string& message, const Job& job);
  Status RecordMessage(const ProgrammeId& programme, const Job& job, const Added& added);
  Status GiveUp(const ProgrammeId& programme, const std::string& card, const Error& error);
  std::chrono::milliseconds BackOff(int attempts);

  Store& store_;
  const Site& site_;
  CardMaker& maker_;
  google::WalletApi& api_;
  const Clock& clock_;
  std::mutex mutex_;                             // Guards what follows.
  std::map<ProgrammeId, Timestamp> not_before_;  // When a click may try Google again.
};

}  // namespace passmint::issuance
