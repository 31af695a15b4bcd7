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

// A card's promise to one wallet, "apple" or "google".
struct Delivery {
  ProgrammeId programme;
  std::string card;
  std::int64_t wanted = 0;  // A revision.
  std::int64_t sent = 0;
  std::optional<Timestamp> due_at = {};
  std::int64_t attempts = 0;  // Failed ones since the last success.
};

// What is known of pushing to one device.
struct DevicePush {
  ProgrammeId programme;
  DeviceLibraryIdentifier device;
  std::optional<Timestamp> due_at = {};     // When to push, or to look whether it asked.
  std::int64_t wanted = 0;                  // Changes to tell so far.
  std::int64_t told = 0;                    // Of these.
  std::optional<Timestamp> wanted_at = {};  // The first change that is not told yet.
  std::optional<Timestamp> pushed_at = {};
  std::string apns_id = {};   // Of that push.
  Timestamp rested_at = {};   // When the phone's whole budget of pushes is there again.
  bool asked_again = false;   // Pushed again because it did not ask.
  std::int64_t attempts = 0;  // Failed ones since the last success.
  std::string failure = {};   // Of the last attempt.
};

// A device as it registered.
struct PushTarget {
  PushToken token;
  Timestamp registered_at;
  std::optional<Timestamp> listed_at = {};  // Asked what has changed.
};

// A device whose push is due, now claimed.
struct DuePush {
  DevicePush push;
  std::optional<PushTarget> target = {};  // Nothing: it is not registered any more.
};

enum class RolloutState { kRunning, kPaused, kCancelled, kDone };  // Stored by name.

std::string_view ToText(RolloutState state);
std::optional<RolloutState> RolloutStateFrom(std::string_view text);

// Telling the phones of a template's cards that its design has changed.
struct Rollout {
  ProgrammeId programme;
  TemplateName name;
  int version = 0;
  int ring = 100;  // Cards with RingOf(card) < ring are concerned.
  RolloutState state = RolloutState::kRunning;
  int per_second = 0;           // Cards looked at, at most.
  std::string after_card = {};  // The last one that was looked at.
  std::int64_t seen = 0;        // Cards looked at.
  std::int64_t told = 0;        // Of these, in the ring.
  std::optional<Timestamp> due_at = {};
  Timestamp started_at = {};
  Timestamp changed_at = {};
};

// A card of a template, as far as a rollout needs it.
struct RolloutCard {
  std::string id;
  std::int64_t revision = 0;
};

// The deliveries' part of a Transaction (store.h), with the same failures and the same life.
//
// Claiming moves due_at into the future, so that others leave the row alone for so long: if whoever
// claimed it dies, it is due again by itself. Of several processes one gets each row.
class DeliveryTables {
 public:
  // The wallets that a card is in shall learn of its revision; several wishes become one. Nothing
  // is written for a card that no phone has registered and Google does not know: whoever registers
  // one or makes a Google object locks the card first (FindCard in a write), so that of a change
  // and a registration at once the later sees the other.
  virtual Status WantDelivery(const ProgrammeId&, const std::string& card,
                              std::int64_t revision) = 0;
  // The same once more for a revision that was told already, since the card looks different.
  virtual Status WantDeliveryAgain(const ProgrammeId&, const std::string& card,
                                   std::int64_t revision) = 0;

  // Deliveries that are due at `now` are claimed until `until`, the longest due first.
  virtual Result<std::vector<Delivery>> ClaimDeliveries(std::string_view channel, Timestamp now,
                                                        Timestamp until, int limit) = 0;
  // The same of one card; nothing if there is nothing due.
  virtual Result<std::optional<Delivery>> ClaimDelivery(std::string_view channel,
                                                        const ProgrammeId&, const std::string& card,
                                                        Timestamp now, Timestamp until) = 0;
  // `sent` is told. Done if nothing newer is wanted, else due at `next`.
  virtual Status KeepDelivery(std::string_view channel, const ProgrammeId&, const std::string& card,
                              std::int64_t sent, Timestamp next) = 0;
  // Not told: due at `next`, with so many failed attempts so far.
  virtual Status PostponeDelivery(std::string_view channel, const ProgrammeId&,
                                  const std::string& card, std::int64_t attempts,
                                  Timestamp next) = 0;
  virtual Result<std::optional<Delivery>> FindDelivery(std::string_view channel, const ProgrammeId&,
                                                       const std::string& card) = 0;

