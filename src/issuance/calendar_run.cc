#include "issuance/calendar_run.h"

#include <fmt/format.h>

#include <algorithm>
#include <utility>

#include "issuance/awards.h"
#include "issuance/calendar_batch.h"
#include "issuance/points.h"
#include "programme/award.h"

namespace passmint::issuance {
namespace {

using programme::DueOccasion;
using programme::NamedZone;

// Occasions are looked for in stretches of so long.
constexpr std::chrono::hours kStretch = std::chrono::days(32);
constexpr int kRacesMax = 5;

DueOccasion OccasionAt(const CalendarPlace& place) {
  return {.due = place.due,
          .rule = place.rule,
          .zone = place.zone,
          .occurrence = place.occurrence,
          .born = place.born};
}

CalendarPlace PlaceOf(const DueOccasion& occasion, const MemberId& member) {
  return {.due = occasion.due,
          .rule = occasion.rule,
          .zone = occasion.zone,
          .occurrence = occasion.occurrence,
          .born = occasion.born,
          .member = member,
          .done = false,
          .leased_until = {}};
}

bool HasOccasions(const PublishedRules& published) { return !published.rules->occasions.empty(); }

// The version that is in effect then; null if none is.
const PublishedRules* InEffect(const std::vector<PublishedRules>& versions, Timestamp at) {
  const auto found = std::find_if(versions.rbegin(), versions.rend(),
                                  [at](const auto& version) { return version.begins <= at; });
  return found == versions.rend() ? nullptr : &*found;
}

// The programme's zone first, then those that members with a birthday have. One that this machine
// does not know (any more) counts for nothing.
Result<std::vector<NamedZone>> ZonesOf(Transaction& transaction, const ProgrammeSite& programme) {
  auto own = calendar::TimeZone::Find(programme.programme.time_zone);
  if (!own.ok()) return std::move(own).error();
  std::vector<NamedZone> zones = {{"", own.value()}};
  const auto names = transaction.BirthdayZones(programme.programme.id);
  if (!names.ok()) return names.error();
  for (const std::string& name : names.value()) {
    if (auto zone = calendar::TimeZone::Find(name); zone.ok())
      zones.push_back({name, zone.value()});
  }
  return zones;
}

// Occasions behind `after` that are due by `now`, each judged by the rules of its instant: those of
// the first stretch that has any, sorted.
std::vector<DueOccasion> Behind(const std::vector<PublishedRules>& versions,
                                const std::vector<NamedZone>& zones, const DueOccasion& after,
                                Timestamp now) {
  std::vector<DueOccasion> found;
  for (Timestamp from = after.due; from <= now && found.empty(); from += kStretch) {
    const Timestamp until = std::min(from + kStretch, now + std::chrono::microseconds(1));
    for (const PublishedRules& version : versions) {
      for (DueOccasion& one : programme::DueOccasions(*version.rules, zones, from, until)) {
        const bool counts = after < one && InEffect(versions, one.due) == &version;
        if (counts) found.push_back(std::move(one));
      }
    }
  }
  std::sort(found.begin(), found.end());
  return found;
}

Result<std::vector<MemberId>> MembersOf(Transaction& transaction, const ProgrammeId& programme,
                                        const DueOccasion& occasion, const MemberId& after) {
  if (occasion.born.empty()) {
    return transaction.MembersJoined(programme, occasion.due, after, kCalendarBatch);
  }
  return transaction.MembersBorn(programme, occasion.zone, occasion.born, occasion.due, after,
                                 kCalendarBatch);
}

// Whether the member, who may have changed since they were listed, still is whom it is about.
bool Concerns(const DueOccasion& occasion, const cards::Member& member) {
  if (member.erased || !member.merged_into.empty()) return false;
  if (occasion.born.empty()) return true;
  if (!member.birthday || member.time_zone != occasion.zone) return false;
  const std::string date = FormatDate(*member.birthday);  // "1990-02-28"
  const std::string year = date.substr(0, date.find('-'));
  // Nobody celebrates the day of birth itself.
  return date.ends_with("-" + occasion.born) && year < occasion.occurrence;
}

}  // namespace

Result<std::optional<CalendarRun::Job>> CalendarRun::Next(Transaction& transaction,
                                                          const ProgrammeSite& programme) const {
  const ProgrammeId& id = programme.programme.id;
  const auto versions = programme.book->Versions(transaction, id);
  if (!versions.ok()) return versions.error();
  const auto first = std::find_if(versions.value().begin(), versions.value().end(), HasOccasions);
  if (first == versions.value().end()) return std::optional<Job>();
  auto found = transaction.FindCalendarPlace(id);
  if (!found.ok()) return std::move(found).error();
  CalendarPlace place = found.value().value_or(CalendarPlace());
  if (!found.value()) place.due = first->begins;
  if (place.leased_until > transaction.Now()) return std::optional<Job>();
  std::vector<DueOccasion> due;
  if (found.value() && !place.done) {
    due.push_back(OccasionAt(place));
  } else {
    const auto zones = ZonesOf(transaction, programme);
    if (!zones.ok()) return zones.error();
    due = Behind(versions.value(), zones.value(), OccasionAt(place), transaction.Now());
    place.member = {};
  }
  std::optional<Job> job;
  for (DueOccasion& occasion : due) {
    auto members = MembersOf(transaction, id, occasion, place.member);
    if (!members.ok()) return std::move(members).error();
    const PublishedRules* judge = InEffect(versions.value(), occasion.due);
    job = Job{.occasion = occasion,
              .rules = judge == nullptr ? RulesPtr() : judge->rules,
              .place = PlaceOf(occasion, place.member),
              .members = std::move(members).value()};
    if (!job->members.empty()) return job;
  }
  return job;  // The last one, which nobody has either; or nothing.
}

Result<std::optional<CalendarRun::Job>> CalendarRun::Claim(const ProgrammeSite& programme) {
  return ClaimJob<Job>(
      store_, [&](Transaction& transaction) { return Next(transaction, programme); },
      [&](Transaction& transaction, const CalendarPlace& place) {
        return transaction.PutCalendarPlace(programme.programme.id, place);
      });
}

Result<bool> CalendarRun::Give(const ProgrammeSite& programme, const Job& job,
                               const MemberId& member) {
  const programme::Award* award =
      job.rules ? programme::FindOccasion(*job.rules, job.occasion.rule) : nullptr;
  if (award == nullptr) return false;
  bool given = false;
  const auto give = [&](Transaction& transaction) -> Status {
    given = false;
    const auto found = transaction.FindMember(programme.programme.id, member);
    if (!found.ok()) return found.error();
    if (!found.value() || !Concerns(job.occasion, *found.value())) return {};
    const auto outcome = GiveAward(transaction, site_, programme,
                                   {.rules = *job.rules,
                                    .award = *award,
                                    .member = *found.value(),
                                    .occurrence = job.occasion.occurrence,
                                    .count = 1,
                                    .at = job.occasion.due,
                                    .document = {.type = ledger::DocumentType::kOccasion,
                                                 .source = {},
                                                 .id = award->id,
                                                 .parent = job.occasion.occurrence},
                                    .actor = kSystemActor});
    if (!outcome.ok()) return outcome.error();
    given = outcome.value().what == AwardOutcome::What::kGiven;
    return {};
  };
  Status done = store_.Write(give);
  for (int races = 0; !done.ok() && done.error().reason == "lost_race" && races < kRacesMax;
       ++races) {
    done = store_.Write(give);
  }
  if (!done.ok()) return std::move(done).error();
  return given;
}

// Unless somebody else has gone on meanwhile, because our lease was over.
Status CalendarRun::Advance(const ProgrammeSite& programme, const CalendarPlace& claimed,
                            const CalendarPlace& reached) {
  return store_.Write([&](Transaction& transaction) -> Status {
    const auto place = transaction.FindCalendarPlace(programme.programme.id);
    if (!place.ok()) return place.error();
    if (place.value() != claimed) return {};
    return transaction.PutCalendarPlace(programme.programme.id, reached);
  });
}

Status CalendarRun::RunProgramme(const ProgrammeSite& programme, CalendarRound& round) {
  auto claimed = Claim(programme);
  if (!claimed.ok()) return std::move(claimed).error();
  if (!claimed.value()) return {};
  const Job& job = *claimed.value();
  CalendarPlace reached = job.place;
  reached.leased_until = {};
  for (const MemberId& member : job.members) {
    auto given = Give(programme, job, member);
    if (!given.ok() && given.error().code == ErrorCode::kUnavailable) {
      return std::move(given).error();
    }
    ++round.members;
    if (given.ok()) {
      round.given += given.value() ? 1 : 0;
    } else {
      round.failed.push_back(
          {programme.programme.id, "member " + member.str(), std::move(given).error()});
    }
    reached.member = member;
  }
  reached.done = job.members.size() < static_cast<std::size_t>(kCalendarBatch);
  round.more = true;
  return Advance(programme, job.place, reached);
}

Result<CalendarRound> CalendarRun::RunBatch() {
  return RunProgrammes(store_, site_, look_at_, "calendar",
                       [this](const ProgrammeSite& programme, CalendarRound& round) {
                         return RunProgramme(programme, round);
                       });
}

}  // namespace passmint::issuance
