#include "issuance/tier_run.h"

#include <chrono>
#include <string>
#include <utility>

#include "issuance/calendar_batch.h"
#include "issuance/posting.h"
#include "issuance/rule_sets.h"
#include "issuance/tier_review.h"
#include "issuance/tier_tables.h"
#include "json/json.h"

namespace passmint::issuance {
namespace {

constexpr std::size_t kPlaceBytesMax = 4096;

std::string SettingOf(const ProgrammeId& programme) { return "tiers." + programme.str(); }

// In a write it is locked until the end.
Result<std::optional<TierPlace>> FindPlace(Transaction& transaction, const ProgrammeId& programme) {
  const auto found = transaction.FindSetting(SettingOf(programme));
  if (!found.ok()) return found.error();
  if (!found.value()) return std::optional<TierPlace>();
  const auto json = json::Parse(*found.value(), kPlaceBytesMax);
  if (!json.ok() || !json.value().is_object()) return std::optional<TierPlace>();
  return std::optional<TierPlace>(
      TierPlace{.rule_set = json.value().value("rule_set", std::int64_t{0}),
                .member = MemberId(json.value().value("member", "")),
                .done = json.value().value("done", true),
                .leased_until = FromMicros(json.value().value("leased_until", std::int64_t{0}))});
}

Status PutPlace(Transaction& transaction, const ProgrammeId& programme, const TierPlace& place) {
  return transaction.PutSetting(SettingOf(programme),
                                json::Dump({{"rule_set", place.rule_set},
                                            {"member", place.member.str()},
                                            {"done", place.done},
                                            {"leased_until", ToMicros(place.leased_until)}}));
}

}  // namespace

Result<std::optional<TierRun::Job>> TierRun::Next(Transaction& transaction,
                                                  const ProgrammeSite& programme) const {
  const ProgrammeId& id = programme.programme.id;
  const auto rules = RulesAt(transaction, programme, transaction.Now());
  if (!rules.ok()) return rules.error();
  auto found = FindPlace(transaction, id);
  if (!found.ok()) return std::move(found).error();
  // Of a programme that never had levels nothing is kept.
  if (!found.value() && rules.value()->tiers.levels.empty()) return std::optional<Job>();
  const bool changed = !found.value() || found.value()->rule_set != rules.value()->version;
  TierPlace place = found.value().value_or(TierPlace());
  if (place.leased_until > transaction.Now()) return std::optional<Job>();
  if (place.done && !changed) return std::optional<Job>();
  if (changed) {
    place = {.rule_set = rules.value()->version,
             .member = MemberId(""),
             .done = false,
             .leased_until = {}};
  }
  auto members = transaction.MembersJoined(id, transaction.Now(), place.member, kCalendarBatch);
  if (!members.ok()) return std::move(members).error();
  return std::optional<Job>(Job{.place = place, .members = std::move(members).value()});
}

Result<std::optional<TierRun::Job>> TierRun::Claim(const ProgrammeSite& programme) {
  return ClaimJob<Job>(
      store_, [&](Transaction& transaction) { return Next(transaction, programme); },
      [&](Transaction& transaction, const TierPlace& place) {
        return PutPlace(transaction, programme.programme.id, place);
      });
}

// True if the member's cards show something else.
Result<bool> TierRun::Look(const ProgrammeSite& programme, const MemberId& member,
                           bool other_rules) {
  bool changed = false;
  Status done = store_.Write([&](Transaction& transaction) -> Status {
    changed = false;
    const auto found = transaction.FindMember(programme.programme.id, member);
    if (!found.ok()) return found.error();
    if (!found.value()) return transaction.Tiers().DropTier(programme.programme.id, member);
    const auto reviewed = ReviewTier(transaction, site_, programme, *found.value(),
                                     {.document = {}, .other_rules = other_rules});
    if (!reviewed.ok()) return reviewed.error();
    changed = reviewed.value();
    return {};
  });
  if (!done.ok()) return std::move(done).error();
  return changed;
}

Status TierRun::SetAside(const ProgrammeId& programme, const MemberId& member) {
  return store_.Write([&](Transaction& transaction) {
    return transaction.Tiers().PostponeTier(programme, member, transaction.Now() + kSetAsideFor);
  });
}

Status TierRun::RunDue(CalendarRound& round) {
  std::vector<TierTables::DueTier> due;
  Status read = store_.Read([&](Transaction& transaction) -> Status {
    auto found = transaction.Tiers().TiersDue(transaction.Now(), kCalendarBatch);
    if (!found.ok()) return std::move(found).error();
    due = std::move(found).value();
    return {};
  });
  if (!read.ok()) return read;
  round.more = round.more || due.size() == static_cast<std::size_t>(kCalendarBatch);
  for (const TierTables::DueTier& one : due) {
    ++round.members;
    const ProgrammeSite* programme = site_.Find(one.programme);
    auto looked = programme == nullptr
                      ? Result<bool>(Error{.code = ErrorCode::kNotFound,
                                           .message = "the settings have no such programme"})
                      : Look(*programme, one.member, false);
    if (looked.ok()) {
      round.given += looked.value() ? 1 : 0;
      continue;
    }
    if (looked.error().code == ErrorCode::kUnavailable) return std::move(looked).error();
    round.failed.push_back(
        {one.programme, "member " + one.member.str(), std::move(looked).error()});
    if (Status aside = SetAside(one.programme, one.member); !aside.ok()) return aside;
  }
  return {};
}

Status TierRun::RunProgramme(const ProgrammeSite& programme, CalendarRound& round) {
  auto claimed = Claim(programme);
  if (!claimed.ok()) return std::move(claimed).error();
  if (!claimed.value()) return {};
  const Job& job = *claimed.value();
  return RunMembers(
      store_, programme.programme.id, job, round,
      [&](const MemberId& member) { return Look(programme, member, true); }, FindPlace, PutPlace);
}

Result<CalendarRound> TierRun::RunBatch() {
  auto round = RunProgrammes(store_, site_, look_at_, "tiers",
                             [this](const ProgrammeSite& programme, CalendarRound& done) {
                               return RunProgramme(programme, done);
                             });
  if (!round.ok()) return round;
  if (Status due = RunDue(round.value()); !due.ok()) return std::move(due).error();
  return round;
}

}  // namespace passmint::issuance