  // Counts a change for every device that the card is registered on: `wanted` grows by one. Returns
  // them, locked, with the change counted, by device id.
  virtual Result<std::vector<DuePush>> WantPushes(const ProgrammeId&, const std::string& card) = 0;
  // Devices due at `now` are claimed until `until`, the longest due first.
  virtual Result<std::vector<DuePush>> ClaimPushes(const ProgrammeId&, Timestamp now,
                                                   Timestamp until, int limit) = 0;
  // Locked in a write. Nothing if it was never to be pushed.
  virtual Result<std::optional<DuePush>> FindPush(const ProgrammeId&,
                                                  const DeviceLibraryIdentifier&) = 0;
  virtual Status SavePush(const DevicePush&) = 0;
  virtual Status DeletePush(const ProgrammeId&, const DeviceLibraryIdentifier&) = 0;
  // Removes a device with its registrations and its pushes, unless it has registered since
  // `instant` or with another token than this. True if it is gone.
  virtual Result<bool> RemoveDevice(const ProgrammeId&, const DeviceLibraryIdentifier&,
                                    const PushToken&, Timestamp instant) = 0;
  // The devices that a card is registered on, by id; at most `limit`.
  virtual Result<std::vector<DuePush>> PushesOfCard(const ProgrammeId&, const std::string& card,
                                                    int limit) = 0;

  // What is due later than `horizon` is due `now`: nobody puts anything off that far, so the clock
  // was set back.
  virtual Status PullDeliveriesFrom(Timestamp horizon, Timestamp now) = 0;
  virtual Status PullPushesFrom(const ProgrammeId&, Timestamp horizon, Timestamp now) = 0;

  // How many are due at `now`, counted up to `limit`, and since when the first is.
  struct Backlog {
    std::int64_t count = 0;
    std::optional<Timestamp> oldest = {};
  };
  virtual Result<Backlog> DeliveryBacklog(std::string_view channel, Timestamp now, int limit) = 0;
  virtual Result<Backlog> PushBacklog(const ProgrammeId&, Timestamp now, int limit) = 0;
  // When the next is due; nothing if none is.
  virtual Result<std::optional<Timestamp>> NextPush(const ProgrammeId&) = 0;

  // One rollout a template: a new one takes the place of the one before.
  virtual Status PutRollout(const Rollout&) = 0;
  virtual Result<std::optional<Rollout>> FindRollout(const ProgrammeId&, const TemplateName&) = 0;
  virtual Result<std::vector<Rollout>> Rollouts(const ProgrammeId&) = 0;
  // One that is due at `now`, claimed until `until`.
  virtual Result<std::optional<Rollout>> ClaimRollout(Timestamp now, Timestamp until) = 0;
  // Cards of a template by id, after the given one.
  virtual Result<std::vector<RolloutCard>> CardsOfTemplate(const ProgrammeId&, const TemplateName&,
                                                           const std::string& after, int limit) = 0;

 protected:
  ~DeliveryTables() = default;
};

// A card that somebody shall be told of.
struct WantedDelivery {
  ProgrammeId programme;
  std::string card;  // Empty: not a card, but a Google class.

  friend auto operator<=>(const WantedDelivery&, const WantedDelivery&) = default;
};

// Told by a store what its own writes want delivered.
class DeliveryListener {
 public:
  virtual ~DeliveryListener() = default;

  // After a commit, on the thread that asked for it, which waits: so it is quick and does not fail.
  virtual void OnWanted(const std::vector<WantedDelivery>& wanted) = 0;
};

}  // namespace passmint::issuance
