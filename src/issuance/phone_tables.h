#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "base/ids.h"
#include "base/result.h"
#include "base/timestamp.h"
#include "cards/card.h"
#include "issuance/design_version.h"

namespace passmint::issuance {

// A pass as far as "has it changed?" goes, found with one statement.
struct PassState {
  ProgrammeId programme;
  cards::Card card;
  Timestamp next_due = Timestamp::max();  // When time alone changes its account.
  // Every published version of its template, in no order: of each only version, ring, reach and
  // changed_at.
  std::vector<DesignVersion> designs;
};

// A phone that has a card's pass and wants to hear of its changes.
struct RegisteredPhone {
  DeviceLibraryIdentifier device;
  PushToken push_token;                // The newest of the device.
  Timestamp since;                     // When it first registered for this card.
  Timestamp registered_at;             // The device's last registration for any card.
  std::optional<Timestamp> listed_at;  // When it last asked what has changed.
};

// The last time any phone fetched a card's pass.
struct PassFetch {
  Timestamp at;
  int status = 0;             // 200 or 304.
  std::int64_t revision = 0;  // Of the card, which the phone has since then.
};

// A message that a phone sent to the log.
struct PhoneLog {
  std::string id;  // UUIDv7 in hex: grows with time.
  Timestamp logged_at;
  SerialNumber serial;  // Empty if the message names none.
  std::string kind;     // Name(LogKind): phone_log.h.
  std::string message;  // Untrusted text.
};

// Which logs are wanted; an empty member asks for nothing.
struct PhoneLogQuery {
  std::string before = {};   // PhoneLog::id: only older ones.
  SerialNumber serial = {};  // Of a pass.
  std::string kind = {};     // Name(LogKind).
  std::string text = {};     // In the message, in any case of ASCII letters.
  int limit = 1;
};

// What Apple's web service knows of phones: a part of a Transaction (store.h), with the same
// failures and the same life.
class PhoneTables {
 public:
  // Nothing if there is no such pass.
  virtual Result<std::optional<PassState>> FindPass(const SerialNumber&) = 0;
  // The passes that a device has registered for, at most `limit`, by the ids of their cards.
  virtual Result<std::vector<PassState>> PassesOfDevice(const ProgrammeId&,
                                                        const DeviceLibraryIdentifier&,
                                                        int limit) = 0;

  // The device has this push token from now on, and is registered for the card. True if it was not
  // before.
  virtual Result<bool> PutRegistration(const ProgrammeId&, const DeviceLibraryIdentifier&,
                                       const PushToken&, const std::string& card) = 0;
  // The device goes with its last registration, and what was to be pushed to it. False if it was
  // not registered for the card.
  virtual Result<bool> DeleteRegistration(const ProgrammeId&, const DeviceLibraryIdentifier&,
                                          const std::string& card) = 0;
  // Those registered last come first.
  virtual Result<std::vector<RegisteredPhone>> PhonesOfCard(const ProgrammeId&,
                                                            const std::string& card, int limit) = 0;

  // A device asked what has changed, a pass was fetched. Earlier than what is known already: no
  // effect.
  virtual Status PutListing(const ProgrammeId&, const DeviceLibraryIdentifier&, Timestamp at) = 0;
  virtual Status PutFetch(const ProgrammeId&, const std::string& card, const PassFetch&) = 0;
  virtual Result<std::optional<PassFetch>> FindFetch(const ProgrammeId&,
                                                     const std::string& card) = 0;

  // Logs. An empty programme: the message names none of ours.
  virtual Status PutPhoneLog(const ProgrammeId&, const PhoneLog&) = 0;
  // Newest first.
  virtual Result<std::vector<PhoneLog>> PhoneLogs(const ProgrammeId&, const SerialNumber&,
                                                  int limit) = 0;
  // Those that `query` asks for, newest first, with the number of the card that they are about.
  struct FoundLog {
    PhoneLog log;
    std::optional<CardNumber> number;
  };
  virtual Result<std::vector<FoundLog>> SearchPhoneLogs(const ProgrammeId&,
                                                        const PhoneLogQuery& query) = 0;
  // Forgets those with ids below `before`, and all but the newest `keep`.
  virtual Status SweepPhoneLogs(const ProgrammeId&, const std::string& before, int keep) = 0;

 protected:
  ~PhoneTables() = default;
};

}  // namespace passmint::issuance
