// P05 dates, P06 colours, P07 JSON types, P09 enumerations, P28 addresses: what the value of each
// key of pass.json must be, as one table (Apple reference section 2).

#include <algorithm>
#include <array>
#include <span>

#include "apple/internal/pass_rules.h"

namespace passmint::apple::internal {
namespace {

enum class Type {
  kString,
  kNumber,
  kInteger,
  kBool,
  kDate,
  kColor,
  kHttpsUrl,
  kUrl,  // Any scheme.
  kEmail,
  kEnum,
  kValue,  // A field's: text or number.
  kObject,
  kAny,
};

enum class Shape {
  kNone,
  kStyle,
  kField,
  kBarcode,
  kLegacyBarcode,
  kNfc,
  kLocation,
  kBeacon,
  kRelevantDate,
  kAction,
  kUpcoming,
  kSemantics,
  kAmount,
  kPlace,
  kPerson,
  kSeat,
  kWifi,
};

using Names = std::span<const std::string_view>;

struct Member {
  std::string_view name;
  Type type = Type::kString;
  bool array = false;
  Shape shape = Shape::kNone;  // With kObject.
  Names names = {};            // With kEnum.
};

constexpr std::string_view kSchemes[] = {"posterEventTicket", "eventTicket", "semanticBoardingPass",
                                         "boardingPass"};
constexpr std::string_view kTransitTypes[] = {"PKTransitTypeAir", "PKTransitTypeBoat",
                                              "PKTransitTypeBus", "PKTransitTypeGeneric",
                                              "PKTransitTypeTrain"};
constexpr std::string_view kDetectors[] = {"PKDataDetectorTypePhoneNumber",
                                           "PKDataDetectorTypeLink", "PKDataDetectorTypeAddress",
                                           "PKDataDetectorTypeCalendarEvent"};
constexpr std::string_view kAlignments[] = {"PKTextAlignmentLeft", "PKTextAlignmentCenter",
                                            "PKTextAlignmentRight", "PKTextAlignmentNatural"};
constexpr std::string_view kDateStyles[] = {"PKDateStyleNone", "PKDateStyleShort",
                                            "PKDateStyleMedium", "PKDateStyleLong",
                                            "PKDateStyleFull"};
constexpr std::string_view kNumberStyles[] = {"PKNumberStyleDecimal", "PKNumberStylePercent",
                                              "PKNumberStyleScientific", "PKNumberStyleSpellOut"};
constexpr std::string_view kFormats[] = {"PKBarcodeFormatQR",     "PKBarcodeFormatPDF417",
                                         "PKBarcodeFormatAztec",  "PKBarcodeFormatCode128",
                                         "PKBarcodeFormatCode39", "PKBarcodeFormatCodabar",
                                         "PKBarcodeFormatEAN13",  "PKBarcodeFormatI2of5"};
constexpr std::string_view kActionTypes[] = {"viewSchedule",
                                             "watchTrailer",
                                             "listenToMusic",
                                             "call",
                                             "place",
                                             "addToBalance",
                                             "order",
                                             "shop",
                                             "membershipBenefits",
                                             "bookAppointment",
                                             "bookCar",
                                             "bookFlight",
                                             "bookStay",
                                             "viewOffersRewards"};
constexpr std::string_view kEventTypes[] = {"PKEventTypeGeneric",    "PKEventTypeLivePerformance",
                                            "PKEventTypeMovie",      "PKEventTypeSports",
                                            "PKEventTypeConference", "PKEventTypeConvention",
                                            "PKEventTypeWorkshop",   "PKEventTypeSocialGathering"};
constexpr std::string_view kUpcomingTypes[] = {"event"};

constexpr Member kPass[] = {
    {"formatVersion", Type::kNumber},
    {"passTypeIdentifier"},
    {"serialNumber"},
    {"teamIdentifier"},
    {"organizationName"},
    {"description"},
    {"webServiceURL", Type::kUrl},
    {"authenticationToken"},
    {"sharingProhibited", Type::kBool},
    {"associatedStoreIdentifiers", Type::kNumber, true},
    {"auxiliaryStoreIdentifiers", Type::kNumber, true},
    {"appLaunchURL", Type::kUrl},
    {"expirationDate", Type::kDate},
    {"voided", Type::kBool},
    {"locations", Type::kObject, true, Shape::kLocation},
    {"maxDistance", Type::kNumber},
    {"beacons", Type::kObject, true, Shape::kBeacon},
    {"relevantDate", Type::kDate},
    {"relevantDates", Type::kObject, true, Shape::kRelevantDate},
    {"backgroundColor", Type::kColor},
    {"foregroundColor", Type::kColor},
    {"labelColor", Type::kColor},
    {"stripColor", Type::kColor},
    {"footerBackgroundColor", Type::kColor},
    {"logoText"},
    {"logoSymbolName"},
    {"eventLogoText"},
    {"suppressStripShine", Type::kBool},
    {"suppressHeaderDarkening", Type::kBool},
    {"useAutomaticColors", Type::kBool},
    {"groupingIdentifier"},
    {"preferredStyleSchemes", Type::kEnum, true, Shape::kNone, kSchemes},
    {"barcodes", Type::kObject, true, Shape::kBarcode},
    {"barcode", Type::kObject, false, Shape::kLegacyBarcode},
    {"nfc", Type::kObject, false, Shape::kNfc},
    {"boardingPass", Type::kObject, false, Shape::kStyle},
    {"coupon", Type::kObject, false, Shape::kStyle},
    {"eventTicket", Type::kObject, false, Shape::kStyle},
    {"generic", Type::kObject, false, Shape::kStyle},
    {"storeCard", Type::kObject, false, Shape::kStyle},
    {"posterGeneric", Type::kObject, false, Shape::kStyle},
    {"semantics", Type::kObject, false, Shape::kSemantics},
    {"featuredActions", Type::kObject, true, Shape::kAction},
    {"upcomingPassInformation", Type::kObject, true, Shape::kUpcoming},
    {"bagPolicyURL", Type::kHttpsUrl},
    {"orderFoodURL", Type::kHttpsUrl},
    {"parkingInformationURL", Type::kHttpsUrl},
    {"directionsInformationURL", Type::kHttpsUrl},
    {"purchaseParkingURL", Type::kHttpsUrl},
    {"merchandiseURL", Type::kHttpsUrl},
    {"transitInformationURL", Type::kHttpsUrl},
    {"accessibilityURL", Type::kHttpsUrl},
    {"addOnURL", Type::kHttpsUrl},
    {"contactVenueWebsite", Type::kHttpsUrl},
    {"transferURL", Type::kHttpsUrl},
    {"sellURL", Type::kHttpsUrl},
    {"contactVenueEmail", Type::kEmail},
    {"contactVenuePhoneNumber"},
    {"changeSeatURL", Type::kHttpsUrl},
    {"entertainmentURL", Type::kHttpsUrl},
    {"purchaseAdditionalBaggageURL", Type::kHttpsUrl},
    {"purchaseLoungeAccessURL", Type::kHttpsUrl},
    {"purchaseWifiURL", Type::kHttpsUrl},
    {"upgradeURL", Type::kHttpsUrl},
    {"managementURL", Type::kHttpsUrl},
    {"registerServiceAnimalURL", Type::kHttpsUrl},
    {"reportLostBagURL", Type::kHttpsUrl},
    {"requestWheelchairURL", Type::kHttpsUrl},
    {"trackBagsURL", Type::kHttpsUrl},
    {"transitProviderWebsiteURL", Type::kHttpsUrl},
    {"transitProviderEmail", Type::kEmail},
    {"transitProviderPhoneNumber"},
};
constexpr Member kStyle[] = {
    {"headerFields", Type::kObject, true, Shape::kField},
    {"primaryFields", Type::kObject, true, Shape::kField},
    {"secondaryFields", Type::kObject, true, Shape::kField},
    {"auxiliaryFields", Type::kObject, true, Shape::kField},
    {"backFields", Type::kObject, true, Shape::kField},
    {"additionalInfoFields", Type::kObject, true, Shape::kField},
    {"footerFields", Type::kObject, true, Shape::kField},
    {"transitType", Type::kEnum, false, Shape::kNone, kTransitTypes},
};
constexpr Member kField[] = {
    {"key"},
    {"value", Type::kValue},
    {"label"},
    {"attributedValue", Type::kValue},
    {"changeMessage"},
    {"dataDetectorTypes", Type::kEnum, true, Shape::kNone, kDetectors},
    {"textAlignment", Type::kEnum, false, Shape::kNone, kAlignments},
    {"dateStyle", Type::kEnum, false, Shape::kNone, kDateStyles},
    {"timeStyle", Type::kEnum, false, Shape::kNone, kDateStyles},
    {"isRelative", Type::kBool},
    {"ignoresTimeZone", Type::kBool},
    {"currencyCode"},
    {"numberStyle", Type::kEnum, false, Shape::kNone, kNumberStyles},
    {"row", Type::kInteger},
    {"semantics", Type::kObject, false, Shape::kSemantics},
};
constexpr Member kBarcode[] = {
    {"format", Type::kEnum, false, Shape::kNone, kFormats},
    {"message"},
    {"messageEncoding"},
    {"altText"},
};
constexpr Member kLegacyBarcode[] = {
    {"format", Type::kEnum, false, Shape::kNone, Names(kFormats).first<3>()},
    {"message"},
    {"messageEncoding"},
    {"altText"},
};
constexpr Member kNfc[] = {
    {"message"}, {"encryptionPublicKey"}, {"requiresAuthentication", Type::kBool}};
constexpr Member kLocation[] = {{"latitude", Type::kNumber},
                                {"longitude", Type::kNumber},
                                {"altitude", Type::kNumber},
                                {"relevantText"}};
constexpr Member kBeacon[] = {
    {"proximityUUID"}, {"major", Type::kInteger}, {"minor", Type::kInteger}, {"relevantText"}};
constexpr Member kRelevantDate[] = {{"date", Type::kDate},
                                    {"relevantDate", Type::kDate},
                                    {"startDate", Type::kDate},
                                    {"endDate", Type::kDate}};
constexpr Member kAction[] = {{"identifier"},
                              {"type", Type::kEnum, false, Shape::kNone, kActionTypes},
                              {"url", Type::kUrl},
                              {"placeIdentifier"}};
constexpr Member kUpcoming[] = {{"identifier"},
                                {"name"},
                                {"type", Type::kEnum, false, Shape::kNone, kUpcomingTypes},
                                {"isActive", Type::kBool},
                                {"dateInformation", Type::kAny},
                                {"semantics", Type::kObject, false, Shape::kSemantics},
                                {"backFields", Type::kObject, true, Shape::kField},
                                {"additionalInfoFields", Type::kObject, true, Shape::kField},
                                {"auxiliaryStoreIdentifiers", Type::kNumber, true}};
constexpr Member kAmount[] = {{"amount"}, {"currencyCode"}};
constexpr Member kPlace[] = {{"latitude", Type::kNumber}, {"longitude", Type::kNumber}};
constexpr Member kPerson[] = {{"namePrefix"}, {"givenName"},  {"middleName"},
                              {"familyName"}, {"nameSuffix"}, {"nickname"}};
constexpr Member kSeat[] = {{"seatSection"},    {"seatRow"},   {"seatNumber"},
                            {"seatIdentifier"}, {"seatType"},  {"seatDescription"},
                            {"seatAisle"},      {"seatLevel"}, {"seatSectionColor"}};
constexpr Member kWifi[] = {{"ssid"}, {"password"}};

// Semantic tags whose values are not plain strings; those that are not listed here are checked by
// nobody, since Wallet ignores what it does not know.
constexpr Member kSemantics[] = {
    {"totalPrice", Type::kObject, false, Shape::kAmount},
    {"balance", Type::kObject, false, Shape::kAmount},
    {"wifiAccess", Type::kObject, true, Shape::kWifi},
    {"silenceRequested", Type::kBool},
    {"duration", Type::kNumber},
    {"departureLocation", Type::kObject, false, Shape::kPlace},
    {"destinationLocation", Type::kObject, false, Shape::kPlace},
    {"venueLocation", Type::kObject, false, Shape::kPlace},
    {"passengerName", Type::kObject, false, Shape::kPerson},
    {"seats", Type::kObject, true, Shape::kSeat},
    {"originalDepartureDate", Type::kDate},
    {"currentDepartureDate", Type::kDate},
    {"originalArrivalDate", Type::kDate},
    {"currentArrivalDate", Type::kDate},
    {"originalBoardingDate", Type::kDate},
    {"currentBoardingDate", Type::kDate},
    {"flightNumber", Type::kNumber},
    {"internationalDocumentsAreVerified", Type::kBool},
    {"eventType", Type::kEnum, false, Shape::kNone, kEventTypes},
    {"eventStartDate", Type::kDate},
    {"eventEndDate", Type::kDate},
    {"artistIDs", Type::kString, true},
    {"performerNames", Type::kString, true},
    {"albumIDs", Type::kString, true},
    {"playlistIDs", Type::kString, true},
    {"loungePlaceIDs", Type::kString, true},
    {"tailgatingAllowed", Type::kBool},
    {"venueOpenDate", Type::kDate},
    {"venueCloseDate", Type::kDate},
    {"venueDoorsOpenDate", Type::kDate},
    {"venueGatesOpenDate", Type::kDate},
    {"venueParkingLotsOpenDate", Type::kDate},
    {"venueBoxOfficeOpenDate", Type::kDate},
    {"venueFanZoneOpenDate", Type::kDate},
    {"eventName"},
    {"venueName"},
    {"venueRegionName"},
    {"venueRoom"},
    {"airlineCode"},
    {"departureAirportCode"},
    {"destinationAirportCode"},
};

std::span<const Member> MembersOf(Shape shape) {
  switch (shape) {
    case Shape::kNone:
      return {};
    case Shape::kStyle:
      return kStyle;
    case Shape::kField:
      return kField;
    case Shape::kBarcode:
      return kBarcode;
    case Shape::kLegacyBarcode:
      return kLegacyBarcode;
    case Shape::kNfc:
      return kNfc;
    case Shape::kLocation:
      return kLocation;
    case Shape::kBeacon:
      return kBeacon;
    case Shape::kRelevantDate:
      return kRelevantDate;
    case Shape::kAction:
      return kAction;
    case Shape::kUpcoming:
      return kUpcoming;
    case Shape::kSemantics:
      return kSemantics;
    case Shape::kAmount:
      return kAmount;
    case Shape::kPlace:
      return kPlace;
    case Shape::kPerson:
      return kPerson;
    case Shape::kSeat:
      return kSeat;
    case Shape::kWifi:
      return kWifi;
  }
  return {};  // Not reached: -Wswitch makes a missing case an error.
}

bool IsColor(std::string_view text) {
  if (!text.starts_with("rgb(") || !text.ends_with(")")) return false;
  text = text.substr(4, text.size() - 5);
  for (int part = 0; part < 3; ++part) {
    while (text.starts_with(' ')) text.remove_prefix(1);
    int number = 0;
    std::size_t digits = 0;
    while (digits < text.size() && digits < 3 && text[digits] >= '0' && text[digits] <= '9') {
      number = number * 10 + (text[digits++] - '0');
    }
    if (digits == 0 || number > 255) return false;
    text.remove_prefix(digits);
    while (text.starts_with(' ')) text.remove_prefix(1);
    if (part == 2) return text.empty();
    if (!text.starts_with(',')) return false;
    text.remove_prefix(1);
  }
  return false;
}

bool HasScheme(std::string_view url) {
  const std::size_t colon = url.find(':');
  return colon != std::string_view::npos && colon > 0 && colon + 1 < url.size() &&
         std::all_of(url.begin(), url.begin() + static_cast<std::ptrdiff_t>(colon), [](char c) {
           return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') ||
                  c == '+' || c == '-' || c == '.';
         });
}

bool IsEmail(std::string_view text) {
  const std::size_t at = text.find('@');
  return at != std::string_view::npos && at > 0 && text.find('@', at + 1) == text.npos &&
         text.find('.', at) != text.npos && text.find(' ') == text.npos;
}

std::string Listed(Names names) {
  std::string text;
  for (const std::string_view name : names) {
    if (!text.empty()) text += ", ";
    text += name;
  }
  return text;
}

class TypeChecker {
 public:
  explicit TypeChecker(RuleReport& report) : report_(report) {}

