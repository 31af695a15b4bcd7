#include "ledger/codec.h"

#include <utility>

#include "ledger/internal/parts.h"

namespace passmint::ledger {
namespace {

using internal::Frame;
using internal::Reader;
using internal::Writer;

// The first byte of every encoding. A change of the format takes the next number, and readers of
// the old ones stay.
constexpr std::uint64_t kVersion = 1;
// Of a state whose decided_at is not its last_time.
constexpr std::uint64_t kStateWithDecided = 2;

// An accrual of a few lines; longer ones grow.
constexpr std::size_t kUsualBytes = 384;

// Flags of a body.
constexpr std::uint64_t kHasEffectiveAt = 1;  // Other than its time.
constexpr std::uint64_t kHasDocument = 2;
constexpr std::uint64_t kHasPeer = 4;
constexpr std::uint64_t kHasHolds = 8;
constexpr std::uint64_t kHasOrder = 16;
constexpr std::uint64_t kHasDerivations = 32;
constexpr std::uint64_t kHasNote = 64;
constexpr std::uint64_t kEndsAccount = 128;
constexpr std::uint64_t kHasSlides = 256;
constexpr int kBodyBits = 9;

// Of what stands alone.
const Document kNoDocument;
const Frame kNoFrame{Timestamp{}, kNoDocument};

constexpr char kUnknownVersion[] = "a version that this program does not know";

void ReadVersion(Reader& in) {
  if (in.Unsigned() != kVersion) in.Fail(kUnknownVersion);
}

template <class T>
Result<T> Finished(Reader& in, std::string_view what, T value) {
  const Status status = in.Finish(what);
  if (!status.ok()) return status.error();
  return value;
}

std::uint64_t FlagsOf(const Entry& entry) {
  std::uint64_t flags = 0;
  if (entry.effective_at != entry.time) flags |= kHasEffectiveAt;
  if (entry.document != Document{}) flags |= kHasDocument;
  if (!entry.peer.empty() || entry.peer_sequence != 0 || entry.lot_offset != 0) flags |= kHasPeer;
  if (!entry.holds.empty()) flags |= kHasHolds;
  if (entry.order.has_value()) flags |= kHasOrder;
  if (!entry.derivations.empty()) flags |= kHasDerivations;
  if (!entry.note_hash.empty()) flags |= kHasNote;
  if (entry.ends_account) flags |= kEndsAccount;
  if (!entry.slides.empty()) flags |= kHasSlides;
  return flags;
}

// What the parts of a body may refer to is read first.
void ReadHead(Reader& in, std::uint64_t flags, Entry& entry) {
  entry.type = in.OneOf(kLastEntryType);
  entry.time = in.Time(Timestamp{});
  entry.effective_at = entry.time;
  entry.ends_account = (flags & kEndsAccount) != 0;
  if ((flags & kHasEffectiveAt) != 0) {
    entry.effective_at = in.Time(entry.time);
    in.Require(entry.effective_at != entry.time);
  }
  entry.actor = in.Text();
  if ((flags & kHasDocument) != 0) {
    entry.document = internal::ReadDocument(in);
    in.Require(entry.document != Document{});
  }
  if ((flags & kHasPeer) != 0) {
    entry.peer = in.Text();
    entry.peer_sequence = in.Natural();
    entry.lot_offset = in.Natural();
    in.Require(!entry.peer.empty() || entry.peer_sequence != 0 || entry.lot_offset != 0);
  }
}

void ReadParts(Reader& in, std::uint64_t flags, Entry& entry) {
  const Frame frame{entry.time, entry.document};
  const std::size_t transfers = in.Count();
  for (std::size_t i = 0; i < transfers && in.ok(); ++i) {
    entry.transfers.push_back(internal::ReadTransfer(in));
  }
  const std::size_t lots = in.Count();
  for (std::size_t i = 0; i < lots && in.ok(); ++i) {
    entry.lots.push_back(internal::ReadLot(in, frame));
  }
  if ((flags & kHasHolds) != 0) {
    const std::size_t holds = in.Count();
    in.Require(holds > 0);
    for (std::size_t i = 0; i < holds && in.ok(); ++i) {
      entry.holds.push_back(internal::ReadHold(in, frame));
    }
  }
  if ((flags & kHasOrder) != 0) entry.order = internal::ReadOrder(in, frame);
  if ((flags & kHasDerivations) != 0) {
    const std::size_t derivations = in.Count();
    in.Require(derivations > 0);
    for (std::size_t i = 0; i < derivations && in.ok(); ++i) {
      entry.derivations.push_back(internal::ReadDerivation(in));
    }
  }
  if ((flags & kHasSlides) != 0) {
    const std::size_t slides = in.Count();
    in.Require(slides > 0);
    for (std::size_t i = 0; i < slides && in.ok(); ++i) {
      const SlidingTerm term = internal::ReadTerm(in);
      entry.slides.push_back({.term = term, .until = in.Time(entry.time)});
    }
  }
}

void Write(Writer& out, const Balance& balance) {
  out.Amount(balance.pending);
  out.Amount(balance.available);
  out.Amount(balance.held);
  out.Amount(balance.debt);
}

Balance ReadBalance(Reader& in) {
  Balance balance;
  balance.pending = in.Amount();
  balance.available = in.Amount();
  balance.held = in.Amount();
  balance.debt = in.Amount();
  return balance;
}

}  // namespace

std::string EncodeBody(const Entry& entry) {
  Writer out(kUsualBytes);
  const std::uint64_t flags = FlagsOf(entry);
  const Frame frame{entry.time, entry.document};
  out.Unsigned(kVersion);
  out.Unsigned(flags);
  out.Unsigned(static_cast<std::uint64_t>(entry.type));
  out.Time(entry.time, Timestamp{});
  if ((flags & kHasEffectiveAt) != 0) out.Time(entry.effective_at, entry.time);
  out.Text(entry.actor);
  if ((flags & kHasDocument) != 0) internal::Write(out, entry.document);
  if ((flags & kHasPeer) != 0) {
    out.Text(entry.peer);
    out.Natural(entry.peer_sequence);
    out.Natural(entry.lot_offset);
  }
  out.Unsigned(entry.transfers.size());
  for (const Transfer& transfer : entry.transfers) internal::Write(out, transfer);
  out.Unsigned(entry.lots.size());
  for (const Lot& lot : entry.lots) internal::Write(out, lot, frame);
  if ((flags & kHasHolds) != 0) out.Unsigned(entry.holds.size());
  for (const Hold& hold : entry.holds) internal::Write(out, hold, frame);
  if (entry.order.has_value()) internal::Write(out, *entry.order, frame);
  if ((flags & kHasDerivations) != 0) out.Unsigned(entry.derivations.size());
  for (const Derivation& derivation : entry.derivations) internal::Write(out, derivation);
  if ((flags & kHasSlides) != 0) out.Unsigned(entry.slides.size());
  for (const Slide& slide : entry.slides) {
    internal::Write(out, slide.term);
    out.Time(slide.until, entry.time);
  }
  if ((flags & kHasNote) != 0) out.Text(entry.note_hash);
  out.Signed(entry.amount);
  out.Amount(entry.available_after);
  return std::move(out).Take();
}

Result<Entry> DecodeBody(std::int64_t sequence, std::string_view body) {
  Reader in(body);
  Entry entry;
  entry.sequence = sequence;
  ReadVersion(in);
  const std::uint64_t flags = in.Flags(kBodyBits);
  ReadHead(in, flags, entry);
  ReadParts(in, flags, entry);
  if ((flags & kHasNote) != 0) {
    entry.note_hash = in.Text();
    in.Require(!entry.note_hash.empty());
  }
  entry.amount = in.Signed();
  entry.available_after = in.Amount();
  return Finished(in, "journal entry", std::move(entry));
}

std::string EncodeOrder(const OrderRecord& order) {
  Writer out(kUsualBytes);
  out.Unsigned(kVersion);
  internal::Write(out, order, kNoFrame);
  return std::move(out).Take();
}

Result<OrderRecord> DecodeOrder(std::string_view bytes) {
  Reader in(bytes);
  ReadVersion(in);
  OrderRecord order = internal::ReadOrder(in, kNoFrame);
  return Finished(in, "order", std::move(order));
}

std::string EncodeLot(const Lot& lot) {
  Writer out(kUsualBytes);
  out.Unsigned(kVersion);
  internal::Write(out, lot, kNoFrame);
  return std::move(out).Take();
}

Result<Lot> DecodeLot(std::string_view bytes) {
  Reader in(bytes);
  ReadVersion(in);
  Lot lot = internal::ReadLot(in, kNoFrame);
  return Finished(in, "lot", std::move(lot));
}

std::string EncodeHold(const Hold& hold) {
  Writer out(kUsualBytes);
  out.Unsigned(kVersion);
  internal::Write(out, hold, kNoFrame);
  return std::move(out).Take();
}

Result<Hold> DecodeHold(std::string_view bytes) {
  Reader in(bytes);
  ReadVersion(in);
  Hold hold = internal::ReadHold(in, kNoFrame);
  return Finished(in, "hold", std::move(hold));
}

std::string EncodeState(const Account& account) {
  Writer out(kUsualBytes);
  const Frame frame{account.last_time, kNoDocument};
  const bool apart = account.decided_at != account.last_time;
  out.Unsigned(apart ? kStateWithDecided : kVersion);
  out.Time(account.last_time, Timestamp{});
  if (apart) out.Time(account.decided_at, account.last_time);
  out.Natural(account.next_lot);
  out.Text(account.merged_into.str());
  out.Natural(account.merged_offset);
  out.Unsigned(account.balances.size());
  for (const auto& [asset, balance] : account.balances) {
    internal::Write(out, asset);
    Write(out, balance);
  }
  out.Unsigned(account.lots.size());
  for (const Lot& lot : account.lots) internal::Write(out, lot, frame);
  out.Unsigned(account.holds.size());
  for (const Hold& hold : account.holds) internal::Write(out, hold, frame);
  return std::move(out).Take();
}

Result<Account> DecodeState(std::string_view bytes) {
  Reader in(bytes);
  Account account;
  const std::uint64_t version = in.Unsigned();
  if (version != kVersion && version != kStateWithDecided) in.Fail(kUnknownVersion);
  account.last_time = in.Time(Timestamp{});
  account.decided_at = account.last_time;
  if (version == kStateWithDecided) {
    account.decided_at = in.Time(account.last_time);
    in.Require(account.decided_at != account.last_time);
  }
  account.next_lot = in.Natural();
  account.merged_into = AccountId(in.Text());
  account.merged_offset = in.Natural();
  const Frame frame{account.last_time, kNoDocument};
  const std::size_t balances = in.Count();
  for (std::size_t i = 0; i < balances && in.ok(); ++i) {
    AssetId asset = internal::ReadAsset(in);
    if (!account.balances.empty() && asset <= account.balances.rbegin()->first) {
      in.Fail("assets that are not in order");
    }
    account.balances.emplace_hint(account.balances.end(), std::move(asset), ReadBalance(in));
  }
  const std::size_t lots = in.Count();
  for (std::size_t i = 0; i < lots && in.ok(); ++i) {
    account.lots.push_back(internal::ReadLot(in, frame));
  }
  const std::size_t holds = in.Count();
  for (std::size_t i = 0; i < holds && in.ok(); ++i) {
    account.holds.push_back(internal::ReadHold(in, frame));
  }
  return Finished(in, "account", std::move(account));
}

}  // namespace passmint::ledger
