#include "issuance/time_zone_journal.h"

#include <limits>

#include "issuance/points.h"
#include "ledger/codec.h"

namespace passmint::issuance {
namespace {

// The release that the store began with: no change, hence no entry.
constexpr const char* kFirstRelease = "time_zones.first_release";

}  // namespace

AccountId ProgrammeJournal() { return AccountId("a_" + std::string(32, '0')); }

Result<std::optional<std::string>> KnownTimeZoneRules(Transaction& transaction,
                                                      const ProgrammeId& programme) {
  const auto newest = transaction.EntriesBefore(programme, ProgrammeJournal(),
                                                std::numeric_limits<std::int64_t>::max(), 1);
  if (!newest.ok()) return newest.error();
  if (newest.value().empty()) return transaction.FindSetting(kFirstRelease);
  const auto entry =
      ledger::DecodeBody(newest.value().front().sequence, newest.value().front().body);
  if (!entry.ok()) return entry.error();
  return std::optional<std::string>(entry.value().document.id);
}

Result<bool> RecordTimeZoneRules(Transaction& transaction, const ProgrammeSite& programme,
                                 const std::string& release) {
  const auto known = KnownTimeZoneRules(transaction, programme.programme.id);
  if (!known.ok()) return known.error();
  if (known.value() == release) return false;
  if (!known.value()) {
    Status put = transaction.PutSetting(kFirstRelease, release);
    if (!put.ok()) return std::move(put).error();
    return false;
  }
  Status recorded = RecordService(transaction, programme.programme.id, ProgrammeJournal(),
                                  {.type = ledger::EntryType::kTimeZoneRules,
                                   .document = {.type = ledger::DocumentType::kNone,
                                                .source = {},
                                                .id = release,
                                                .parent = *known.value()},
                                   .due = std::nullopt},
                                  {.actor = kSystemActor});
  if (!recorded.ok()) return std::move(recorded).error();
  return true;
}

}  // namespace passmint::issuance
