#include "unit/google/lint_fixture.h"

namespace passmint::google::testing {
namespace {

INSTANTIATE_TEST_SUITE_P(
    Required, BrokenTemplateTest,
    ::testing::Values(
        Broken{"G01", kError, kLoyalty, R"({"google": {"class": {"programName": ""}}})",
               "/google/class/programName", "programName is empty"},
        Broken{"G01", kError, kOffer, R"({"google": {"class": {"redemptionChannel": "<null>"}}})",
               "/google/class/redemptionChannel", "no redemptionChannel"},
        Broken{"G01", kError, kGift,
               R"({"fields": {"primary": null, "back": [{"key": "b", "label": "B",
                  "value": "{{points.value}}", "type": "currency"}]}})",
               "/fields", "no balance"},
        Broken{"G01", kError, kGift, R"({"barcode": [], "fields": {"secondary": null}})",
               "/barcode", "no cardNumber"},
        Broken{"G01", kError, kLoyalty,
               R"({"google": {"object": {"validTimeInterval": {"start": {}}}}})",
               "/google/object/validTimeInterval/start", "DateTime has no date"}));

INSTANTIATE_TEST_SUITE_P(
    Schema, BrokenTemplateTest,
    ::testing::Values(
        Broken{"G03", kError, kLoyalty,
               R"({"google": {"object": {"hexBackgroundColor": "#112233"}}})",
               "/google/object/hexBackgroundColor", "no field of LoyaltyObject"},
        Broken{"G03", kError, kGeneric, R"({"google": {"class": {"issuerName": "X"}}})",
               "/google/class/issuerName", "no field of GenericClass"},
        Broken{"G03", kError, kGeneric,
               R"({"google": {"object": {"notifyPreference": "NOTIFY_ON_UPDATE"}}})",
               "/google/object/notifyPreference", "no field"},
        Broken{"G03", kError, kLoyalty, R"({"google": {"class": {"countryCode": 7}}})",
               "/google/class/countryCode", "is a number, not a text"},
        Broken{"G03", kError, kLoyalty,
               R"({"google": {"class": {"viewUnlockRequirement": "SOMETIMES"}}})",
               "/google/class/viewUnlockRequirement", "SOMETIMES"},
        Broken{"G03", kError, kOffer,
               R"({"fields": {"primary": [{"key": "p", "value": "{{points.available}}",
                  "type": "number", "google": "loyaltyPoints"}]}})",
               "/fields/primary/0/google", "no place on offerObject"},
        Broken{"G03", kError, kLoyalty,
               R"({"fields": {"auxiliary": [{"key": "p", "value": "{{points.pending}}",
                  "type": "number", "google": "loyaltyPoints"}]}})",
               "/fields/auxiliary/0/google", "two fields want to be loyaltyPoints"},
        Broken{"G24", kWarning, kLoyalty, R"({"google": {"object": {"infoModuleData": {}}}})",
               "/google/object/infoModuleData", "deprecated"},
        Broken{"G24", kWarning, kLoyalty,
               R"({"google": {"class": {"viewUnlockRequirement": "unlockNotRequired"}}})",
               "/google/class/viewUnlockRequirement", "UNLOCK_NOT_REQUIRED"}));

INSTANTIATE_TEST_SUITE_P(
    Balances, BrokenTemplateTest,
    ::testing::Values(
        Broken{"G05", kError, kLoyalty,
               R"({"google": {"object": {"loyaltyPoints": {"balance": {"string": "x"}}}}})",
               "/google/object/loyaltyPoints/balance", "several values"},
        Broken{"G05", kError, kLoyalty,
               R"({"google": {"object": {"secondaryLoyaltyPoints": {"balance": {}}}}})",
               "/google/object/secondaryLoyaltyPoints/balance", "no value"},
        Broken{"G05", kError, kLoyalty,
               R"({"google": {"object": {"secondaryLoyaltyPoints": {"label": "x"}}}})",
               "/google/object/secondaryLoyaltyPoints", "no balance"},
        Broken{"G05", kError, kLoyalty,
               R"({"google": {"object": {"loyaltyPoints": {"balance": {"int": 2147483648}}}}})",
               "/google/object/loyaltyPoints/balance/int", "2147483648"},
        Broken{"G05", kError, kGift,
               R"({"google": {"object": {"balance": {"currencyCode": "rub"}}}})",
               "/google/object/balance/currencyCode", "ISO 4217"},
        Broken{"G05", kError, kGift, R"({"google": {"object": {"balance": {"micros": "1.5"}}}})",
               "/google/object/balance/micros", "no whole number"},
        Broken{"G05", kError, kGift,
               R"({"fields": {"primary": [{"key": "b", "value": "{{points.available}}",
                  "type": "number", "google": "balance"}], "back": [{"key": "c",
                  "value": "{{points.value}}", "type": "currency"}]}})",
               "/fields/primary/0/type", "amount of money"}));

INSTANTIATE_TEST_SUITE_P(
    Dates, BrokenTemplateTest,
    ::testing::Values(
        Broken{"G06", kError, kLoyalty,
               R"({"google": {"object": {"validTimeInterval": {
                  "start": {"date": "2026-01-01T00:00:00"},
                  "end": {"date": "2027-01-01T00:00:00Z"}}}}})",
               "/google/object/validTimeInterval", "only one"},
        Broken{"G06", kError, kLoyalty,
               R"({"google": {"object": {"validTimeInterval": {
                  "start": {"date": "2028-01-01T00:00:00Z"},
                  "end": {"date": "2027-01-01T00:00:00Z"}}}}})",
               "/google/object/validTimeInterval", "before start"},
        Broken{"G06", kError, kGift,
               R"({"google": {"object": {"balanceUpdateTime": {"date": "2026-01-01T00:00:00"}}}})",
               "/google/object/balanceUpdateTime/date", "no offset"},
        Broken{"G06", kError, kEvent,
               R"({"google": {"class": {"dateTime": {"start": "tomorrow"}}}})",
               "/google/class/dateTime/start", "tomorrow"}));

}  // namespace
}  // namespace passmint::google::testing
