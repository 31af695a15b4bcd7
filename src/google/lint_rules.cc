// Rules about single parts of a class or object: G05 to G07, G10 to G16, G19, G20, G23, G26.

#include <algorithm>
#include <array>
#include <cctype>
#include <charconv>
#include <set>
#include <string>
#include <string_view>

#include "base/currency.h"
#include "google/barcode.h"
#include "google/iso_time.h"
#include "google/lint_report.h"
#include "google/lint_visit.h"
#include "google/schema.h"

namespace passmint::google {
namespace {

// One part under a rule.
struct Subject {
  const Pair& pair;
  Side side;
  const Json& part;
  const std::string& path;
  LintReport& report;

  Origin At(std::string_view key = "") const {
    return OriginOf(pair, side, key.empty() ? path : json::Child(path, key));
  }
  bool Has(std::string_view key) const { return part.contains(key); }
};

void CheckBalance(const Subject& subject) {
  int kinds = 0;
  for (const std::string_view kind : {"string", "int", "double", "money"}) {
    kinds += subject.Has(kind) ? 1 : 0;
  }
  if (kinds == 1) return;
  subject.report.Error("G05", subject.At(),
                       kinds == 0 ? "the balance has no value" : "the balance has several values",
                       "Give it exactly one of string, int, double and money.");
}

void CheckPoints(const Subject& subject) {
  if (subject.Has("balance")) return;
  subject.report.Error("G05", subject.At(), "these points have no balance",
                       "Give them {\"balance\": {\"int\": 0}} or another one.");
}

void CheckMoney(const Subject& subject) {
  const std::string_view code = TextOf(subject.part, "currencyCode");
  if (!Currency::Find(code)) {
    subject.report.Error("G05", subject.At("currencyCode"),
                         Quoted(code) + " is no ISO 4217 currency",
                         "Write its three capital letters.");
  }
  if (!subject.Has("micros")) {
    subject.report.Error("G05", subject.At("micros"), "an amount of money without micros",
                         "Write millionths of the major unit: 12.50 is 12500000.");
  }
}

void CheckInterval(const Subject& subject) {
  const auto read = [&subject](std::string_view end) -> std::optional<IsoTime> {
    const auto member = subject.part.find(end);
    return member == subject.part.end() ? std::nullopt : ReadIsoTime(TextOf(*member, "date"));
  };
  const auto start = read("start");
  const auto end = read("end");
  if (!start || !end) return;
  if (start->has_offset != end->has_offset) {
    subject.report.Error("G06", subject.At(), "only one of start and end has an offset",
                         "Write both with an offset, or both without.");
  } else if (end->instant < start->instant) {
    subject.report.Error("G06", subject.At(), "end lies before start", "Swap them.");
  }
}

void CheckImage(const Subject& subject) {
  const bool uri = subject.Has("sourceUri");
  if (uri == subject.Has("privateImageId")) {
    subject.report.Error("G07", subject.At(),
                         uri ? "the image has both sourceUri and privateImageId"
                             : "the image has neither sourceUri nor privateImageId",
                         "Give it exactly one of them.");
    return;
  }
  if (!subject.Has("contentDescription")) {
    subject.report.Warn("G23", subject.At(), "a picture without contentDescription",
                        "Say what it shows: screen readers read it.");
  }
}

// Pictures of our own stand under /i/ with the scheme of the site; only a patch has others.
void CheckImageUri(const Subject& subject) {
  const std::string_view uri = TextOf(subject.part, "uri");
  const bool svg = uri.size() > 4 && uri.substr(uri.size() - 4) == ".svg";
  const bool foreign = subject.At().pointer.rfind("/google/", 0) == 0;
  if (svg || (foreign && uri.rfind("http:", 0) == 0)) {
    subject.report.Warn("G23", subject.At("uri"),
                        Quoted(uri) + (svg ? " is SVG, which Google shows as nothing"
                                           : " is not fetched over https"),
                        svg ? "Use PNG." : "Serve it over https.");
  }
}

void CheckLocalized(const Subject& subject) {
  if (!subject.Has("defaultValue")) {
    subject.report.Error("G16", subject.At(), "a LocalizedString without defaultValue",
                         "Add {\"defaultValue\": {\"language\": \"en\", \"value\": \"...\"}}.");
  }
}

void CheckPlace(const Subject& subject) {
  const auto outside = [&subject](std::string_view key, double limit) {
    const auto member = subject.part.find(key);
    if (member == subject.part.end() || !member->is_number()) return false;
    const double degrees = member->get<double>();
    return degrees < -limit || degrees > limit;
  };
  if (outside("latitude", 90) || outside("longitude", 180)) {
    subject.report.Error("G11", subject.At(), "a place that is not on Earth",
                         "Latitudes go from -90 to 90, longitudes from -180 to 180.");
  }
}

// The n of each "{totp_value_n}" is at least `parameters`.
bool NamesMissingParameter(std::string_view pattern, std::size_t parameters) {
  constexpr std::string_view kOpen = "{totp_value_";
  for (std::size_t at = pattern.find(kOpen); at != std::string_view::npos;
       at = pattern.find(kOpen, at + 1)) {
    const std::string_view rest = pattern.substr(at + kOpen.size());
    std::size_t index = 0;
    const auto [end, problem] = std::from_chars(rest.data(), rest.data() + rest.size(), index);
    if (problem != std::errc() || index >= parameters) return true;
  }
  return false;
}

bool IsHexKey(std::string_view key) {
  return !key.empty() && key.size() % 2 == 0 && std::all_of(key.begin(), key.end(), [](char c) {
    return std::isxdigit(static_cast<unsigned char>(c)) != 0;
  });
}

void CheckRotating(const Subject& subject) {
  const std::string_view type = TextOf(subject.part, "type");
  if (type != "QR_CODE" && type != "PDF_417") {
    subject.report.Error("G12", subject.At("type"), "a rotating barcode cannot be " + Quoted(type),
                         "Write QR_CODE or PDF_417.");
  }
  if (subject.Has("initialRotatingBarcodeValues")) {
    subject.report.Error("G12", subject.At("initialRotatingBarcodeValues"),
                         "initialRotatingBarcodeValues are for transit passes",
                         "Remove them and use totpDetails.");
  }
  const Json& details = MemberOf(subject.part, "totpDetails");
  const Json& parameters = MemberOf(details, "parameters");
  if (NamesMissingParameter(TextOf(subject.part, "valuePattern"), parameters.size())) {
    subject.report.Error("G12", subject.At("valuePattern"),
                         "valuePattern names a {totp_value_n} that totpDetails.parameters lacks",
                         "Count from 0 and give each its parameter.");
  }
  if (!MemberOf(details, "algorithm").is_null() && TextOf(details, "algorithm") != "TOTP_SHA1") {
    subject.report.Error("G12", subject.At("totpDetails"), "Google knows TOTP_SHA1 only",
                         "Write \"algorithm\": \"TOTP_SHA1\".");
  }
}

void CheckTotpParameter(const Subject& subject) {
  if (!IsHexKey(TextOf(subject.part, "key"))) {
    subject.report.Error("G12", subject.At("key"), "the key is not an even number of hex digits",
                         "Write the secret in Base16.");
  }
  subject.report.Error("G19", subject.At("key"),
                       "a link to the card would carry the secret of its rotating barcode",
                       "Remove it: secrets are set over REST, per card, never in a template.");
}

void CheckBarcode(const Subject& subject) {
  const std::string_view type = TextOf(subject.part, "type");
  if (subject.Has("renderEncoding") && type != "QR_CODE") {
    subject.report.Error("G13", subject.At("renderEncoding"),
                         "renderEncoding stands with " + Quoted(type),
                         "Remove it: it is for QR_CODE.");
  }
  if (subject.Has("alternateText") && type == "TEXT_ONLY") {
    subject.report.Error("G13", subject.At("alternateText"), "alternateText stands with TEXT_ONLY",
                         "Remove it: the value is the text.");
  }
  const std::string_view problem = BarcodeProblem(type, TextOf(subject.part, "value"));
  if (!problem.empty()) {
    subject.report.Error("G13", subject.At("value"),
                         Quoted(TextOf(subject.part, "value")) + ": " + std::string(problem),
                         "Use qr for such values, or put it first in the chain.");
  }
}

void CheckVenue(const Subject& subject) {
  for (const std::string_view key : {"name", "address"}) {
    if (subject.Has(key)) continue;
    subject.report.Error("G14", subject.At(key), "the venue has no " + std::string(key),
                         "Write event.venue." + std::string(key) + ".");
  }
}

void CheckValueAdded(const Subject& subject) {
  for (const std::string_view key : {"header", "uri"}) {
    if (subject.Has(key)) continue;
    subject.report.Error("G20", subject.At(), "a value-added module without " + std::string(key),
                         "Add it: Google requires it.");
  }
}

void CheckAppTarget(const Subject& subject) {
  const auto target = subject.part.find("targetUri");
  if (target == subject.part.end() || !TextOf(*target, "description").empty()) return;
  subject.report.Error("G20", subject.At("targetUri"),
                       "an app link's targetUri without description",
                       "Add a description: Google requires it.");
}

struct Rule {
  std::string_view type;
  void (*check)(const Subject& subject);
};

constexpr auto kPartRules = std::to_array<Rule>({
    {"LoyaltyPoints", CheckPoints},
    {"LoyaltyPointsBalance", CheckBalance},
    {"Money", CheckMoney},
    {"TimeInterval", CheckInterval},
    {"Image", CheckImage},
    {"ImageUri", CheckImageUri},
    {"LocalizedString", CheckLocalized},
    {"MerchantLocation", CheckPlace},
    {"RotatingBarcode", CheckRotating},
    {"RotatingBarcodeTotpDetailsTotpParameters", CheckTotpParameter},
    {"Barcode", CheckBarcode},
    {"EventVenue", CheckVenue},
    {"ValueAddedModuleData", CheckValueAdded},
    {"AppLinkDataAppLinkInfoAppTarget", CheckAppTarget},
});

void CheckParts(const Pair& pair, Side side, LintReport& report) {
  const Vertical vertical = pair.layout.vertical;
  const SchemaType& schema = side == Side::kClass ? ClassSchema(vertical) : ObjectSchema(vertical);
  VisitParts(pair.Of(side), schema,
             [&](const Json& part, const SchemaType& type, const std::string& path) {
               for (const Rule& rule : kPartRules) {
                 if (rule.type == type.name) rule.check({pair, side, part, path, report});
               }
             });
}

void CheckModuleIds(const Pair& pair, Side side, LintReport& report) {
  const Json& modules = MemberOf(pair.Of(side), "textModulesData");
  if (!modules.is_array()) return;
  std::set<std::string_view> seen;
  for (std::size_t i = 0; i < modules.size(); ++i) {
    const std::string_view id = TextOf(modules[i], "id");
    if (id.empty()) continue;
    Origin origin = OriginOf(pair, side, json::Child("/textModulesData", i) + "/id");
    const bool allowed = std::all_of(id.begin(), id.end(), [](char c) {
      return std::isalnum(static_cast<unsigned char>(c)) != 0 || c == '_' || c == '-';
    });
    if (!allowed) {
      report.Error("G10", std::move(origin), Quoted(id) + " is no id of a text module",
                   "Use letters, digits, _ and - only.");
    } else if (!seen.insert(id).second) {
      report.Error("G10", std::move(origin), "two text modules have the id " + Quoted(id),
                   "Give each its own id.");
    }
  }
}

void CheckEventLabels(const Pair& pair, LintReport& report) {
  struct Row {
    std::string_view label, custom;
  };
  constexpr Row kRows[] = {{"confirmationCodeLabel", "customConfirmationCodeLabel"},
                           {"seatLabel", "customSeatLabel"},
                           {"rowLabel", "customRowLabel"},
                           {"sectionLabel", "customSectionLabel"},
                           {"gateLabel", "customGateLabel"}};
  for (const Row& row : kRows) {
    if (!pair.pass_class.contains(row.label) || !pair.pass_class.contains(row.custom)) continue;
    report.Error("G14", OriginOf(pair, Side::kClass, json::Child("", row.label)),
                 "the class has both " + std::string(row.label) + " and " + std::string(row.custom),
                 "Set " + std::string(row.custom) + " to null in google.class, or leave out " +
                     std::string(row.label) + ".");
  }
  const Json& when = MemberOf(pair.pass_class, "dateTime");
  if (when.contains("doorsOpenLabel") && when.contains("customDoorsOpenLabel")) {
    report.Error("G14", OriginOf(pair, Side::kClass, "/dateTime/doorsOpenLabel"),
                 "the class has both doorsOpenLabel and customDoorsOpenLabel", "Remove one.");
  }
}

void CheckGift(const Pair& pair, LintReport& report) {
  const bool shown = MemberOf(pair.pass_class, "allowBarcodeRedemption") == Json(true);
  if (pair.object.contains("barcode") && !shown) {
    report.Error("G15", OriginOf(pair, Side::kClass, "/allowBarcodeRedemption"),
                 "the gift card has a barcode that Google hides",
                 "Set \"allowBarcodeRedemption\": true in google.class.");
  }
  const auto updated = pair.object.find("balanceUpdateTime");
  if (updated != pair.object.end()) {
    const auto time = ReadIsoTime(TextOf(*updated, "date"));
    if (time && !time->has_offset) {
      report.Error("G06", OriginOf(pair, Side::kObject, "/balanceUpdateTime/date"),
                   "balanceUpdateTime has no offset", "Write it as 2026-11-21T19:00:00+03:00.");
    }
  }
  if (pair.object.contains("pin")) {
    report.Error("G19", OriginOf(pair, Side::kObject, "/pin"),
                 "a link to the card would carry its PIN",
                 "Give the field \"google\": \"none\": a PIN is shown on the card page instead.");
  }
}

void CheckPresence(const Pair& pair, LintReport& report) {
  const bool generic = pair.layout.vertical == Vertical::kGeneric;
  if (!pair.Of(generic ? Side::kObject : Side::kClass).contains("hexBackgroundColor")) {
    report.Warn("G26", {.pointer = "/colors"}, "the card has no colour of its own",
                "Write colors.background: else Google derives one from a picture.");
  }
  if (pair.object.contains("rotatingBarcode") && !pair.object.contains("barcode")) {
    report.Warn("G26", OriginOf(pair, Side::kObject, "/rotatingBarcode"),
                "a rotating barcode without a fixed one beside it",
                "Add barcode: old phones and scanners show and read that.");
  }
  const bool has_value =
      pair.layout.vertical == Vertical::kGiftCard || pair.layout.vertical == Vertical::kLoyalty;
  if (has_value && !pair.pass_class.contains("multipleDevicesAndHoldersAllowedStatus")) {
    report.Warn("G26", OriginOf(pair, Side::kClass, "/multipleDevicesAndHoldersAllowedStatus"),
                "the class does not say who may hold a card of value",
                "Leave multipleDevicesAndHoldersAllowedStatus to \"sharing\".");
  }
}

}  // namespace

void LintRules(const Pair& pair, LintReport& report) {
  for (const Side side : {Side::kClass, Side::kObject}) {
    CheckParts(pair, side, report);
    CheckModuleIds(pair, side, report);
  }
  if (pair.layout.vertical == Vertical::kEventTicket) CheckEventLabels(pair, report);
  if (pair.layout.vertical == Vertical::kGiftCard) CheckGift(pair, report);
  CheckPresence(pair, report);
}

}  // namespace passmint::google