  void Object(const Json& object, std::span<const Member> members, const std::string& pointer) {
    for (const Member& member : members) {
      const auto found = object.find(member.name);
      if (found == object.end()) continue;
      const std::string here = json::Child(pointer, member.name);
      if (found->is_null()) {
        report_.Error("P07", here, "is null", "leave it out");
      } else if (member.array) {
        Array(*found, member, here);
      } else {
        Value(*found, member, here);
      }
    }
  }

 private:
  void Array(const Json& value, const Member& member, const std::string& pointer) {
    if (!value.is_array()) {
      report_.Error("P07", pointer, "is not an array: " + Shown(value), "write it as an array");
      return;
    }
    for (std::size_t i = 0; i < value.size(); ++i) {
      Value(value[i], member, json::Child(pointer, i));
    }
  }

  void Value(const Json& value, const Member& member, const std::string& pointer) {
    switch (member.type) {
      case Type::kNumber:
        return Expect(value.is_number(), value, "a number, without quotes", pointer);
      case Type::kInteger:
        return Expect(value.is_number_integer(), value, "a whole number, without quotes", pointer);
      case Type::kBool:
        return Expect(value.is_boolean(), value, "true or false, without quotes", pointer);
      case Type::kValue:
        return Expect(value.is_string() || value.is_number(), value, "a text or a number", pointer);
      case Type::kObject:
        if (!value.is_object()) return Expect(false, value, "an object", pointer);
        return Object(value, MembersOf(member.shape), pointer);
      case Type::kAny:
        return;
      default:
        if (!value.is_string()) return Expect(false, value, "a text in quotes", pointer);
        return String(value, member, pointer);
    }
  }

