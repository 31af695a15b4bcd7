#include "unit/ledger/generators.h"

#include <limits>
#include <string>
#include <vector>

namespace passmint::ledger::testing {
namespace {

rc::Gen<std::int64_t> AnyAmount() {
  return rc::gen::weightedOneOf<std::int64_t>(
      {{3, rc::gen::just<std::int64_t>(0)},
       {4, rc::gen::inRange<std::int64_t>(0, 300)},
       {1, rc::gen::inRange<std::int64_t>(kAmountMax - 300, kAmountMax + 1)}});
}

rc::Gen<std::int64_t> AnyNatural() {
  return rc::gen::weightedOneOf<std::int64_t>(
      {{4, rc::gen::inRange<std::int64_t>(0, 300)},
       {1, rc::gen::just(std::numeric_limits<std::int64_t>::max())}});
}

rc::Gen<std::int64_t> AnyNumber() {
  return rc::gen::oneOf(rc::gen::arbitrary<std::int64_t>(),
                        rc::gen::just(std::numeric_limits<std::int64_t>::min()),
                        rc::gen::just(std::numeric_limits<std::int64_t>::max()));
}

rc::Gen<Timestamp> AnyTime() {
  return rc::gen::map(
      rc::gen::weightedOneOf<std::int64_t>(
          {{4, rc::gen::inRange<std::int64_t>(1'790'000'000'000'000, 1'790'000'000'000'100)},
           {2, rc::gen::just<std::int64_t>(ToMicros(kNever))},
           {1, AnyNatural()}}),
      FromMicros);
}

rc::Gen<std::string> AnyText() {
  return rc::gen::oneOf(rc::gen::just(std::string()), rc::gen::just(std::string("1042")),
                        rc::gen::arbitrary<std::string>());
}

rc::Gen<AssetId> AnyAsset() {
  return rc::gen::map(rc::gen::oneOf(rc::gen::just(std::string(kPointsAsset)), AnyText()),
                      [](std::string text) { return AssetId(std::move(text)); });
}

template <class T>
std::vector<T> Several(const rc::Gen<T>& gen) {
  std::vector<T> values;
  const int count = *rc::gen::inRange(0, 4);
  for (int i = 0; i < count; ++i) values.push_back(*gen);
  return values;
}

rc::Gen<Document> AnyDocument() {
  return rc::gen::exec([] {
    Document document;
    if (*rc::gen::arbitrary<bool>()) return document;
    document.type =
        static_cast<DocumentType>(*rc::gen::inRange(0, static_cast<int>(kLastDocumentType) + 1));
    document.source = *AnyText();
    document.id = *AnyText();
    document.parent = *AnyText();
    return document;
  });
}

rc::Gen<Allocation> AnyAllocation() {
  return rc::gen::exec([] { return Allocation{*AnyNatural(), *AnyAmount(), *AnyAmount()}; });
}

rc::Gen<LineRecord> AnyLine() {
  return rc::gen::exec([] {
    LineRecord line;
    line.line_id = *AnyText();
    if (*rc::gen::arbitrary<bool>()) line.quantity = *AnyAmount();
    line.quantity_refunded = *AnyAmount();
    line.paid = *AnyAmount();
    line.paid_refunded = *AnyAmount();
    line.earned = *AnyAmount();
    line.clawed = *AnyAmount();
    line.value = *AnyAmount();
    line.value_refunded = *AnyAmount();
    line.burned = *AnyAmount();
    line.restored = *AnyAmount();
    line.allocations = Several(AnyAllocation());
    return line;
  });
}

rc::Gen<Transfer> AnyTransfer() {
  return rc::gen::exec([] {
    Transfer transfer;
    transfer.asset = *AnyAsset();
    transfer.debit = static_cast<Book>(*rc::gen::inRange(0, 8));
    transfer.credit = static_cast<Book>(*rc::gen::inRange(0, 8));
    transfer.amount = *AnyAmount();
    transfer.funder = *AnyText();
    return transfer;
  });
}

rc::Gen<Derivation> AnyDerivation() {
  return rc::gen::exec([] {
    Derivation derivation;
    derivation.rule = *AnyText();
    derivation.rule_set_version = *AnyNumber();
    derivation.base_minor = *AnyNumber();
    derivation.ppm = *AnyNumber();
    derivation.points = *AnyNumber();
    derivation.rounding = *rc::gen::oneOf(
        rc::gen::element<std::string>("floor", "half_up", "half_even", "ceil"), AnyText());
    return derivation;
  });
}

rc::Gen<SlidingTerm> AnyTerm() {
  return rc::gen::exec([] {
    const auto count = rc::gen::inRange(0, kTermCountMax + 1);
    return SlidingTerm{*count, *count, static_cast<SlidingTerm::End>(*rc::gen::inRange(0, 4))};
  });
}

}  // namespace

rc::Gen<Lot> AnyLot() {
  return rc::gen::exec([] {
    Lot lot;
    lot.id = *AnyNatural();
    lot.asset = *AnyAsset();
    lot.pending = *AnyAmount();
    lot.available = *AnyAmount();
    lot.held = *AnyAmount();
    lot.spent = *AnyAmount();
    lot.expired = *AnyAmount();
    lot.clawed = *AnyAmount();
    lot.original = *AnyAmount();
    lot.activates_at = *AnyTime();
    lot.expires_at = *AnyTime();
    lot.funder = *AnyText();
    lot.document = *AnyDocument();
    lot.restored_from = *AnyNatural();
    if (*rc::gen::arbitrary<bool>()) lot.slides = *AnyTerm();
    return lot;
  });
}

rc::Gen<Hold> AnyHold() {
  return rc::gen::exec([] {
    Hold hold;
    hold.id = HoldId(*AnyText());
    hold.asset = *AnyAsset();
    hold.parts = Several<Hold::Part>(rc::gen::exec([] {
      return Hold::Part{*AnyNatural(), *AnyAmount()};
    }));
    hold.created_at = *AnyTime();
    hold.expires_at = *AnyTime();
    hold.state = static_cast<HoldState>(*rc::gen::inRange(0, 4));
    hold.captured = *AnyAmount();
    hold.order_source = *AnyText();
    hold.order_id = *AnyText();
    return hold;
  });
}

rc::Gen<OrderRecord> AnyOrder() {
  return rc::gen::exec([] {
    OrderRecord order;
    order.key = {*AnyText(), *AnyText()};
    order.asset = *AnyAsset();
    order.lines = Several(AnyLine());
    order.grants = Several<Grant>(rc::gen::exec([] {
      return Grant{*AnyText(), *AnyAmount(), *AnyAmount()};
    }));
    order.lots = Several(AnyNatural());
    return order;
  });
}

rc::Gen<Entry> AnyEntry() {
  return rc::gen::exec([] {
    Entry entry;
    entry.sequence = *AnyNatural();
    entry.time = *AnyTime();
    entry.effective_at = *rc::gen::oneOf(rc::gen::just(entry.time), AnyTime());
    entry.type = static_cast<EntryType>(*rc::gen::inRange(0, static_cast<int>(kLastEntryType) + 1));
    entry.actor = *AnyText();
    entry.document = *AnyDocument();
    if (*rc::gen::arbitrary<bool>()) {
      entry.peer = *AnyText();
      entry.peer_sequence = *AnyNatural();
      entry.lot_offset = *AnyNatural();
      entry.ends_account = *rc::gen::arbitrary<bool>();
    }
    entry.transfers = Several(AnyTransfer());
    entry.lots = Several(AnyLot());
    for (Lot& lot : entry.lots) {
      if (*rc::gen::arbitrary<bool>()) lot.document = entry.document;
    }
    entry.holds = Several(AnyHold());
    if (*rc::gen::arbitrary<bool>()) entry.order = *AnyOrder();
    entry.derivations = Several(AnyDerivation());
    if (*rc::gen::arbitrary<bool>()) entry.note_hash = std::string(32, '\x9f');
    entry.slides = Several<Slide>(rc::gen::exec([] { return Slide{*AnyTerm(), *AnyTime()}; }));
    entry.amount = *AnyNumber();
    entry.available_after = *AnyAmount();
    return entry;
  });
}

rc::Gen<Account> AnyState() {
  return rc::gen::exec([] {
    Account account;
    account.last_time = *AnyTime();
    account.decided_at = *rc::gen::oneOf(rc::gen::just(account.last_time), AnyTime());
    account.next_lot = *AnyNatural();
    for (const AssetId& asset : Several(AnyAsset())) {
      account.balances[asset] = {*AnyAmount(), *AnyAmount(), *AnyAmount(), *AnyAmount()};
    }
    account.lots = Several(AnyLot());
    account.holds = Several(AnyHold());
    account.merged_into = AccountId(*AnyText());
    account.merged_offset = *AnyNatural();
    return account;
  });
}

}  // namespace passmint::ledger::testing
