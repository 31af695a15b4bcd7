#include <array>

#include "google/schema.h"

namespace passmint::google {
namespace {

constexpr auto kResources = std::to_array<SchemaSource>({
    {"ClassShared",
     "id:string! appLinkData:AppLinkData callbackOptions:CallbackOptions "
     "classTemplateInfo:ClassTemplateInfo enableSmartTap:boolean "
     "imageModulesData:ImageModuleData[] linksModuleData:LinksModuleData "
     "merchantLocations:MerchantLocation[] messages:Message[] "
     "multipleDevicesAndHoldersAllowedStatus:Holders redemptionIssuers:int64[] "
     "securityAnimation:SecurityAnimation textModulesData:TextModuleData[] "
     "valueAddedModuleData:ValueAddedModuleData[] viewUnlockRequirement:ViewUnlock"},
    // All but generic.
    {"ClassBranded",
     "+ClassShared issuerName:string! localizedIssuerName:LocalizedString "
     "reviewStatus:ReviewStatus! review:any^ heroImage:Image hexBackgroundColor:color "
     "homepageUri:Uri countryCode:string notifyPreference:NotifyPreference "
     "locations:LatLongPoint[]~ infoModuleData:InfoModuleData~ wordMark:Image~ version:int64~ "
     "allowMultipleUsersPerObject:boolean~"},
    {"LoyaltyClass",
     "+ClassBranded programName:string! localizedProgramName:LocalizedString programLogo:Image! "
     "wideProgramLogo:Image accountNameLabel:string localizedAccountNameLabel:LocalizedString "
     "accountIdLabel:string localizedAccountIdLabel:LocalizedString rewardsTier:string "
     "localizedRewardsTier:LocalizedString rewardsTierLabel:string "
     "localizedRewardsTierLabel:LocalizedString secondaryRewardsTier:string "
     "localizedSecondaryRewardsTier:LocalizedString secondaryRewardsTierLabel:string "
     "localizedSecondaryRewardsTierLabel:LocalizedString discoverableProgram:DiscoverableProgram"},
    {"GiftCardClass",
     "+ClassBranded merchantName:string localizedMerchantName:LocalizedString programLogo:Image "
     "wideProgramLogo:Image cardNumberLabel:string localizedCardNumberLabel:LocalizedString "
     "pinLabel:string localizedPinLabel:LocalizedString eventNumberLabel:string "
     "localizedEventNumberLabel:LocalizedString allowBarcodeRedemption:boolean"},
    {"OfferClass",
     "+ClassBranded title:string! localizedTitle:LocalizedString shortTitle:string "
     "localizedShortTitle:LocalizedString provider:string! localizedProvider:LocalizedString "
     "redemptionChannel:RedemptionChannel! details:string localizedDetails:LocalizedString "
     "finePrint:string localizedFinePrint:LocalizedString helpUri:Uri titleImage:Image "
     "wideTitleImage:Image"},
    {"EventTicketClass",
     "+ClassBranded eventName:LocalizedString! eventId:string logo:Image wideLogo:Image "
     "venue:EventVenue dateTime:EventDateTime finePrint:LocalizedString "
     "confirmationCodeLabel:ConfirmationCodeLabel customConfirmationCodeLabel:LocalizedString "
     "seatLabel:SeatLabel customSeatLabel:LocalizedString rowLabel:RowLabel "
     "customRowLabel:LocalizedString sectionLabel:SectionLabel "
     "customSectionLabel:LocalizedString gateLabel:GateLabel customGateLabel:LocalizedString"},
    {"GenericClass", "+ClassShared"},

    {"ObjectShared",
     "id:string! classId:string! barcode:Barcode rotatingBarcode:RotatingBarcode "
     "validTimeInterval:TimeInterval smartTapRedemptionValue:string heroImage:Image "
     "textModulesData:TextModuleData[] linksModuleData:LinksModuleData "
     "imageModulesData:ImageModuleData[] valueAddedModuleData:ValueAddedModuleData[] "
     "messages:Message[] appLinkData:AppLinkData merchantLocations:MerchantLocation[] "
     "groupingInfo:GroupingInfo linkedObjectIds:string[] passConstraints:PassConstraints "
     "saveRestrictions:SaveRestrictions hasUsers:boolean^"},
    // All but generic.
    {"ObjectBranded",
     "+ObjectShared state:State! notifyPreference:NotifyPreference "
     "disableExpirationNotification:boolean hasLinkedDevice:boolean^ classReference:any^ "
     "locations:LatLongPoint[]~ infoModuleData:InfoModuleData~ version:int64~"},
    {"LoyaltyObject",
     "+ObjectBranded accountId:string accountName:string loyaltyPoints:LoyaltyPoints "
     "secondaryLoyaltyPoints:LoyaltyPoints linkedOfferIds:string[]"},
    {"GiftCardObject",
     "+ObjectBranded cardNumber:string! pin:string balance:Money balanceUpdateTime:DateTime "
     "eventNumber:string"},
    {"OfferObject", "+ObjectBranded"},
    {"EventTicketObject",
     "+ObjectBranded hexBackgroundColor:color seatInfo:EventSeat "
     "reservationInfo:EventReservationInfo ticketHolderName:string ticketNumber:string "
     "ticketType:LocalizedString faceValue:Money linkedOfferIds:string[]"},
    {"GenericObject",
     "+ObjectShared state:State cardTitle:LocalizedString! header:LocalizedString! "
     "subheader:LocalizedString genericType:GenericType logo:Image wideLogo:Image "
     "hexBackgroundColor:color notifications:Notifications"},
});

}  // namespace

std::span<const SchemaSource> ResourceSources() { return kResources; }

}  // namespace passmint::google
