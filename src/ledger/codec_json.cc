#include "base/bytes.h"
#include "ledger/codec.h"

// The export's view of an entry. What is empty or zero by nature is left out.

namespace passmint::ledger {
namespace {

const char* Name(DocumentType type) {
  switch (type) {
    case DocumentType::kNone:
      return "none";
    case DocumentType::kOrder:
      return "order";
    case DocumentType::kRefund:
      return "refund";
    case DocumentType::kHold:
      return "hold";
    case DocumentType::kAdjustment:
      return "adjustment";
    case DocumentType::kTransfer:
      return "transfer";
    case DocumentType::kMerge:
      return "merge";
    case DocumentType::kImport:
      return "import";
    case DocumentType::kCard:
      return "card";
    case DocumentType::kOccasion:
      return "occasion";
    case DocumentType::kEvent:
      return "event";
  }
  return "unknown";
}

const char* Name(HoldState state) {
  switch (state) {
    case HoldState::kOpen:
      return "open";
    case HoldState::kCaptured:
      return "captured";
    case HoldState::kVoided:
      return "voided";
    case HoldState::kExpired:
      return "expired";
  }
  return "unknown";
}

const char* Name(Book book) {
  switch (book) {
    case Book::kPending:
      return "member:pending";
    case Book::kActive:
      return "member:active";
    case Book::kDebt:
      return "member:debt";
    case Book::kIssuer:
      return "issuer";
    case Book::kBurned:
      return "burned";
    case Book::kExpired:
      return "expired";
    case Book::kWrittenOff:
      return "written_off";
    case Book::kTransit:
      return "transit";
  }
  return "unknown";
}

Json TimeJson(Timestamp instant) {
  return instant == kNever ? Json(nullptr) : Json(FormatRfc3339(instant));
}

Json DocumentJson(const Document& document) {
  Json json = {{"type", Name(document.type)}, {"id", document.id}};
  if (!document.source.empty()) json["source"] = document.source;
  if (!document.parent.empty()) json["parent"] = document.parent;
  return json;
}

Json TransferJson(const Transfer& transfer) {
  Json json = {{"asset", transfer.asset.str()},
               {"debit", Name(transfer.debit)},
               {"credit", Name(transfer.credit)},
               {"amount", transfer.amount}};
  if (!transfer.funder.empty()) json["funder"] = transfer.funder;
  return json;
}

const char* Name(SlidingTerm::End end) {
  switch (end) {
    case SlidingTerm::End::kDay:
      return "day";
    case SlidingTerm::End::kMonth:
      return "month";
    case SlidingTerm::End::kQuarter:
      return "quarter";
    case SlidingTerm::End::kYear:
      return "year";
  }
  return "unknown";
}

Json TermJson(const SlidingTerm& term) {
  return {{"months", term.months}, {"days", term.days}, {"round_to", Name(term.end)}};
}

Json SlideJson(const Slide& slide) {
  return {{"term", TermJson(slide.term)}, {"until", TimeJson(slide.until)}};
}

Json LotJson(const Lot& lot) {
  Json json = {{"id", lot.id},
               {"asset", lot.asset.str()},
               {"original", lot.original},
               {"pending", lot.pending},
               {"available", lot.available},
               {"held", lot.held},
               {"spent", lot.spent},
               {"expired", lot.expired},
               {"clawed", lot.clawed},
               {"activates_at", TimeJson(lot.activates_at)},
               {"expires_at", TimeJson(lot.expires_at)},
               {"document", DocumentJson(lot.document)}};
  if (!lot.funder.empty()) json["funder"] = lot.funder;
  if (lot.restored_from != 0) json["restored_from"] = lot.restored_from;
  if (lot.slides) json["slides"] = TermJson(*lot.slides);
  return json;
}

Json HoldJson(const Hold& hold) {
  Json parts = Json::array();
  for (const Hold::Part& part : hold.parts) {
    parts.push_back({{"lot", part.lot}, {"amount", part.amount}});
  }
  Json json = {{"id", hold.id.str()},
               {"asset", hold.asset.str()},
               {"parts", std::move(parts)},
               {"created_at", TimeJson(hold.created_at)},
               {"expires_at", TimeJson(hold.expires_at)},
               {"state", Name(hold.state)},
               {"captured", hold.captured}};
  if (!hold.order_id.empty()) {
    json["order"] = {{"source", hold.order_source}, {"id", hold.order_id}};
  }
  return json;
}

Json LineJson(const LineRecord& line) {
  Json allocations = Json::array();
  for (const Allocation& allocation : line.allocations) {
    allocations.push_back(
        {{"lot", allocation.lot}, {"taken", allocation.taken}, {"returned", allocation.returned}});
  }
  return {{"line_id", line.line_id},
          {"quantity_milli", line.quantity},
          {"quantity_refunded_milli", line.quantity_refunded},
          {"paid", line.paid},
          {"paid_refunded", line.paid_refunded},
          {"earned", line.earned},
          {"clawed", line.clawed},
          {"value", line.value},
          {"value_refunded", line.value_refunded},
          {"burned", line.burned},
          {"restored", line.restored},
          {"allocations", std::move(allocations)}};
}

Json OrderJson(const OrderRecord& order) {
  Json lines = Json::array();
  for (const LineRecord& line : order.lines) lines.push_back(LineJson(line));
  Json grants = Json::array();
  for (const Grant& grant : order.grants) {
    grants.push_back({{"rule", grant.rule}, {"points", grant.points}, {"clawed", grant.clawed}});
  }
  return {{"source", order.key.source}, {"id", order.key.id},          {"asset", order.asset.str()},
          {"lines", std::move(lines)},  {"grants", std::move(grants)}, {"lots", order.lots}};
}

Json DerivationJson(const Derivation& derivation) {
  return {{"rule", derivation.rule},
          {"rule_set_version", derivation.rule_set_version},
          {"base_minor", derivation.base_minor},
          {"rate_ppm", derivation.ppm},
          {"rounding", derivation.rounding},
          {"points", derivation.points}};
}

template <class T, class Function>
Json ArrayJson(const std::vector<T>& values, Function to_json) {
  Json array = Json::array();
  for (const T& value : values) array.push_back(to_json(value));
  return array;
}

}  // namespace

Json ToJson(const Entry& entry) {
  Json json = {{"sequence", entry.sequence},
               {"time", TimeJson(entry.time)},
               {"effective_at", TimeJson(entry.effective_at)},
               {"type", std::string(ToText(entry.type))},
               {"actor", entry.actor},
               {"document", DocumentJson(entry.document)},
               {"amount", entry.amount},
               {"available_after", entry.available_after},
               {"transfers", ArrayJson(entry.transfers, TransferJson)},
               {"lots", ArrayJson(entry.lots, LotJson)},
               {"holds", ArrayJson(entry.holds, HoldJson)},
               {"derivations", ArrayJson(entry.derivations, DerivationJson)}};
  if (!entry.peer.empty()) {
    json["peer"] = {{"account", entry.peer}, {"sequence", entry.peer_sequence}};
  }
  if (entry.lot_offset != 0) json["lot_offset"] = entry.lot_offset;
  if (entry.ends_account) json["ends_account"] = true;
  if (!entry.slides.empty()) json["slides"] = ArrayJson(entry.slides, SlideJson);
  if (entry.order.has_value()) json["order"] = OrderJson(*entry.order);
  if (!entry.note_hash.empty()) json["note_hash"] = ToHex(entry.note_hash);
  return json;
}

}  // namespace passmint::ledger
