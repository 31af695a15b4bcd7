#include "ledger/internal/parts.h"

#include <array>
#include <string_view>

namespace passmint::ledger::internal {
namespace {

constexpr std::uint64_t Bit(std::size_t index) { return std::uint64_t{1} << index; }

// Amounts that are left out while zero: bit i of the flags says that member i is there. Common ones
// come first, so that the flags mostly take one byte. The orders are part of the format.
template <class T, std::size_t kCount>
using Members = std::array<std::int64_t T::*, kCount>;

constexpr Members<Lot, 6> kLotAmounts = {&Lot::available, &Lot::pending, &Lot::spent,
                                         &Lot::held,      &Lot::expired, &Lot::clawed};
constexpr Members<LineRecord, 8> kLineAmounts = {
    &LineRecord::paid,           &LineRecord::earned,        &LineRecord::value,
    &LineRecord::burned,         &LineRecord::paid_refunded, &LineRecord::clawed,
    &LineRecord::value_refunded, &LineRecord::restored,
};

template <class T, std::size_t kCount>
std::uint64_t FlagsOf(const T& value, const Members<T, kCount>& members) {
  std::uint64_t flags = 0;
  for (std::size_t i = 0; i < kCount; ++i) {
    if (value.*members[i] != 0) flags |= Bit(i);
  }
  return flags;
}

template <class T, std::size_t kCount>
void WriteAmounts(Writer& out, const T& value, const Members<T, kCount>& members) {
  for (const auto member : members) {
    if (value.*member != 0) out.Amount(value.*member);
  }
}

template <class T, std::size_t kCount>
void ReadAmounts(Reader& in, std::uint64_t flags, T& value, const Members<T, kCount>& members) {
  for (std::size_t i = 0; i < kCount; ++i) {
    if ((flags & Bit(i)) == 0) continue;
    value.*members[i] = in.Amount();
    in.Require(value.*members[i] != 0);
  }
}

std::int64_t SumOf(const Lot& lot) {
  std::uint64_t sum = 0;
  for (const auto member : kLotAmounts) sum += static_cast<std::uint64_t>(lot.*member);
  return static_cast<std::int64_t>(sum);
}

// The flags of a lot after those of its amounts.
constexpr std::uint64_t kLotExpires = Bit(6);
constexpr std::uint64_t kLotAsset = Bit(7);
constexpr std::uint64_t kLotOriginal = Bit(8);  // It is not the sum of the others.
constexpr std::uint64_t kLotFunder = Bit(9);
constexpr std::uint64_t kLotDocument = Bit(10);  // Another than the frame's.
constexpr std::uint64_t kLotRestored = Bit(11);
constexpr std::uint64_t kLotSlides = Bit(12);
constexpr int kLotBits = 13;

constexpr std::uint64_t kHoldId = Bit(0);  // Another than the frame's document.
constexpr std::uint64_t kHoldAsset = Bit(1);
constexpr std::uint64_t kHoldEnded = Bit(2);
constexpr std::uint64_t kHoldOrder = Bit(3);
constexpr int kHoldBits = 4;

// The flags of a line after those of its amounts.
constexpr std::uint64_t kLineId = Bit(8);
constexpr std::uint64_t kLineQuantity = Bit(9);
constexpr std::uint64_t kLineUnitsRefunded = Bit(10);
constexpr std::uint64_t kLineAllocations = Bit(11);
constexpr int kLineBits = 12;

constexpr std::uint64_t kOrderKey = Bit(0);  // Another than the frame's document names.
constexpr std::uint64_t kOrderAsset = Bit(1);
constexpr std::uint64_t kOrderGrants = Bit(2);
constexpr std::uint64_t kOrderLots = Bit(3);
constexpr int kOrderBits = 4;

bool IsPoints(const AssetId& asset) { return asset.str() == kPointsAsset; }

AssetId ReadAssetIf(Reader& in, bool there) {
  if (!there) return AssetId(kPointsAsset);
  AssetId asset(in.Text());
  in.Require(!IsPoints(asset));
  return asset;
}

void Write(Writer& out, const LineRecord& line) {
  std::uint64_t flags = FlagsOf(line, kLineAmounts);
  if (!line.line_id.empty()) flags |= kLineId;
  if (line.quantity != kUnit) flags |= kLineQuantity;
  if (line.quantity_refunded != 0) flags |= kLineUnitsRefunded;
  if (!line.allocations.empty()) flags |= kLineAllocations;
  out.Unsigned(flags);
  WriteAmounts(out, line, kLineAmounts);
  if ((flags & kLineId) != 0) out.Text(line.line_id);
  if ((flags & kLineQuantity) != 0) out.Amount(line.quantity);
  if ((flags & kLineUnitsRefunded) != 0) out.Amount(line.quantity_refunded);
  if ((flags & kLineAllocations) == 0) return;
  out.Unsigned(line.allocations.size());
  for (const Allocation& allocation : line.allocations) {
    out.Natural(allocation.lot);
    out.Amount(allocation.taken);
    out.Amount(allocation.returned);
  }
}

std::vector<Allocation> ReadAllocations(Reader& in) {
  std::vector<Allocation> allocations;
  const std::size_t count = in.Count();
  in.Require(count > 0);
  for (std::size_t i = 0; i < count && in.ok(); ++i) {
    Allocation& allocation = allocations.emplace_back();
    allocation.lot = in.Natural();
    allocation.taken = in.Amount();
    allocation.returned = in.Amount();
  }
  return allocations;
}

LineRecord ReadLine(Reader& in) {
  LineRecord line;
  const std::uint64_t flags = in.Flags(kLineBits);
  ReadAmounts(in, flags, line, kLineAmounts);
  if ((flags & kLineId) != 0) {
    line.line_id = in.Text();
    in.Require(!line.line_id.empty());
  }
  if ((flags & kLineQuantity) != 0) {
    line.quantity = in.Amount();
    in.Require(line.quantity != kUnit);
  }
  if ((flags & kLineUnitsRefunded) != 0) {
    line.quantity_refunded = in.Amount();
    in.Require(line.quantity_refunded != 0);
  }
  if ((flags & kLineAllocations) != 0) line.allocations = ReadAllocations(in);
  return line;
}

std::vector<Grant> ReadGrants(Reader& in) {
  std::vector<Grant> grants;
  const std::size_t count = in.Count();
  in.Require(count > 0);
  for (std::size_t i = 0; i < count && in.ok(); ++i) {
    Grant& grant = grants.emplace_back();
    grant.rule = in.Text();
    grant.points = in.Amount();
    grant.clawed = in.Amount();
  }
  return grants;
}

// The order that a document is about.
const std::string& OrderIdOf(const Document& document) {
  return document.type == DocumentType::kRefund ? document.parent : document.id;
}

bool Names(const Document& document, const OrderKey& key) {
  return key.source == document.source && key.id == OrderIdOf(document);
}

// Of Derivation::rounding: its place here, or one beyond and the text.
constexpr std::array<std::string_view, 4> kRoundings = {"floor", "half_up", "half_even", "ceil"};

std::size_t RoundingCode(std::string_view text) {
  std::size_t code = 0;
  while (code < kRoundings.size() && kRoundings[code] != text) ++code;
  return code;
}

}  // namespace

void Write(Writer& out, const Document& document) {
  out.Unsigned(static_cast<std::uint64_t>(document.type));
  out.Text(document.source);
  out.Text(document.id);
  out.Text(document.parent);
}

Document ReadDocument(Reader& in) {
  Document document;
  document.type = in.OneOf(kLastDocumentType);
  document.source = in.Text();
  document.id = in.Text();
  document.parent = in.Text();
  return document;
}

// Zero for points; else a one and the text.
void Write(Writer& out, const AssetId& asset) {
  out.Unsigned(IsPoints(asset) ? 0 : 1);
  if (!IsPoints(asset)) out.Text(asset.str());
}

AssetId ReadAsset(Reader& in) { return ReadAssetIf(in, in.Flags(1) != 0); }

void Write(Writer& out, const SlidingTerm& term) {
  out.Natural(term.months);
  out.Natural(term.days);
  out.Unsigned(static_cast<std::uint64_t>(term.end));
}

SlidingTerm ReadTerm(Reader& in) {
  const auto count = [&in] {
    const std::int64_t read = in.Natural();
    if (read > kTermCountMax) in.Fail("a term that no rule has");
    return in.ok() ? static_cast<int>(read) : 0;
  };
  SlidingTerm term;
  term.months = count();
  term.days = count();
  term.end = in.OneOf(SlidingTerm::End::kYear);
  return term;
}

void Write(Writer& out, const Lot& lot, const Frame& frame) {
  const bool own_document = lot.document != frame.document;
  std::uint64_t flags = FlagsOf(lot, kLotAmounts);
  if (lot.expires_at != kNever) flags |= kLotExpires;
  if (!IsPoints(lot.asset)) flags |= kLotAsset;
  if (lot.original != SumOf(lot)) flags |= kLotOriginal;
  if (!lot.funder.empty()) flags |= kLotFunder;
  if (own_document) flags |= kLotDocument;
  if (lot.restored_from != 0) flags |= kLotRestored;
  if (lot.slides) flags |= kLotSlides;
  out.Unsigned(flags);
  WriteAmounts(out, lot, kLotAmounts);
  out.Natural(lot.id);
  out.Time(lot.activates_at, frame.time);
  if ((flags & kLotExpires) != 0) out.Time(lot.expires_at, frame.time);
  if ((flags & kLotAsset) != 0) out.Text(lot.asset.str());
  if ((flags & kLotOriginal) != 0) out.Amount(lot.original);
  if ((flags & kLotFunder) != 0) out.Text(lot.funder);
  if (own_document) Write(out, lot.document);
  if ((flags & kLotRestored) != 0) out.Natural(lot.restored_from);
  if (lot.slides) Write(out, *lot.slides);
}

Lot ReadLot(Reader& in, const Frame& frame) {
  Lot lot;
  const std::uint64_t flags = in.Flags(kLotBits);
  ReadAmounts(in, flags, lot, kLotAmounts);
  lot.id = in.Natural();
  lot.activates_at = in.Time(frame.time);
  if ((flags & kLotExpires) != 0) {
    lot.expires_at = in.Time(frame.time);
    in.Require(lot.expires_at != kNever);
  }
  lot.asset = ReadAssetIf(in, (flags & kLotAsset) != 0);
  lot.original = (flags & kLotOriginal) != 0 ? in.Amount() : SumOf(lot);
  in.Require((flags & kLotOriginal) == 0 || lot.original != SumOf(lot));
  if ((flags & kLotFunder) != 0) {
    lot.funder = in.Text();
    in.Require(!lot.funder.empty());
  }
  lot.document = (flags & kLotDocument) != 0 ? ReadDocument(in) : frame.document;
  in.Require((flags & kLotDocument) == 0 || lot.document != frame.document);
  if ((flags & kLotRestored) != 0) {
    lot.restored_from = in.Natural();
    in.Require(lot.restored_from != 0);
  }
  if ((flags & kLotSlides) != 0) lot.slides = ReadTerm(in);
  return lot;
}

void Write(Writer& out, const Hold& hold, const Frame& frame) {
  std::uint64_t flags = 0;
  if (hold.id.str() != frame.document.id) flags |= kHoldId;
  if (!IsPoints(hold.asset)) flags |= kHoldAsset;
  if (hold.state != HoldState::kOpen || hold.captured != 0) flags |= kHoldEnded;
  if (!hold.order_source.empty() || !hold.order_id.empty()) flags |= kHoldOrder;
  out.Unsigned(flags);
  if ((flags & kHoldId) != 0) out.Text(hold.id.str());
  if ((flags & kHoldAsset) != 0) out.Text(hold.asset.str());
  out.Time(hold.created_at, frame.time);
  out.Time(hold.expires_at, hold.created_at);
  if ((flags & kHoldEnded) != 0) {
    out.Unsigned(static_cast<std::uint64_t>(hold.state));
    out.Amount(hold.captured);
  }
  if ((flags & kHoldOrder) != 0) {
    out.Text(hold.order_source);
    out.Text(hold.order_id);
  }
  out.Unsigned(hold.parts.size());
  for (const Hold::Part& part : hold.parts) {
    out.Natural(part.lot);
    out.Amount(part.amount);
  }
}

Hold ReadHold(Reader& in, const Frame& frame) {
  Hold hold;
  const std::uint64_t flags = in.Flags(kHoldBits);
  hold.id = HoldId((flags & kHoldId) != 0 ? in.Text() : frame.document.id);
  in.Require((flags & kHoldId) == 0 || hold.id.str() != frame.document.id);
  hold.asset = ReadAssetIf(in, (flags & kHoldAsset) != 0);
  hold.created_at = in.Time(frame.time);
  hold.expires_at = in.Time(hold.created_at);
  if ((flags & kHoldEnded) != 0) {
    hold.state = in.OneOf(HoldState::kExpired);
    hold.captured = in.Amount();
    in.Require(hold.state != HoldState::kOpen || hold.captured != 0);
  }
  if ((flags & kHoldOrder) != 0) {
    hold.order_source = in.Text();
    hold.order_id = in.Text();
    in.Require(!hold.order_source.empty() || !hold.order_id.empty());
  }
  const std::size_t parts = in.Count();
  for (std::size_t i = 0; i < parts && in.ok(); ++i) {
    Hold::Part& part = hold.parts.emplace_back();
    part.lot = in.Natural();
    part.amount = in.Amount();
  }
  return hold;
}

void Write(Writer& out, const OrderRecord& order, const Frame& frame) {
  std::uint64_t flags = 0;
  if (!Names(frame.document, order.key)) flags |= kOrderKey;
  if (!IsPoints(order.asset)) flags |= kOrderAsset;
  if (!order.grants.empty()) flags |= kOrderGrants;
  if (!order.lots.empty()) flags |= kOrderLots;
  out.Unsigned(flags);
  if ((flags & kOrderKey) != 0) {
    out.Text(order.key.source);
    out.Text(order.key.id);
  }
  if ((flags & kOrderAsset) != 0) out.Text(order.asset.str());
  out.Unsigned(order.lines.size());
  for (const LineRecord& line : order.lines) Write(out, line);
  if ((flags & kOrderGrants) != 0) out.Unsigned(order.grants.size());
  for (const Grant& grant : order.grants) {
    out.Text(grant.rule);
    out.Amount(grant.points);
    out.Amount(grant.clawed);
  }
  if ((flags & kOrderLots) != 0) out.Unsigned(order.lots.size());
  for (const LotId lot : order.lots) out.Natural(lot);
}

OrderRecord ReadOrder(Reader& in, const Frame& frame) {
  OrderRecord order;
  const std::uint64_t flags = in.Flags(kOrderBits);
  if ((flags & kOrderKey) != 0) {
    order.key.source = in.Text();
    order.key.id = in.Text();
    in.Require(!Names(frame.document, order.key));
  } else {
    order.key = {frame.document.source, OrderIdOf(frame.document)};
  }
  order.asset = ReadAssetIf(in, (flags & kOrderAsset) != 0);
  const std::size_t lines = in.Count();
  for (std::size_t i = 0; i < lines && in.ok(); ++i) order.lines.push_back(ReadLine(in));
  if ((flags & kOrderGrants) != 0) order.grants = ReadGrants(in);
  if ((flags & kOrderLots) != 0) {
    const std::size_t lots = in.Count();
    in.Require(lots > 0);
    for (std::size_t i = 0; i < lots && in.ok(); ++i) order.lots.push_back(in.Natural());
  }
  return order;
}

void Write(Writer& out, const Transfer& transfer) {
  out.Unsigned(static_cast<std::uint64_t>(transfer.debit));
  out.Unsigned(static_cast<std::uint64_t>(transfer.credit));
  Write(out, transfer.asset);
  out.Amount(transfer.amount);
  out.Text(transfer.funder);
}

Transfer ReadTransfer(Reader& in) {
  Transfer transfer;
  transfer.debit = in.OneOf(Book::kTransit);
  transfer.credit = in.OneOf(Book::kTransit);
  transfer.asset = ReadAsset(in);
  transfer.amount = in.Amount();
  transfer.funder = in.Text();
  return transfer;
}

void Write(Writer& out, const Derivation& derivation) {
  const std::size_t rounding = RoundingCode(derivation.rounding);
  out.Text(derivation.rule);
  out.Signed(derivation.rule_set_version);
  out.Signed(derivation.base_minor);
  out.Signed(derivation.ppm);
  out.Signed(derivation.points);
  out.Unsigned(rounding);
  if (rounding == kRoundings.size()) out.Text(derivation.rounding);
}

Derivation ReadDerivation(Reader& in) {
  Derivation derivation;
  derivation.rule = in.Text();
  derivation.rule_set_version = in.Signed();
  derivation.base_minor = in.Signed();
  derivation.ppm = in.Signed();
  derivation.points = in.Signed();
  const std::size_t rounding = in.OneOf(kRoundings.size());
  if (rounding < kRoundings.size()) {
    derivation.rounding = kRoundings[rounding];
  } else {
    derivation.rounding = in.Text();
    in.Require(RoundingCode(derivation.rounding) == kRoundings.size());
  }
  return derivation;
}

}  // namespace passmint::ledger::internal
