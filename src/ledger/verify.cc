#include "ledger/verify.h"

#include <algorithm>
#include <cassert>
#include <utility>

#include "base/bytes.h"
#include "ledger/apply.h"

namespace passmint::ledger {
namespace {

std::string Number(std::int64_t number) { return std::to_string(number); }

// "<what> is <stored>, the journal says <rebuilt>".
std::string Says(const std::string& what, const std::string& stored, const std::string& rebuilt) {
  return what + " is " + stored + ", the journal says " + rebuilt;
}

std::string DifferenceOf(const AssetId& asset, const Balance& rebuilt, const Balance& stored) {
  constexpr std::pair<const char*, std::int64_t Balance::*> kParts[] = {
      {"pending", &Balance::pending},
      {"available", &Balance::available},
      {"held", &Balance::held},
      {"debt", &Balance::debt}};
  for (const auto& [name, part] : kParts) {
    if (rebuilt.*part == stored.*part) continue;
    return Says(asset.str() + " " + name, Number(stored.*part), Number(rebuilt.*part));
  }
  return {};
}

std::string DifferenceOfBalances(const Account& rebuilt, const Account& stored) {
  for (const auto* side : {&rebuilt, &stored}) {
    for (const auto& [asset, ignored] : side->balances) {
      const auto of = [&asset = asset](const Account& account) {
        const auto found = account.balances.find(asset);
        return found == account.balances.end() ? Balance{} : found->second;
      };
      std::string difference = DifferenceOf(asset, of(rebuilt), of(stored));
      if (!difference.empty()) return difference;
    }
  }
  return {};
}

std::string NameOf(const Lot& lot) { return "lot " + Number(lot.id); }
std::string NameOf(const Hold& hold) { return "hold " + hold.id.str(); }
std::string NameOf(const OrderRecord& order) {
  return "order " + order.key.source + "/" + order.key.id;
}

const LotId& KeyOf(const Lot& lot) { return lot.id; }
const HoldId& KeyOf(const Hold& hold) { return hold.id; }
const OrderKey& KeyOf(const OrderRecord& order) { return order.key; }

template <class T>
std::vector<const T*> Sorted(const std::vector<T>& values) {
  std::vector<const T*> sorted;
  sorted.reserve(values.size());
  for (const T& value : values) sorted.push_back(&value);
  std::sort(sorted.begin(), sorted.end(),
            [](const T* a, const T* b) { return KeyOf(*a) < KeyOf(*b); });
  return sorted;
}

// Both sides in any order.
template <class T>
std::string DifferenceOfRows(const std::vector<T>& rebuilt, const std::vector<T>& stored) {
  const std::vector<const T*> a = Sorted(rebuilt);
  const std::vector<const T*> b = Sorted(stored);
  for (std::size_t i = 0; i < std::max(a.size(), b.size()); ++i) {
    const bool missing = i == b.size() || (i < a.size() && KeyOf(*a[i]) < KeyOf(*b[i]));
    if (missing) return NameOf(*a[i]) + " of the journal is missing";
    const bool unknown = i == a.size() || KeyOf(*b[i]) < KeyOf(*a[i]);
    if (unknown) return NameOf(*b[i]) + " is not in the journal";
    if (*a[i] != *b[i]) return NameOf(*a[i]) + " is not as the journal says";
  }
  return {};
}

template <class Key, class T>
std::vector<T> ValuesOf(const std::map<Key, T>& map) {
  std::vector<T> values;
  values.reserve(map.size());
  for (const auto& [key, value] : map) values.push_back(value);
  return values;
}

}  // namespace

std::string DifferenceOf(const Account& rebuilt, const Account& stored) {
  if (stored.head != rebuilt.head) {
    return Says("the last hash", ToHex(stored.head), ToHex(rebuilt.head));
  }
  if (stored.last_time != rebuilt.last_time) {
    return Says("the last time", FormatRfc3339(stored.last_time), FormatRfc3339(rebuilt.last_time));
  }
  // A state of version 1 has the last time in its place.
  if (stored.decided_at != rebuilt.decided_at && stored.decided_at != rebuilt.last_time) {
    return Says("decided at", FormatRfc3339(stored.decided_at), FormatRfc3339(rebuilt.decided_at));
  }
  if (stored.merged_into != rebuilt.merged_into || stored.merged_offset != rebuilt.merged_offset) {
    return Says("merged into", "\"" + stored.merged_into.str() + "\"",
                "\"" + rebuilt.merged_into.str() + "\"");
  }
  if (std::string difference = DifferenceOfBalances(rebuilt, stored); !difference.empty()) {
    return difference;
  }
  if (stored.next_lot != rebuilt.next_lot) {
    return Says("the next lot", Number(stored.next_lot), Number(rebuilt.next_lot));
  }
  std::string difference = DifferenceOfRows(rebuilt.lots, stored.lots);
  return difference.empty() ? DifferenceOfRows(rebuilt.holds, stored.holds) : difference;
}

void JournalVerifier::Begin(const ProgrammeId& programme, const AccountId& account) {
  programme_ = programme;
  account_ = account;
  rebuilder_.emplace(programme, account);
  bad_ = false;
  ++report_.accounts;
}

void JournalVerifier::Entry(std::int64_t sequence, std::string_view body, std::string_view hash) {
  ++report_.entries;
  if (bad_) return;
  Status added = rebuilder_->Add(sequence, body, hash);
  if (added.ok()) return;
  // A gap is at the entry that is missing, not at the one after it.
  const bool gap = added.error().reason == "journal_gap";
  const std::int64_t at = gap ? rebuilder_->last() + 1 : sequence;
  Find(at, added.error().reason, added.error().message);
}

std::vector<Hold> JournalVerifier::holds() const {
  return bad_ ? std::vector<Hold>() : ValuesOf(rebuilder_->holds());
}

std::vector<OrderRecord> JournalVerifier::orders() const {
  return bad_ ? std::vector<OrderRecord>() : ValuesOf(rebuilder_->orders());
}

void JournalVerifier::End(const std::optional<StoredAccount>& stored) {
  assert(rebuilder_.has_value());
  if (bad_) return;
  if (stored.has_value()) {
    Judge(*stored);
  } else {
    Find(0, "journal_orphan", "account " + account_.str() + ": entries, but no account");
  }
}

void JournalVerifier::Judge(const StoredAccount& stored) {
  const std::string name = "account " + account_.str();
  const std::int64_t last = rebuilder_->last();
  if (stored.account.sequence > last) {
    Find(last + 1, "journal_tail",
         name + ", entry " + Number(last + 1) + ": missing, and all after it up to " +
             Number(stored.account.sequence));
    return;
  }
  if (stored.account.sequence < last) {
    Find(0, "state_differs",
         name + ": " + Says("the last entry", Number(stored.account.sequence), Number(last)));
    return;
  }
  const Account& rebuilt = rebuilder_->account();
  std::string difference = DifferenceOf(rebuilt, stored.account);
  if (difference.empty() && stored.holds.has_value()) {
    difference = DifferenceOfRows(ValuesOf(rebuilder_->holds()), *stored.holds);
  }
  if (difference.empty() && stored.orders.has_value()) {
    difference = DifferenceOfRows(ValuesOf(rebuilder_->orders()), *stored.orders);
  }
  if (difference.empty()) {
    const Status sound = CheckInvariants(rebuilt, true);
    if (!sound.ok()) difference = sound.error().message;
  }
  if (!difference.empty()) {
    Find(0, "state_differs", name + ": " + difference);
    return;
  }
  report_.lots += static_cast<std::int64_t>(rebuilt.lots.size());
  report_.holds += static_cast<std::int64_t>(rebuilder_->holds().size());
  report_.orders += static_cast<std::int64_t>(rebuilder_->orders().size());
}

std::string JournalVerifier::SettledStateHash(Timestamp now) {
  if (bad_ || !rebuilder_.has_value()) return {};
  return StateHash(Settled(rebuilder_->account(), now));
}

void JournalVerifier::Find(std::int64_t sequence, std::string reason, std::string message) {
  bad_ = true;
  ++report_.bad_accounts;
  if (report_.findings.size() >= kFindingsMax) return;
  report_.findings.push_back(
      {programme_, account_, sequence, std::move(reason), std::move(message)});
}

}  // namespace passmint::ledger
