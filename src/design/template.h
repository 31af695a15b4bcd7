#pragma once

#include <array>
#include <cstddef>
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/currency.h"
#include "design/rendered_card.h"
#include "design/text.h"
#include "json/json.h"

namespace passmint::design {

// What the card is; fixed after the first publish (contract/templates.md, table of kinds).
enum class Kind { kLoyalty, kMembership, kCoupon, kGift, kTicket, kBoarding };

// "loyalty", "membership", "coupon", "gift", "ticket", "boarding".
std::string_view Name(Kind kind);

enum class FieldType { kText, kNumber, kCurrency, kPercent, kDate, kDateTime };
enum class DateStyle { kNone, kShort, kMedium, kLong, kFull };
enum class Alignment { kNatural, kLeft, kCenter, kRight };
enum class BarcodeFormat {
  kQr,
  kPdf417,
  kAztec,
  kCode128,
  kCode39,
  kCodabar,
  kEan13,
  kItf,  // As Apple knows them from iOS 27.
};

// One field of contract/templates.md.
struct Field {
  std::string key;  // Unique in the template.
  Text label;
  Text value;
  FieldType type = FieldType::kText;
  std::optional<Currency> currency;  // type currency: absent means the programme's.
  DateStyle date_style = DateStyle::kMedium;
  DateStyle time_style = DateStyle::kNone;  // type datetime: kShort unless it is said.
  bool relative = false;
  std::string zone;  // IANA name; "" means the programme's.
  Alignment align = Alignment::kNatural;
  Text change;  // Empty: no message on the lock screen.
  Text href;
  int row = 0;
  Json semantics;  // Native Apple semantic tags of the field, or null.
  std::optional<std::vector<std::string>>
      detect;          // "phone", "link", "address", "calendar"; absent: all.
  std::string google;  // "loyaltyPoints", "row:1", ... or "".
};

struct Barcode {
  BarcodeFormat format = BarcodeFormat::kQr;
  Text message;
  Text text;
};

struct Stamps {
  Text count;
  int of = 10;         // 1 to 30.
  std::string filled;  // File names in images/.
  std::string empty;
  std::string slot = "strip";
};

// One row of "images": the first whose condition holds is shown.
struct ImageChoice {
  std::map<std::string, std::string> when;  // Variable -> text it must equal; empty: always.
  std::string file;
};

struct Link {
  Text label;
  Text url;
};

struct Location {
  double latitude = 0;
  double longitude = 0;
  Text text;
};

struct Colors {
  // "#RRGGBB"; foreground and label may be empty: the system chooses.
  std::string background, foreground, label;
};

// A text inside one of the blocks that stay JSON; see design/blocks.h.
struct BlockText {
  std::string pointer;  // Into template.json: "/offer/title".
  Text text;
};

// template.json as data, with every text parsed against the locales. Blocks that only one wallet
// reads stay JSON and are checked by that wallet's module.
struct Template {
  Kind kind = Kind::kLoyalty;
  std::vector<std::string> languages;  // At least one; the first is the fallback.
  Text organization;
  Text description;
  Text logo_text;
  Colors colors;
  std::array<std::vector<Field>, kFieldGroups> fields;  // By FieldGroup.
  std::vector<Barcode> barcodes;
  std::optional<Stamps> stamps;
  std::map<std::string, std::vector<ImageChoice>> images;  // By slot.
  std::vector<Link> links;
  std::vector<Location> locations;
  Text expires;  // Expands to an RFC 3339 date-time or a date; empty: never.
  bool sharing = true;
  Json actions, app, beacons, relevant, nfc, personalization,
      poster;  // As written, null when absent.
  Json offer, event, boarding;
  Json apple;                        // RFC 7396 patch for pass.json.
  Json google_class, google_object;  // RFC 7396 patches.
  // The texts in all those blocks, sorted by pointer.
  std::vector<BlockText> block_texts;

  const std::vector<Field>& Group(FieldGroup group) const {
    return fields[static_cast<std::size_t>(group)];
  }
};

// "header", "primary", ... as in template.json.
std::string_view Name(FieldGroup group);

}  // namespace passmint::design
