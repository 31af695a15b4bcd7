#include <cstddef>
#include <cstdint>
#include <cstdlib>
#include <string_view>

#include "ledger/checkpoint.h"
#include "ledger/codec.h"

namespace {

namespace ledger = passmint::ledger;

// Whatever is read would be written the same: one value, one encoding.
template <class T, class Encode>
void ComesBack(const passmint::Result<T>& decoded, std::string_view bytes, Encode encode) {
  if (decoded.ok() && encode(decoded.value()) != bytes) std::abort();
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const std::string_view bytes(reinterpret_cast<const char*>(data), size);
  ComesBack(ledger::DecodeBody(1, bytes), bytes, ledger::EncodeBody);
  ComesBack(ledger::DecodeState(bytes), bytes, ledger::EncodeState);
  ComesBack(ledger::DecodeOrder(bytes), bytes, ledger::EncodeOrder);
  ComesBack(ledger::DecodeLot(bytes), bytes, ledger::EncodeLot);
  ComesBack(ledger::DecodeHold(bytes), bytes, ledger::EncodeHold);
  (void)ledger::OpenCheckpoint(bytes, "").ok();
  return 0;
}
