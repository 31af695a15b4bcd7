#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "base/result.h"
#include "cards/card.h"
#include "issuance/site.h"
#include "issuance/store.h"

// How far the last change of a card has got on its way to the phones: for whoever is asked "why has
// this card not updated?".
namespace passmint::issuance {

inline constexpr int kTracedPhones = 20;
inline constexpr int kTracedLogs = 5;
// A phone that is on comes back at once; after so long it is worth a look.
inline constexpr std::chrono::minutes kPatience{10};

// What the store knows of it.
struct TraceRows {
  cards::Card card;
  Timestamp now;
  Timestamp changed_at;  // Of what phones see: the card's or its design's change.
  std::string entry;     // As EntryIdText: the last one of the member; may be empty.
  std::optional<Timestamp> entry_at = {};
  bool has_apple = false;              // The programme has a certificate,
  bool has_google = false;             // an account.
  std::vector<DuePush> phones = {};    // At most kTracedPhones.
  std::optional<Delivery> apple = {};  // The cards' promises.
  std::optional<Delivery> google = {};
  std::optional<GoogleObject> google_object = {};
  std::optional<PassFetch> fetch = {};
  std::vector<PhoneLog> logs = {};  // Newest first, at most kTracedLogs.
};

enum class TraceState {
  kDone,
  kWaiting,  // Goes on by itself.
  kBroken,   // Somebody has to act: `cure`.
  kNone,     // Nothing to say.
};

struct TraceStep {
  // entry, revision, registered, pushed, listed, fetched, device_log, google_inserted, google,
  // google_saved
  std::string name;
  TraceState state = TraceState::kNone;
  std::optional<Timestamp> at = {};
  std::string detail = {};  // One phrase for people.
  std::string cure = {};    // Only with kBroken.
};

struct Trace {
  std::string
      summary;  // One sentence: the first step that is broken, else that waits, else success.
  std::vector<TraceStep> steps;
};

// What a phone's complaint of this kind (Name(LogKind)) calls for; "" if the phone gets over it by
// itself.
std::string_view LogCure(std::string_view kind);

std::string_view ToText(TraceState state);  // "done", "waiting", "broken", "none".

// Decides on the rows alone.
Trace TraceOf(const TraceRows& rows);

// Reads the rows. Fails with kNotFound if no card has this number.
Result<TraceRows> ReadTrace(Transaction& transaction, const ProgrammeSite& programme,
                            const CardNumber& number);

// The trace as the API answers it: assets/openapi.yaml, Trace.
Json TraceJson(const TraceRows& rows);

}  // namespace passmint::issuance
