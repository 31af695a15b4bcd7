#include "unit/google/lint_fixture.h"

namespace passmint::google::testing {
namespace {

INSTANTIATE_TEST_SUITE_P(
    Remarks, BrokenTemplateTest,
    ::testing::Values(
        Broken{"G21", kWarning, kLoyalty, R"({"logo_text": "A programme with a long name"})",
               "/logo_text", "28 characters"},
        Broken{"G21", kWarning, kOffer, R"({"offer": {"provider": "A long provider"}})",
               "/offer/provider", "provider"},
        Broken{"G21", kWarning, kLoyalty,
               R"({"fields": {"header": [{"key": "p", "label": "Loyalty points",
                  "value": "{{points.available}}", "type": "number"}]}})",
               "/fields/header/0/label", "Loyalty points"},
        Broken{"G25", kWarning, kLoyalty, R"({"logo_text": "Club {{tier.name}}"})", "/logo_text",
               "one member"},
        Broken{"G25", kWarning, kLoyalty,
               R"({"google": {"class": {"rewardsTier": "{{tier.name}}"}}})",
               "/google/class/rewardsTier", "one member"},
        Broken{"G26", kWarning, kLoyalty,
               R"({"google": {"class": {"hexBackgroundColor": "<null>"}}})", "/colors",
               "no colour"},
        Broken{"G26", kWarning, kLoyalty,
               R"({"google": {"object": {"barcode": "<null>", "rotatingBarcode":
                  {"type": "QR_CODE", "valuePattern": "{totp_timestamp_seconds}"}}}})",
               "/google/object/rotatingBarcode", "without a fixed one"},
        Broken{"G26", kWarning, kGift,
               R"({"google": {"class": {"multipleDevicesAndHoldersAllowedStatus": "<null>"}}})",
               "/google/class/multipleDevicesAndHoldersAllowedStatus", "who may hold"},
        Broken{"G30", Level::kInfo, kLoyalty, R"({"colors": {"foreground": "#FFFFFF"}})",
               "/colors/foreground", "Apple"},
        Broken{"G30", Level::kInfo, kLoyalty,
               R"({"fields": {"header": [{"key": "p", "label": "Points", "change": "%@ now",
                  "value": "{{points.available}}", "type": "number"}]}})",
               "/fields/header/0/change", "Apple"}));

}  // namespace
}  // namespace passmint::google::testing
