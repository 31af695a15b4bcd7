#include <algorithm>
#include <array>

#include "google/schema.h"

namespace passmint::google {
namespace {

using Names = std::span<const std::string_view>;

constexpr std::string_view kState[] = {"STATE_UNSPECIFIED", "ACTIVE", "COMPLETED", "EXPIRED",
                                       "INACTIVE"};
constexpr std::string_view kReviewStatus[] = {"REVIEW_STATUS_UNSPECIFIED", "UNDER_REVIEW",
                                              "APPROVED", "REJECTED", "DRAFT"};
constexpr std::string_view kNotify[] = {"NOTIFICATION_SETTINGS_FOR_UPDATES_UNSPECIFIED",
                                        "NOTIFY_ON_UPDATE"};
constexpr std::string_view kHolders[] = {"STATUS_UNSPECIFIED", "MULTIPLE_HOLDERS",
                                         "ONE_USER_ALL_DEVICES", "ONE_USER_ONE_DEVICE"};
constexpr std::string_view kViewUnlock[] = {"VIEW_UNLOCK_REQUIREMENT_UNSPECIFIED",
                                            "UNLOCK_NOT_REQUIRED", "UNLOCK_REQUIRED_TO_VIEW"};
constexpr std::string_view kRedemption[] = {"REDEMPTION_CHANNEL_UNSPECIFIED", "INSTORE", "ONLINE",
                                            "BOTH", "TEMPORARY_PRICE_REDUCTION"};
constexpr std::string_view kGeneric[] = {
    "GENERIC_TYPE_UNSPECIFIED",   "GENERIC_SEASON_PASS",  "GENERIC_UTILITY_BILLS",
    "GENERIC_PARKING_PASS",       "GENERIC_VOUCHER",      "GENERIC_GYM_MEMBERSHIP",
    "GENERIC_LIBRARY_MEMBERSHIP", "GENERIC_RESERVATIONS", "GENERIC_AUTO_INSURANCE",
    "GENERIC_HOME_INSURANCE",     "GENERIC_ENTRY_TICKET", "GENERIC_RECEIPT",
    "GENERIC_LOYALTY_CARD",       "GENERIC_OTHER"};
constexpr std::string_view kMessage[] = {"MESSAGE_TYPE_UNSPECIFIED", "TEXT",
                                         "EXPIRATION_NOTIFICATION", "TEXT_AND_NOTIFY"};
constexpr std::string_view kAnimation[] = {"ANIMATION_UNSPECIFIED", "FOIL_SHIMMER"};
constexpr std::string_view kScreenshot[] = {"SCREENSHOT_ELIGIBILITY_UNSPECIFIED", "ELIGIBLE",
                                            "INELIGIBLE"};
constexpr std::string_view kNfc[] = {"NFC_CONSTRAINT_UNSPECIFIED", "BLOCK_PAYMENT",
                                     "BLOCK_CLOSED_LOOP_TRANSIT"};
constexpr std::string_view kEncoding[] = {"RENDER_ENCODING_UNSPECIFIED", "UTF_8"};
constexpr std::string_view kTotp[] = {"TOTP_ALGORITHM_UNSPECIFIED", "TOTP_SHA1"};
constexpr std::string_view kBarcode[] = {"BARCODE_TYPE_UNSPECIFIED",
                                         "AZTEC",
                                         "CODE_39",
                                         "CODE_128",
                                         "CODABAR",
                                         "DATA_MATRIX",
                                         "EAN_8",
                                         "EAN_13",
                                         "ITF_14",
                                         "PDF_417",
                                         "QR_CODE",
                                         "UPC_A",
                                         "TEXT_ONLY"};
constexpr std::string_view kDateFormat[] = {
    "DATE_FORMAT_UNSPECIFIED", "DATE_TIME", "DATE_ONLY",  "TIME_ONLY",
    "DATE_TIME_YEAR",          "DATE_YEAR", "YEAR_MONTH", "YEAR_MONTH_DAY"};
constexpr std::string_view kDiscovery[] = {"STATE_UNSPECIFIED", "TRUSTED_TESTERS", "LIVE",
                                           "DISABLED"};

struct Row {
  std::string_view name;
  Names values;
};

// Enums that the reference does not list in full ("DoorsOpenLabel", ...) have no row: any text
// passes.
constexpr auto kEnums = std::to_array<Row>({
    {"State", kState},
    {"ReviewStatus", kReviewStatus},
    {"NotifyPreference", kNotify},
    {"Holders", kHolders},
    {"ViewUnlock", kViewUnlock},
    {"RedemptionChannel", kRedemption},
    {"GenericType", kGeneric},
    {"MessageType", kMessage},
    {"AnimationType", kAnimation},
    {"Screenshot", kScreenshot},
    {"NfcConstraint", kNfc},
    {"RenderEncoding", kEncoding},
    {"TotpAlgorithm", kTotp},
    {"BarcodeType", kBarcode},
    {"RotatingBarcodeType", kBarcode},
    {"DateFormat", kDateFormat},
    {"DiscoveryState", kDiscovery},
});

}  // namespace

std::span<const std::string_view> EnumValues(std::string_view name) {
  const auto row = std::find_if(kEnums.begin(), kEnums.end(),
                                [name](const Row& one) { return one.name == name; });
  return row == kEnums.end() ? Names() : row->values;
}

}  // namespace passmint::google
