#include "issuance/reminder_run.h"

#include <algorithm>
#include <utility>

#include "calendar/time_zone.h"
#include "issuance/calendar_batch.h"
#include "issuance/reminders.h"
#include "issuance/rule_sets.h"

namespace passmint::issuance {
namespace {

// The last instant at which the day's look was due.
Timestamp LastDue(const calendar::TimeZone& zone, int hour, Timestamp now) {
  const std::chrono::sys_days today(zone.DayAt(now));
  const auto on = [&](std::chrono::sys_days day) {
    return zone.InstantOf(std::chrono::local_days(day.time_since_epoch()) +
                          std::chrono::hours(hour));
  };
  const Timestamp due = on(today);
  return due <= now ? due : on(today - std::chrono::days(1));
}

constexpr std::size_t kPlaceBytesMax = 4096;

std::string SettingOf(const ProgrammeId& programme) { return "reminders." + programme.str(); }

// In a write it is locked until the end.
Result<std::optional<ReminderPlace>> FindPlace(Transaction& transaction,
                                               const ProgrammeId& programme) {
  const auto found = transaction.FindSetting(SettingOf(programme));
  if (!found.ok()) return found.error();
  if (!found.value()) return std::optional<ReminderPlace>();
  const auto json = json::Parse(*found.value(), kPlaceBytesMax);
  if (!json.ok() || !json.value().is_object()) return std::optional<ReminderPlace>();
  const auto instant = [&json](const char* name) {
    return FromMicros(json.value().value(name, std::int64_t{0}));
  };
  return std::optional<ReminderPlace>(
      ReminderPlace{.due = instant("due"),
                    .member = MemberId(json.value().value("member", "")),
                    .done = json.value().value("done", true),
                    .leased_until = instant("leased_until")});
}

Status PutPlace(Transaction& transaction, const ProgrammeId& programme,
                const ReminderPlace& place) {
  return transaction.PutSetting(SettingOf(programme),
                                json::Dump({{"due", ToMicros(place.due)},
                                            {"member", place.member.str()},
                                            {"done", place.done},
                                            {"leased_until", ToMicros(place.leased_until)}}));
}

}  // namespace

Result<std::optional<ReminderRun::Job>> ReminderRun::Next(Transaction& transaction,
                                                          const ProgrammeSite& programme) const {
  const ProgrammeId& id = programme.programme.id;
  auto rules = RulesAt(transaction, programme, transaction.Now());
  if (!rules.ok()) return std::move(rules).error();
  if (rules.value()->messages.empty()) return std::optional<Job>();
  const auto zone = calendar::TimeZone::Find(programme.programme.time_zone);
  if (!zone.ok()) return zone.error();
  auto found = FindPlace(transaction, id);
  if (!found.ok()) return std::move(found).error();
  ReminderPlace place = found.value().value_or(ReminderPlace());
  if (place.leased_until > transaction.Now()) return std::optional<Job>();
  const Timestamp due = LastDue(zone.value(), rules.value()->calendar_hour, transaction.Now());
  if (place.done && place.due >= due) return std::optional<Job>();
  if (place.due < due)
    place = {.due = due, .member = MemberId(""), .done = false, .leased_until = {}};
  auto members = transaction.MembersJoined(id, transaction.Now(), place.member, kCalendarBatch);
  if (!members.ok()) return std::move(members).error();
  return std::optional<Job>(Job{
      .rules = std::move(rules).value(), .place = place, .members = std::move(members).value()});
}

Result<std::optional<ReminderRun::Job>> ReminderRun::Claim(const ProgrammeSite& programme) {
  return ClaimJob<Job>(
      store_, [&](Transaction& transaction) { return Next(transaction, programme); },
      [&](Transaction& transaction, const ReminderPlace& place) {
        return PutPlace(transaction, programme.programme.id, place);
      });
}

// Whether there was a message. A write is begun only for whom there is something to tell.
Result<bool> ReminderRun::Tell(const ProgrammeSite& programme, const Job& job,
                               const MemberId& member) {
  const auto zone = calendar::TimeZone::Find(programme.programme.time_zone);
  if (!zone.ok()) return zone.error();
  bool told = false;
  for (const programme::Message& message : job.rules->messages) {
    bool any = false;
    const auto with = [&](Transaction& transaction, const auto& act) -> Status {
      any = false;
      const auto found = transaction.FindMember(programme.programme.id, member);
      if (!found.ok()) return found.error();
      const bool alive =
          found.value() && !found.value()->erased && found.value()->merged_into.empty();
      if (!alive) return {};
      return act(transaction, ReminderRequest{.rules = *job.rules,
                                              .message = message,
                                              .member = *found.value(),
                                              .at = job.place.due});
    };
    Status done = store_.Read([&](Transaction& transaction) {
      return with(transaction, [&](Transaction& inner, const ReminderRequest& request) -> Status {
        const auto reminder = ReminderFor(inner, programme, zone.value(), request);
        if (!reminder.ok()) return reminder.error();
        any = reminder.value().has_value();
        return {};
      });
    });
    if (done.ok() && any) {
      done = store_.Write([&](Transaction& transaction) {
        return with(transaction, [&](Transaction& inner, const ReminderRequest& request) -> Status {
          const auto said = Remind(inner, programme, zone.value(), request);
          if (!said.ok()) return said.error();
          any = said.value();
          return {};
        });
      });
    }
    if (!done.ok()) return std::move(done).error();
    told = told || any;
  }
  return told;
}

Status ReminderRun::RunProgramme(const ProgrammeSite& programme, CalendarRound& round) {
  auto claimed = Claim(programme);
  if (!claimed.ok()) return std::move(claimed).error();
  if (!claimed.value()) return {};
  const Job& job = *claimed.value();
  return RunMembers(
      store_, programme.programme.id, job, round,
      [&](const MemberId& member) { return Tell(programme, job, member); }, FindPlace, PutPlace);
}

Result<CalendarRound> ReminderRun::RunBatch() {
  return RunProgrammes(store_, site_, look_at_, "reminders",
                       [this](const ProgrammeSite& programme, CalendarRound& round) {
                         return RunProgramme(programme, round);
                       });
}

}  // namespace passmint::issuance