  void Expect(bool holds, const Json& value, std::string_view wanted, const std::string& pointer) {
    if (holds) return;
    report_.Error("P07", pointer, "is not " + std::string(wanted) + ": " + Shown(value),
                  "write " + std::string(wanted));
  }

  void String(const Json& value, const Member& member, const std::string& pointer) {
    const auto& text = value.get_ref<const std::string&>();
    if (member.type == Type::kDate && !ParseWalletDate(text)) {
      report_.Error("P05", pointer, "is not a W3C date-time with zone: " + Shown(value),
                    "write it like 2026-11-21T10:00:00+03:00");
    } else if (member.type == Type::kColor && !IsColor(text)) {
      report_.Error("P06", pointer, "is not a colour that all phones read: " + Shown(value),
                    "write it like rgb(59, 35, 24)");
    } else if (member.type == Type::kEnum &&
               std::find(member.names.begin(), member.names.end(), text) == member.names.end()) {
      report_.Error("P09", pointer, Shown(value) + " is not a value that Wallet knows here",
                    "use one of " + Listed(member.names));
    } else if (member.type == Type::kHttpsUrl && !text.starts_with("https://")) {
      report_.Warn("P28", pointer, "is not an https URL: " + Shown(value),
                   "use an https:// address");
    } else if (member.type == Type::kUrl && !HasScheme(text)) {
      report_.Warn("P28", pointer, "is not an absolute URL: " + Shown(value),
                   "start it with its scheme, such as https://");
    } else if (member.type == Type::kEmail && !IsEmail(text)) {
      report_.Warn("P28", pointer, "is not an e-mail address: " + Shown(value),
                   "write it like tickets@example.com");
    }
  }

  RuleReport& report_;
};

}  // namespace

void CheckTypes(RuleReport& report) { TypeChecker(report).Object(report.json(), kPass, ""); }

}  // namespace passmint::apple::internal
