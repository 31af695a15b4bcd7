#include "ledger/entry.h"

namespace passmint::ledger {

std::string_view ToText(EntryType type) {
  switch (type) {
    case EntryType::kEarn:
      return "earn";
    case EntryType::kActivate:
      return "activate";
    case EntryType::kBurn:
      return "burn";
    case EntryType::kHold:
      return "hold";
    case EntryType::kCapture:
      return "capture";
    case EntryType::kVoid:
      return "void";
    case EntryType::kHoldExpire:
      return "hold_expire";
    case EntryType::kExpire:
      return "expire";
    case EntryType::kRestore:
      return "restore";
    case EntryType::kClawBack:
      return "claw_back";
    case EntryType::kDebtOffset:
      return "debt_offset";
    case EntryType::kDebtWriteOff:
      return "debt_write_off";
    case EntryType::kAdjust:
      return "adjust";
    case EntryType::kTransferIn:
      return "transfer_in";
    case EntryType::kTransferOut:
      return "transfer_out";
    case EntryType::kMerge:
      return "merge";
    case EntryType::kImport:
      return "import";
    case EntryType::kBlock:
      return "block";
    case EntryType::kUnblock:
      return "unblock";
    case EntryType::kClose:
      return "close";
    case EntryType::kReplace:
      return "replace";
    case EntryType::kTierChange:
      return "tier_change";
    case EntryType::kRateChange:
      return "rate_change";
    case EntryType::kCardPaid:
      return "card_paid";
    case EntryType::kMembership:
      return "membership";
    case EntryType::kDonate:
      return "donate";
    case EntryType::kTimeZoneRules:
      return "time_zone_rules";
    case EntryType::kActivity:
      return "activity";
  }
  return "unknown";
}

bool IsServiceOperation(EntryType type) {
  return (type >= EntryType::kBlock && type <= EntryType::kMembership) ||
         type == EntryType::kTimeZoneRules;
}

}  // namespace passmint::ledger
