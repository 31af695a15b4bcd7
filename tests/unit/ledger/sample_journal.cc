#include "unit/ledger/sample_journal.h"

#include <chrono>
#include <utility>

#include "ledger/chain.h"
#include "ledger/codec.h"

namespace passmint::ledger::testing {
namespace {

constexpr Timestamp kStart = FromMicros(1'795'262'400'000'000);  // 2026-11-21T12:00:00Z
const AssetId kPoints(kPointsAsset);

Entry Made(EntryType type, std::int64_t amount, std::int64_t available_after) {
  Entry entry;
  entry.type = type;
  entry.actor = "till";
  entry.amount = amount;
  entry.available_after = available_after;
  return entry;
}

Lot FreshLot() {
  Lot lot;
  lot.id = 1;
  lot.asset = kPoints;
  lot.original = lot.available = 100;
  lot.activates_at = kStart;
  lot.expires_at = kStart + std::chrono::hours(24);
  lot.funder = "roaster";
  lot.document = {DocumentType::kOrder, "web", "1042", ""};
  return lot;
}

Hold FreshHold() {
  Hold hold;
  hold.id = HoldId("h_1");
  hold.asset = kPoints;
  hold.parts = {{1, 60}};
  hold.created_at = kStart;
  hold.expires_at = kStart + std::chrono::hours(1);
  hold.order_source = "till";
  hold.order_id = "77";
  return hold;
}

Entry Earned() {
  Entry entry = Made(EntryType::kEarn, 100, 100);
  entry.document = FreshLot().document;
  entry.transfers = {{kPoints, Book::kIssuer, Book::kActive, 100, "roaster"}};
  entry.lots = {FreshLot()};
  OrderRecord& order = entry.order.emplace();
  order.key = {"web", "1042"};
  order.asset = kPoints;
  LineRecord& line = order.lines.emplace_back();
  line.line_id = "1";
  line.paid = 2000;
  line.earned = 100;
  order.lots = {1};
  entry.derivations = {{"base", 2, 2000, 50'000, "floor", 100}};
  entry.note_hash = std::string(32, '\x42');
  return entry;
}

Entry Held() {
  Entry entry = Made(EntryType::kHold, -60, 40);
  entry.document = {DocumentType::kHold, "", "h_1", ""};
  Lot lot = FreshLot();
  lot.available = 40;
  lot.held = 60;
  entry.lots = {lot};
  entry.holds = {FreshHold()};
  return entry;
}

Entry Captured() {
  Entry entry = Made(EntryType::kCapture, 10, 50);
  entry.document = {DocumentType::kHold, "", "h_1", ""};
  entry.transfers = {{kPoints, Book::kActive, Book::kBurned, 50, ""}};
  Lot lot = FreshLot();
  lot.available = 50;
  lot.spent = 50;
  entry.lots = {lot};
  entry.holds = {SampleHold()};
  return entry;
}

Entry Expired() {
  Entry entry = Made(EntryType::kExpire, -50, 0);
  entry.actor = "system";
  entry.transfers = {{kPoints, Book::kActive, Book::kExpired, 50, ""}};
  entry.lots = {SampleLot()};
  return entry;
}

}  // namespace

Lot SampleLot() {
  Lot lot = FreshLot();
  lot.available = 0;
  lot.spent = 50;
  lot.expired = 50;
  return lot;
}

Hold SampleHold() {
  Hold hold = FreshHold();
  hold.state = HoldState::kCaptured;
  hold.captured = 50;
  return hold;
}

SampleJournal::SampleJournal(const ProgrammeId& programme, const AccountId& account)
    : id_(account), head_(Genesis(programme, account)), last_time_(kStart) {}

void SampleJournal::Append(Entry entry) {
  entry.sequence = static_cast<std::int64_t>(entries_.size()) + 1;
  last_time_ += std::chrono::minutes(1);
  entry.time = last_time_;
  entry.effective_at = entry.time;
  StoredEntry stored{entry.sequence, EncodeBody(entry), {}};
  stored.hash = head_ = NextHash(head_, stored.sequence, stored.body);
  entries_.push_back(std::move(stored));
}

SampleJournal EarnHoldCaptureExpire(const AccountId& account) {
  SampleJournal journal(ProgrammeId(kSampleProgramme), account);
  for (Entry entry : {Earned(), Held(), Captured(), Expired()}) journal.Append(std::move(entry));
  return journal;
}

}  // namespace passmint::ledger::testing
