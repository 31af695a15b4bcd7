#pragma once

#include "ledger/entry.h"
#include "ledger/internal/wire.h"
#include "ledger/lot.h"
#include "ledger/order.h"

// How the parts of an encoding are written. Each begins with the flags of what it has; what is
// default, or the same as in the frame, is left out.

namespace passmint::ledger::internal {

// What the parts of an encoding stand in and may refer to: of an entry's body its time and
// document; of everything else nothing.
struct Frame {
  Timestamp time;
  const Document& document;
};

void Write(Writer& out, const Document& document);
void Write(Writer& out, const AssetId& asset);
void Write(Writer& out, const SlidingTerm& term);
void Write(Writer& out, const Lot& lot, const Frame& frame);
void Write(Writer& out, const Hold& hold, const Frame& frame);
void Write(Writer& out, const OrderRecord& order, const Frame& frame);
void Write(Writer& out, const Transfer& transfer);
void Write(Writer& out, const Derivation& derivation);

Document ReadDocument(Reader& in);
AssetId ReadAsset(Reader& in);
SlidingTerm ReadTerm(Reader& in);
Lot ReadLot(Reader& in, const Frame& frame);
Hold ReadHold(Reader& in, const Frame& frame);
OrderRecord ReadOrder(Reader& in, const Frame& frame);
Transfer ReadTransfer(Reader& in);
Derivation ReadDerivation(Reader& in);

}  // namespace passmint::ledger::internal
