#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/ids.h"
#include "base/result.h"
#include "base/timestamp.h"
#include "json/json.h"

namespace passmint::issuance {

// Points that an action or an occasion gave: once for a member, rule and occurrence, for ever.
struct GivenAward {
  MemberId member;
  std::string rule;
  std::string occurrence;  // "2026"; of an event that no "once" limits: its own name.
  Timestamp given_at;
  std::int64_t rule_set = 0;  // Version.
  std::int64_t count = 1;     // The event's quantity.
  std::int64_t points = 0;
  std::string entry;             // As EntryIdText.
  Json limits = Json::object();  // What was left of limits, as the rule met them (awards.h).
};

// How far a programme's calendar was worked through: everything before this occasion is done
// (programme::DueOccasion says what its parts are), of this one the members up to `member`.
struct CalendarPlace {
  Timestamp due;
  std::string rule;
  std::string zone;
  std::string occurrence;
  std::string born;
  MemberId member;  // Empty: none yet.
  bool done = false;
  Timestamp leased_until;  // Somebody works on it until then.

  friend bool operator==(const CalendarPlace&, const CalendarPlace&) = default;
};

// kDone: judged; points may be 0.
enum class EventState { kDone, kWaiting, kApproved, kRejected };
std::string_view ToText(EventState state);
std::optional<EventState> EventStateFrom(std::string_view text);

// Something that is no order, as the shop reported it.
struct ReportedEvent {
  OrderSource source;
  std::string id;           // Unique with the source.
  std::string case_id;      // Of moderated ones: "mo_..."; else empty.
  std::string fingerprint;  // Over what counts of the report.
  std::string type;         // The action's id.
  MemberId member;
  std::string subject;  // What it is about, such as a product; may be empty.
  std::int64_t quantity = 1;
  Timestamp occurred_at;
  Timestamp received_at;
  std::int64_t rule_set = 0;  // The version that judges it.
  EventState state = EventState::kDone;
  std::string proof;        // Text or address for whoever decides; erasable.
  std::int64_t points = 0;  // Given, or that wait to be.
  std::string entry;        // As EntryIdText; empty: nothing was given.
  std::string refusal;      // Why nothing was given: a warning's code; empty: something was.
  std::string reason;       // Of whoever decided.
  std::string decided_by;
};

// The part of a Transaction (store.h) that knows of awards, with the same failures and life.
class AwardTables {
 public:
  // False if the member has it already: then nothing was written.
  virtual Result<bool> InsertAward(const ProgrammeId&, const GivenAward&) = 0;
  virtual Result<std::optional<GivenAward>> FindAward(const ProgrammeId&, const MemberId&,
                                                      const std::string& rule,
                                                      const std::string& occurrence) = 0;

  // In a write it is locked until the end.
  virtual Result<std::optional<CalendarPlace>> FindCalendarPlace(const ProgrammeId&) = 0;
  virtual Status PutCalendarPlace(const ProgrammeId&, const CalendarPlace&) = 0;
  // Members that joined by `joined`, by id behind `after`; neither erased nor merged into another.
  virtual Result<std::vector<MemberId>> MembersJoined(const ProgrammeId&, Timestamp joined,
                                                      const MemberId& after, int limit) = 0;
  // Those of them who were born on that day of the year ("02-28") and live in that zone.
  virtual Result<std::vector<MemberId>> MembersBorn(const ProgrammeId&, const std::string& zone,
                                                    const std::string& born, Timestamp joined,
                                                    const MemberId& after, int limit) = 0;
  // The zones that members with a birthday have, sorted; "" is left out.
  virtual Result<std::vector<std::string>> BirthdayZones(const ProgrammeId&) = 0;

  // In a write it is locked until the end.
  virtual Result<std::optional<ReportedEvent>> FindEvent(const ProgrammeId&, const OrderSource&,
                                                         const std::string& id) = 0;
  // Fails with kUnavailable, reason "lost_race", if it is known.
  virtual Status InsertEvent(const ProgrammeId&, const ReportedEvent&) = 0;
  // State, points, entry, refusal, reason, decided_by.
  virtual Status UpdateEvent(const ProgrammeId&, const ReportedEvent&) = 0;
  // By its case. In a write it is locked until the end.
  virtual Result<std::optional<ReportedEvent>> FindCase(const ProgrammeId&,
                                                        const std::string& case_id) = 0;
  // Moderated ones in that state, by case behind `after`: oldest first.
  virtual Result<std::vector<ReportedEvent>> Cases(const ProgrammeId&, EventState state,
                                                   const std::string& after, int limit) = 0;

 protected:
  ~AwardTables() = default;
};

}  // namespace passmint::issuance
