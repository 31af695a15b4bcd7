#include <array>

#include "google/schema.h"

namespace passmint::google {
namespace {

constexpr auto kParts = std::to_array<SchemaSource>({
    {"AppLinkData",
     "androidAppLinkInfo:AppLinkDataAppLinkInfo displayText:LocalizedString "
     "iosAppLinkInfo:AppLinkDataAppLinkInfo~ webAppLinkInfo:AppLinkDataAppLinkInfo"},
    {"CallbackOptions", "updateRequestUrl:uri~ url:uri"},
    {"ClassTemplateInfo",
     "cardBarcodeSectionDetails:CardBarcodeSectionDetails "
     "cardTemplateOverride:CardTemplateOverride "
     "detailsTemplateOverride:DetailsTemplateOverride "
     "listTemplateOverride:ListTemplateOverride"},
    {"DiscoverableProgram",
     "merchantSigninInfo:DiscoverableProgramMerchantSigninInfo "
     "merchantSignupInfo:DiscoverableProgramMerchantSignupInfo state:DiscoveryState"},
    {"Image", "contentDescription:LocalizedString privateImageId:string sourceUri:ImageUri"},
    {"Uri", "description:string id:string localizedDescription:LocalizedString uri:uri!"},
    {"ImageModuleData", "id:string mainImage:Image"},
    {"InfoModuleData", "labelValueRows:LabelValueRow[] showLastUpdateTime:boolean"},
    {"LinksModuleData", "uris:Uri[]"},
    {"LocalizedString", "defaultValue:TranslatedString translatedValues:TranslatedString[]"},
    {"LatLongPoint", "latitude:double longitude:double"},
    {"MerchantLocation", "latitude:double! longitude:double!"},
    {"Message",
     "body:string displayInterval:TimeInterval header:string id:string "
     "localizedBody:LocalizedString localizedHeader:LocalizedString messageType:MessageType"},
    {"SecurityAnimation", "animationType:AnimationType"},
    {"TextModuleData",
     "body:string header:string id:string localizedBody:LocalizedString "
     "localizedHeader:LocalizedString"},
    {"ValueAddedModuleData",
     "body:LocalizedString header:LocalizedString image:Image sortIndex:int32 uri:uri "
     "viewConstraints:ModuleViewConstraints"},
    {"Barcode",
     "alternateText:string renderEncoding:RenderEncoding showCodeText:LocalizedString "
     "type:BarcodeType value:string"},
    {"GroupingInfo", "groupingId:string sortIndex:int32"},
    {"LoyaltyPoints", "balance:LoyaltyPointsBalance label:string localizedLabel:LocalizedString"},
    {"PassConstraints", "nfcConstraint:NfcConstraint[] screenshotEligibility:Screenshot"},
    {"RotatingBarcode",
     "alternateText:string initialRotatingBarcodeValues:RotatingBarcodeValues "
     "renderEncoding:RenderEncoding showCodeText:LocalizedString "
     "totpDetails:RotatingBarcodeTotpDetails type:RotatingBarcodeType valuePattern:string"},
    {"SaveRestrictions", "restrictToEmailSha256:string"},
    {"TimeInterval", "end:DateTime start:DateTime"},
    {"Money", "currencyCode:string micros:int64"},
    {"DateTime", "date:date!"},
    {"EventDateTime",
     "customDoorsOpenLabel:LocalizedString doorsOpen:date doorsOpenLabel:DoorsOpenLabel "
     "end:date start:date"},
    {"EventVenue", "address:LocalizedString name:LocalizedString"},
    {"EventReservationInfo", "confirmationCode:string"},
    {"EventSeat",
     "gate:LocalizedString row:LocalizedString seat:LocalizedString section:LocalizedString"},
    {"Notifications",
     "expiryNotification:ExpiryNotification upcomingNotification:UpcomingNotification"},
    {"AppLinkDataAppLinkInfo",
     "appLogoImage:Image~ appTarget:AppLinkDataAppLinkInfoAppTarget "
     "description:LocalizedString~ title:LocalizedString~"},
    {"CardBarcodeSectionDetails",
     "firstBottomDetail:BarcodeSectionDetail firstTopDetail:BarcodeSectionDetail "
     "secondTopDetail:BarcodeSectionDetail"},
    {"CardTemplateOverride", "cardRowTemplateInfos:CardRowTemplateInfo[]"},
    {"DetailsTemplateOverride", "detailsItemInfos:DetailsItemInfo[]"},
    {"ListTemplateOverride",
     "firstRowOption:FirstRowOption secondRowOption:FieldSelector "
     "thirdRowOption:FieldSelector~"},
    {"DiscoverableProgramMerchantSigninInfo", "signinWebsite:Uri"},
    {"DiscoverableProgramMerchantSignupInfo", "signupSharedDatas:string[] signupWebsite:Uri"},
    {"ImageUri", "description:string localizedDescription:LocalizedString uri:uri!"},
    {"LabelValueRow", "columns:LabelValue[]"},
    {"TranslatedString", "language:language! value:string!"},
    {"ModuleViewConstraints", "displayInterval:TimeInterval"},
    {"LoyaltyPointsBalance", "double:double int:int32 money:Money string:string"},
    {"RotatingBarcodeValues", "periodMillis:int64! startDateTime:date! values:string[]!"},
    {"RotatingBarcodeTotpDetails",
     "algorithm:TotpAlgorithm parameters:RotatingBarcodeTotpDetailsTotpParameters[] "
     "periodMillis:int64"},
    {"ExpiryNotification", "enableNotification:boolean"},
    {"UpcomingNotification", "enableNotification:boolean"},
    {"AppLinkDataAppLinkInfoAppTarget", "packageName:string targetUri:Uri"},
    {"BarcodeSectionDetail", "fieldSelector:FieldSelector"},
    {"CardRowTemplateInfo",
     "oneItem:CardRowOneItem threeItems:CardRowThreeItems twoItems:CardRowTwoItems"},
    {"DetailsItemInfo", "item:TemplateItem"},
    {"FirstRowOption", "fieldOption:FieldSelector transitOption:TransitOption"},
    {"FieldSelector", "fields:FieldReference[]"},
    {"LabelValue",
     "label:string localizedLabel:LocalizedString localizedValue:LocalizedString value:string"},
    {"RotatingBarcodeTotpDetailsTotpParameters", "key:string valueLength:int32"},
    {"CardRowOneItem", "item:TemplateItem"},
    {"CardRowThreeItems", "endItem:TemplateItem middleItem:TemplateItem startItem:TemplateItem"},
    {"CardRowTwoItems", "endItem:TemplateItem startItem:TemplateItem"},
    {"TemplateItem",
     "firstValue:FieldSelector predefinedItem:PredefinedItem secondValue:FieldSelector"},
    {"FieldReference", "dateFormat:DateFormat fieldPath:string"},
});

}  // namespace

std::span<const SchemaSource> PartSources() { return kParts; }

}  // namespace passmint::google
