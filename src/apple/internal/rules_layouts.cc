// P19 new layouts, P20 keys without effect, P21 featured actions, P22 upcoming events (Apple
// reference 2.7, 2.11, 2.12).

#include <algorithm>
#include <set>
#include <span>

#include "apple/internal/pass_rules.h"

namespace passmint::apple::internal {
namespace {

constexpr std::size_t kActionsShown = 2;

void NeedTags(RuleReport& report, std::span<const std::string_view> tags, std::string_view scheme) {
  const Json* semantics = Find(report.json(), "semantics");
  for (const std::string_view tag : tags) {
    if (semantics != nullptr && Find(*semantics, tag) != nullptr) continue;
    report.Warn("P19", "/semantics/" + std::string(tag),
                "phones fall back to the classic layout: " + std::string(scheme) +
                    " needs semantics." + std::string(tag),
                "add it, or give the new layout up");
  }
}

// Old phones show the classic style; without fields it is empty there.
void NeedClassicFields(RuleReport& report, std::string_view style) {
  const Json* fields = Find(report.json(), style);
  if (fields == nullptr || !fields->is_object()) return;
  const bool any = std::any_of(fields->begin(), fields->end(), [](const Json& group) {
    return group.is_array() && !group.empty();
  });
  if (any) return;
  report.Warn("P19", '/' + std::string(style),
              "the classic style has no fields: older phones show an empty pass",
              "give it fields as well");
}

void CheckPosterEvent(RuleReport& report) {
  static constexpr std::string_view kAlways[] = {"eventName", "venueName", "venueRegionName",
                                                 "venueRoom"};
  static constexpr std::string_view kSports[] = {"awayTeamAbbreviation", "homeTeamAbbreviation"};
  static constexpr std::string_view kLive[] = {"performerNames"};
  NeedTags(report, kAlways, "posterEventTicket");
  const Json* semantics = Find(report.json(), "semantics");
  const std::string type = semantics == nullptr ? "" : TextOf(*semantics, "eventType");
  if (type == "PKEventTypeSports") NeedTags(report, kSports, "posterEventTicket");
  if (type == "PKEventTypeLivePerformance") NeedTags(report, kLive, "posterEventTicket");
  const Json* nfc = Find(report.json(), "nfc");
  if (nfc == nullptr || Find(*nfc, "requiresAuthentication") == nullptr) {
    report.Warn("P19", nfc == nullptr ? "/nfc" : "/nfc/requiresAuthentication",
                "posterEventTicket needs nfc with requiresAuthentication",
                "add it, or give the new layout up");
  }
  const std::set<std::string>& images = report.file().images;
  if (!images.contains("artwork") && !images.contains("background")) {
    report.Warn("P19", "/preferredStyleSchemes",
                "posterEventTicket needs an artwork (or background) picture",
                "add images/artwork@3x.png, 1074 x 1344");
  }
  if (Find(report.json(), "logoText") != nullptr) {
    report.Warn("P20", "/logoText", "logoText is not shown on poster event tickets",
                "use eventLogoText there");
  }
  NeedClassicFields(report, "eventTicket");
}

void CheckSemanticBoarding(RuleReport& report) {
  static constexpr std::string_view kTags[] = {"airlineCode",
                                               "flightNumber",
                                               "departureAirportCode",
                                               "departureCityName",
                                               "departureLocationTimeZone",
                                               "destinationAirportCode",
                                               "destinationCityName",
                                               "destinationLocationTimeZone",
                                               "originalArrivalDate",
                                               "originalBoardingDate",
                                               "originalDepartureDate",
                                               "passengerName"};
  NeedTags(report, kTags, "semanticBoardingPass");
  const Json* boarding = Find(report.json(), "boardingPass");
  if (boarding != nullptr && TextOf(*boarding, "transitType") != "PKTransitTypeAir") {
    report.Warn("P19", "/boardingPass/transitType",
                "phones fall back to the classic layout: semanticBoardingPass is for flights",
                "use PKTransitTypeAir, or give the new layout up");
  }
  NeedClassicFields(report, "boardingPass");
}

void CheckPosterGeneric(RuleReport& report) {
  for (const std::string& style : StylesOf(report.json())) {
    if (style == "posterGeneric") continue;
    NeedClassicFields(report, style);
    if (style == "boardingPass") {
      report.Warn("P19", "/posterGeneric", "posterGeneric does not go with boardingPass",
                  "remove it");
    }
  }
  if (report.file().images.contains("artwork")) return;
  report.Warn("P19", "/posterGeneric", "posterGeneric has no artwork picture",
              "add images/artwork@3x.png, 1074 x 1344");
}

void NoEffect(RuleReport& report, std::string_view key, std::string_view why) {
  if (Find(report.json(), key) == nullptr) return;
  report.Warn("P20", '/' + std::string(key),
              std::string(key) + " has no effect: " + std::string(why), "remove it");
}

void CheckEffects(RuleReport& report) {
  const bool poster_event = HasScheme(report.json(), "posterEventTicket");
  const bool poster = poster_event || Find(report.json(), "posterGeneric") != nullptr;
  if (!poster_event) {
    for (const std::string_view key :
         {"footerBackgroundColor", "useAutomaticColors", "eventLogoText",
          "auxiliaryStoreIdentifiers", "bagPolicyURL", "parkingInformationURL",
          "directionsInformationURL", "purchaseParkingURL", "merchandiseURL",
          "transitInformationURL", "accessibilityURL", "addOnURL", "contactVenueWebsite",
          "contactVenueEmail", "contactVenuePhoneNumber", "transferURL", "sellURL"}) {
      NoEffect(report, key, "it is for poster event tickets");
    }
  }
  if (!poster) NoEffect(report, "suppressHeaderDarkening", "it is for poster styles");
  if (Find(report.json(), "associatedStoreIdentifiers") == nullptr) {
    NoEffect(report, "appLaunchURL", "it needs associatedStoreIdentifiers");
  }
  if (Find(report.json(), "boardingPass") == nullptr &&
      Find(report.json(), "eventTicket") == nullptr) {
    NoEffect(report, "groupingIdentifier", "it is for boarding passes and event tickets");
  }
  for (const std::string& style : StylesOf(report.json())) {
    const Json* fields = Find(report.json(), style);
    if (fields == nullptr) continue;
    const auto misplaced = [&](std::string_view group, std::string_view home) {
      if (style == home || Find(*fields, group) == nullptr) return;
      report.Warn(
          "P20", '/' + style + '/' + std::string(group),
          std::string(group) + " is not shown in " + style + ": it is for " + std::string(home),
          "move the fields elsewhere");
    };
    misplaced("additionalInfoFields", "eventTicket");
    misplaced("footerFields", "posterGeneric");
  }
}

void CheckAction(RuleReport& report, const Json& action, const std::string& pointer) {
  const bool has_url = Find(action, "url") != nullptr;
  const bool has_place = Find(action, "placeIdentifier") != nullptr;
  if (Find(action, "type") == nullptr) {
    report.Error("P21", pointer + "/type", "the action has no type", "name one, such as shop");
  }
  if (has_url == has_place) {
    report.Error("P21", pointer,
                 has_url ? "the action has both url and placeIdentifier"
                         : "the action has neither url nor placeIdentifier",
                 "give placeIdentifier for type place, else url");
  } else if (has_place != (TextOf(action, "type") == "place")) {
    report.Error("P21", pointer, "placeIdentifier goes with type place alone",
                 "give placeIdentifier for type place, else url");
  }
  const std::string url = TextOf(action, "url");
  if (TextOf(action, "type") == "call" && has_url && !url.starts_with("tel:")) {
    report.Error("P21", pointer + "/url", "an action of type call needs a tel: address",
                 "write it like tel:+49301234567");
  }
}

void CheckActions(RuleReport& report) {
  const Json* actions = Find(report.json(), "featuredActions");
  if (actions == nullptr || !actions->is_array()) return;
  std::set<std::string> seen;
  for (std::size_t i = 0; i < actions->size(); ++i) {
    const Json& action = (*actions)[i];
    if (!action.is_object()) continue;
    const std::string pointer = json::Child("/featuredActions", i);
    const std::string id = TextOf(action, "identifier");
    if (id.empty() || !seen.insert(id).second) {
      report.Error(
          "P21", pointer + "/identifier",
          id.empty() ? "the action has no identifier" : "the identifier " + id + " stands twice",
          "give each action an identifier of its own");
    }
    CheckAction(report, action, pointer);
  }
  if (actions->size() > kActionsShown) {
    report.Warn("P21", "/featuredActions",
                std::to_string(actions->size()) + " actions; phones show the first two",
                "put the two that matter first");
  }
}

void CheckImages(RuleReport& report, const Json& images, const std::string& pointer) {
  if (!images.is_object()) return;
  for (const auto& [name, image] : images.items()) {
    const Json* urls = Find(image, "URLs");
    if (urls == nullptr || !urls->is_array()) continue;
    for (std::size_t i = 0; i < urls->size(); ++i) {
      const Json& entry = (*urls)[i];
      const std::string here = json::Child(json::Child(pointer, name) + "/URLs", i);
      if (!TextOf(entry, "URL").starts_with("https://")) {
        report.Error("P22", here + "/URL", "the picture has no https URL", "serve it over https");
      }
      if (TextOf(entry, "SHA256").size() != 64) {
        report.Error("P22", here + "/SHA256", "the picture has no SHA-256 in 64 hex digits",
                     "add it: sha256sum FILE");
      }
    }
  }
}

void CheckUpcoming(RuleReport& report) {
  const Json* entries = Find(report.json(), "upcomingPassInformation");
  if (entries == nullptr) return;
  if (!HasScheme(report.json(), "posterEventTicket")) {
    report.Error("P22", "/upcomingPassInformation",
                 "upcomingPassInformation is for poster event tickets only", "remove it");
  }
  if (!entries->is_array()) return;
  std::set<std::string> seen;
  for (std::size_t i = 0; i < entries->size(); ++i) {
    const Json& entry = (*entries)[i];
    const std::string pointer = json::Child("/upcomingPassInformation", i);
    const std::string id = TextOf(entry, "identifier");
    if (id.empty() || !seen.insert(id).second) {
      report.Error(
          "P22", pointer + "/identifier",
          id.empty() ? "the entry has no identifier" : "the identifier " + id + " stands twice",
          "give each entry an identifier of its own");
    }
    if (TextOf(entry, "name").empty()) {
      report.Error("P22", pointer + "/name", "the entry has no name", "name the event");
    }
    if (TextOf(entry, "type") != "event") {
      report.Error("P22", pointer + "/type", "the type of the entry is not \"event\"",
                   "write \"type\": \"event\"");
    }
    if (const Json* images = Find(entry, "images")) {
      CheckImages(report, *images, pointer + "/images");
    }
  }
}

}  // namespace

void CheckLayouts(RuleReport& report) {
  if (HasScheme(report.json(), "posterEventTicket")) CheckPosterEvent(report);
  if (HasScheme(report.json(), "semanticBoardingPass")) CheckSemanticBoarding(report);
  if (Find(report.json(), "posterGeneric") != nullptr) CheckPosterGeneric(report);
  CheckEffects(report);
  CheckActions(report);
  CheckUpcoming(report);
}

}  // namespace passmint::apple::internal
