#pragma once

#include <atomic>
#include <cstdint>
#include <map>
#include <optional>
#include <set>
#include <string>
#include <utility>
#include <vector>

#include "issuance/card_terms_tables.h"
#include "issuance/organisation_tables.h"
#include "issuance/replay_tables.h"
#include "issuance/staff_tables.h"
#include "issuance/store.h"
#include "issuance/tier_tables.h"
#include "sql/connection.h"
#include "store/lot_rows.h"
#include "store/rows.h"

namespace passmint::store {

// Expired answers are removed by those who store new ones: every so many stored, up to so many
// removed, so that the table does not outgrow the traffic of its 30 days and no single write is
// slow.
inline constexpr std::uint64_t kAnswersPerSweep = 32;
inline constexpr int kAnswersSwept = 128;

// issuance::Transaction in SQL. The statements stand beside the functions that run them, one file a
// group of tables.
class SqlTransaction final : public issuance::Transaction,
                             public issuance::TierTables,
                             public issuance::CardTermsTables,
                             public issuance::OrganisationTables,
                             public issuance::StaffTables,
                             public issuance::ReplayTables {
 public:
  // Both outlive the transaction. `answers_stored` counts over all transactions of a store.
  SqlTransaction(sql::Connection& connection, Timestamp now,
                 std::atomic<std::uint64_t>& answers_stored)
      : connection_(connection), now_(now), answers_stored_(answers_stored) {}

  Timestamp Now() const override { return now_; }

  issuance::TierTables& Tiers() override { return *this; }
  issuance::CardTermsTables& CardTerms() override { return *this; }
  issuance::OrganisationTables& Organisations() override { return *this; }
  issuance::StaffTables& Staff() override { return *this; }
  issuance::ReplayTables& Replays() override { return *this; }

  // The cards that WantDelivery was called for.
  std::vector<issuance::WantedDelivery> TakeWanted() { return std::move(wanted_); }

  // Members and identities: members.cc.
  Result<std::optional<cards::Member>> FindMember(const ProgrammeId& programme,
                                                  const MemberId& member) override;
  Result<std::optional<MemberId>> FindMemberByIdentity(const ProgrammeId& programme,
                                                       cards::IdentityType type,
                                                       const std::string& value) override;
  Result<std::vector<cards::Identity>> Identities(const ProgrammeId& programme,
                                                  const MemberId& member) override;
  Result<std::optional<KnownMember>> FindKnownMember(const ProgrammeId& programme,
                                                     cards::IdentityType type,
                                                     const std::string& value) override;
  Status InsertMember(const ProgrammeId& programme, const cards::Member& member) override;
  Status UpdateMember(const ProgrammeId& programme, const cards::Member& member) override;
  Result<bool> AttachIdentity(const ProgrammeId& programme, const MemberId& member,
                              const cards::Identity& identity) override;
  Status DetachIdentity(const ProgrammeId& programme, const MemberId& member,
                        cards::IdentityType type) override;
  Status MoveBelongings(const ProgrammeId& programme, const MemberId& from,
                        const MemberId& to) override;
  Result<std::vector<MemberId>> MergedInto(const ProgrammeId& programme,
                                           const MemberId& member) override;
  Status EraseMember(const ProgrammeId& programme, const MemberId& member) override;

  // Cards: cards.cc.
  Result<std::optional<cards::Card>> FindCard(const ProgrammeId& programme,
                                              const std::string& id) override;
  Result<std::optional<Numbered>> FindCardByNumber(const ProgrammeId& programme,
                                                   const CardNumber& number) override;
  Result<std::vector<cards::Card>> CardsOfMember(const ProgrammeId& programme,
                                                 const MemberId& member) override;
  Result<bool> InsertCard(const ProgrammeId& programme, const cards::Card& card) override;
  Result<bool> UpdateCard(const ProgrammeId& programme, const cards::Card& card) override;
  Status UpdateCardRevision(const ProgrammeId& programme, const cards::Card& card) override;
  Status MoveCardNumbers(const ProgrammeId& programme, const std::string& from,
                         const std::string& to) override;
  Result<std::optional<Located>> FindCardByLinkToken(const LinkToken& token) override;
  Result<std::optional<Located>> FindCardBySerial(const SerialNumber& serial) override;

  // What staff gave by hand: staff.cc.
  Result<bool> CountGiven(const ProgrammeId& programme, const issuance::GivenByHand& given,
                          std::optional<std::int64_t> most) override;
  Result<std::vector<issuance::GivenByHand>> GivenBetween(const ProgrammeId& programme,
                                                          std::int64_t first_day,
                                                          std::int64_t last_day) override;

  // Orders: orders.cc.
  Result<std::optional<issuance::Order>> FindOrder(const ProgrammeId& programme,
                                                   const OrderSource& source,
                                                   const OrderId& id) override;
  Status InsertOrder(const ProgrammeId& programme, const issuance::Order& order) override;

  // Accounts and their lots: accounts.cc, lot_rows.cc.
  Result<ledger::Account> LoadAccount(const ProgrammeId& programme, const AccountId& id,
                                      const ledger::Need& need, Timestamp now) override;
  Status SaveChange(const ProgrammeId& programme, const ledger::Change& change) override;
  Result<std::vector<issuance::DueAccount>> DueAccounts(Timestamp now, int limit) override;
  Result<Timestamp> NextDueAfter(Timestamp now) override;
  Result<std::vector<AccountId>> AccountsAfter(const ProgrammeId& programme, const AccountId& after,
                                               int limit) override;

  // The journal: journal.cc.
  Result<std::vector<issuance::JournalEntry>> EntriesBefore(const ProgrammeId& programme,
                                                            const AccountId& account,
                                                            std::int64_t before,
                                                            int limit) override;
  Result<std::optional<issuance::JournalEntry>> FindEntry(const ProgrammeId& programme,
                                                          const AccountId& account,
                                                          std::int64_t sequence) override;
  Result<std::vector<issuance::JournalEntry>> EntriesAfter(const ProgrammeId& programme,
                                                           const AccountId& account,
                                                           std::int64_t sequence,
                                                           int limit) override;
  Status PutNote(const ProgrammeId& programme, const AccountId& account,
                 const issuance::Note& note) override;
  Result<std::vector<issuance::Note>> Notes(const ProgrammeId& programme, const AccountId& account,
                                            std::int64_t first, std::int64_t last) override;
  Status EraseNotes(const ProgrammeId& programme, const AccountId& account) override;

  // Holds, refunds: refunds.cc.
  Result<bool> InsertHold(const ProgrammeId& programme, const HoldId& id, const AccountId& account,
                          const std::string& card) override;
  Result<std::optional<issuance::LocatedHold>> FindHold(const ProgrammeId& programme,
                                                        const HoldId& id) override;
  Status MoveHolds(const ProgrammeId& programme, const AccountId& from,
                   const AccountId& to) override;
  Status LockOrder(const ProgrammeId& programme, const OrderSource& source,
                   const OrderId& id) override;
  Result<std::optional<issuance::LocatedRecord>> FindRecord(const ProgrammeId& programme,
                                                            const OrderSource& source,
                                                            const OrderId& id) override;
  Status UpdateRecord(const ProgrammeId& programme, const OrderSource& source, const OrderId& id,
                      const AccountId& account, const ledger::OrderRecord& record) override;
  Result<std::optional<issuance::StoredRefund>> FindRefund(const ProgrammeId& programme,
                                                           const OrderSource& source,
                                                           const OrderId& order,
                                                           const std::string& refund) override;
  Result<bool> InsertRefund(const ProgrammeId& programme, const OrderSource& source,
                            const OrderId& order, const issuance::StoredRefund& refund) override;
  Result<std::vector<issuance::StoredRefund>> Refunds(const ProgrammeId& programme,
                                                      const OrderSource& source,
                                                      const OrderId& order) override;
  Result<bool> ParkRefund(const ProgrammeId& programme, const OrderSource& source,
                          const OrderId& order, const issuance::ParkedRefund& refund) override;
  Result<std::vector<issuance::ParkedRefund>> TakeParkedRefunds(const ProgrammeId& programme,
                                                                const OrderSource& source,
                                                                const OrderId& order) override;
  Result<std::int64_t> RefundsParkedBefore(Timestamp instant) override;

  // Awards and events: awards.cc, events.cc.
  Result<bool> InsertAward(const ProgrammeId& programme,
                           const issuance::GivenAward& award) override;
  Result<std::optional<issuance::GivenAward>> FindAward(const ProgrammeId& programme,
                                                        const MemberId& member,
                                                        const std::string& rule,
                                                        const std::string& occurrence) override;
  Result<std::optional<issuance::CalendarPlace>> FindCalendarPlace(
      const ProgrammeId& programme) override;
  Status PutCalendarPlace(const ProgrammeId& programme,
                          const issuance::CalendarPlace& place) override;
  Result<std::vector<MemberId>> MembersJoined(const ProgrammeId& programme, Timestamp joined,
                                              const MemberId& after, int limit) override;
  Result<std::vector<MemberId>> MembersBorn(const ProgrammeId& programme, const std::string& zone,
                                            const std::string& born, Timestamp joined,
                                            const MemberId& after, int limit) override;
  Result<std::vector<std::string>> BirthdayZones(const ProgrammeId& programme) override;
  Result<std::optional<issuance::ReportedEvent>> FindEvent(const ProgrammeId& programme,
                                                           const OrderSource& source,
                                                           const std::string& id) override;
  Status InsertEvent(const ProgrammeId& programme, const issuance::ReportedEvent& event) override;
  Status UpdateEvent(const ProgrammeId& programme, const issuance::ReportedEvent& event) override;
  Result<std::optional<issuance::ReportedEvent>> FindCase(const ProgrammeId& programme,
                                                          const std::string& case_id) override;
  Result<std::vector<issuance::ReportedEvent>> Cases(const ProgrammeId& programme,
                                                     issuance::EventState state,
                                                     const std::string& after, int limit) override;

  // Referrals: referrals.cc.
  Result<bool> InsertPromoter(const ProgrammeId& programme,
                              const issuance::Promoter& promoter) override;
  Result<std::optional<issuance::Promoter>> FindPromoter(const ProgrammeId& programme,
                                                         const std::string& id) override;
  Result<std::optional<issuance::Promoter>> FindPromoterOf(const ProgrammeId& programme,
                                                           const MemberId& member) override;
  Result<std::optional<LocatedPromoter>> FindPromoterByCode(const std::string& code) override;
  Result<std::vector<issuance::Promoter>> Promoters(const ProgrammeId& programme,
                                                    const std::string& before, int limit) override;
  Result<bool> HasOrders(const ProgrammeId& programme, const MemberId& member) override;
  Result<std::optional<issuance::Referral>> FindReferral(const ProgrammeId& programme,
                                                         const MemberId& member) override;
  Status PutReferral(const ProgrammeId& programme, const issuance::Referral& referral) override;
  Status InsertReferralReward(const ProgrammeId& programme,
                              const issuance::ReferralReward& reward) override;
  Result<std::optional<issuance::ReferralReward>> FindReferralReward(
      const ProgrammeId& programme, const std::string& id) override;
  Status UpdateReferralReward(const ProgrammeId& programme,
                              const issuance::ReferralReward& reward) override;
  Result<bool> HasReferralReward(const ProgrammeId& programme,
                                 const MemberId& friend_member) override;
  Result<std::vector<issuance::ReferralReward>> ReferralRewards(const ProgrammeId& programme,
                                                                const std::string& promoter,
                                                                const std::string& before,
                                                                int limit) override;
  Result<std::vector<DueReferral>> ReferralRewardsDue(Timestamp now, int limit) override;
  Status WakeReferralRewards(const ProgrammeId& programme, const OrderSource& source,
                             const OrderId& order, Timestamp now) override;

  // Deliveries: deliveries.cc.
  Status WantDelivery(const ProgrammeId& programme, const std::string& card,
                      std::int64_t revision) override;
  Status WantDeliveryAgain(const ProgrammeId& programme, const std::string& card,
                           std::int64_t revision) override;
  Result<std::vector<issuance::Delivery>> ClaimDeliveries(std::string_view channel, Timestamp now,
                                                          Timestamp until, int limit) override;
  Result<std::optional<issuance::Delivery>> ClaimDelivery(std::string_view channel,
                                                          const ProgrammeId& programme,
                                                          const std::string& card, Timestamp now,
                                                          Timestamp until) override;
  Status KeepDelivery(std::string_view channel, const ProgrammeId& programme,
                      const std::string& card, std::int64_t sent, Timestamp next) override;
  Status PostponeDelivery(std::string_view channel, const ProgrammeId& programme,
                          const std::string& card, std::int64_t attempts, Timestamp next) override;
  Result<std::optional<issuance::Delivery>> FindDelivery(std::string_view channel,
                                                         const ProgrammeId& programme,
                                                         const std::string& card) override;
  Result<std::vector<issuance::DuePush>> WantPushes(const ProgrammeId& programme,
                                                    const std::string& card) override;
  Result<std::vector<issuance::DuePush>> ClaimPushes(const ProgrammeId& programme, Timestamp now,
                                                     Timestamp until, int limit) override;
  Result<std::optional<issuance::DuePush>> FindPush(const ProgrammeId& programme,
                                                    const DeviceLibraryIdentifier& device) override;
  Status SavePush(const issuance::DevicePush& push) override;
  Status DeletePush(const ProgrammeId& programme, const DeviceLibraryIdentifier& device) override;
  Result<bool> RemoveDevice(const ProgrammeId& programme, const DeviceLibraryIdentifier& device,
                            const PushToken& token, Timestamp instant) override;
  Result<std::vector<issuance::DuePush>> PushesOfCard(const ProgrammeId& programme,
                                                      const std::string& card, int limit) override;
  Status PullDeliveriesFrom(Timestamp horizon, Timestamp now) override;
  Status PullPushesFrom(const ProgrammeId& programme, Timestamp horizon, Timestamp now) override;
  Result<Backlog> DeliveryBacklog(std::string_view channel, Timestamp now, int limit) override;
  Result<Backlog> PushBacklog(const ProgrammeId& programme, Timestamp now, int limit) override;
  Result<std::optional<Timestamp>> NextPush(const ProgrammeId& programme) override;

  // Rollouts: rollouts.cc.
  Status PutRollout(const issuance::Rollout& rollout) override;
  Result<std::optional<issuance::Rollout>> FindRollout(const ProgrammeId& programme,
                                                       const TemplateName& name) override;
  Result<std::vector<issuance::Rollout>> Rollouts(const ProgrammeId& programme) override;
  Result<std::optional<issuance::Rollout>> ClaimRollout(Timestamp now, Timestamp until) override;
  Result<std::vector<issuance::RolloutCard>> CardsOfTemplate(const ProgrammeId& programme,
                                                             const TemplateName& name,
                                                             const std::string& after,
                                                             int limit) override;

  // Phones: phones.cc.
  Result<std::optional<issuance::PassState>> FindPass(const SerialNumber& serial) override;
  Result<std::vector<issuance::PassState>> PassesOfDevice(const ProgrammeId& programme,
                                                          const DeviceLibraryIdentifier& device,
                                                          int limit) override;
  Result<bool> PutRegistration(const ProgrammeId& programme, const DeviceLibraryIdentifier& device,
                               const PushToken& push_token, const std::string& card) override;
  Result<bool> DeleteRegistration(const ProgrammeId& programme,
                                  const DeviceLibraryIdentifier& device,
                                  const std::string& card) override;
  Result<std::vector<issuance::RegisteredPhone>> PhonesOfCard(const ProgrammeId& programme,
                                                              const std::string& card,
                                                              int limit) override;
  Status PutListing(const ProgrammeId& programme, const DeviceLibraryIdentifier& device,
                    Timestamp at) override;
  Status PutFetch(const ProgrammeId& programme, const std::string& card,
                  const issuance::PassFetch& fetch) override;
  Result<std::optional<issuance::PassFetch>> FindFetch(const ProgrammeId& programme,
                                                       const std::string& card) override;
  Status PutPhoneLog(const ProgrammeId& programme, const issuance::PhoneLog& log) override;
  Result<std::vector<issuance::PhoneLog>> PhoneLogs(const ProgrammeId& programme,
                                                    const SerialNumber& serial, int limit) override;
  Result<std::vector<FoundLog>> SearchPhoneLogs(const ProgrammeId& programme,
                                                const issuance::PhoneLogQuery& query) override;
  Status SweepPhoneLogs(const ProgrammeId& programme, const std::string& before, int keep) override;

  // Rule sets: rule_sets.cc.
  Result<std::int64_t> NewestRuleSet(const ProgrammeId& programme) override;
  Result<std::vector<issuance::RuleSetVersion>> RuleSetsAfter(const ProgrammeId& programme,
                                                              std::int64_t after,
                                                              int limit) override;
  Result<std::vector<issuance::RuleSetVersion>> RuleSetHistory(const ProgrammeId& programme,
                                                               int limit) override;
  Status InsertRuleSet(const ProgrammeId& programme,
                       const issuance::RuleSetVersion& rules) override;
  Result<std::optional<issuance::RuleDraft>> FindRuleDraft(const ProgrammeId& programme) override;
  Status PutRuleDraft(const ProgrammeId& programme, const issuance::RuleDraft& draft,
                      const std::string& replaces) override;

  // What rules know of members: progress.cc.
  Result<std::optional<issuance::MemberProgress>> FindProgress(const ProgrammeId& programme,
                                                               const MemberId& member) override;
  Status PutProgress(const ProgrammeId& programme, const MemberId& member,
                     const issuance::MemberProgress& progress) override;
  Result<std::vector<issuance::PastOrder>> PastOrders(const ProgrammeId& programme,
                                                      const MemberId& member) override;
  Result<std::vector<issuance::Order>> OrdersOf(const ProgrammeId& programme,
                                                const MemberId& member,
                                                const issuance::OrderPlace& before,
                                                int limit) override;
  Result<std::map<std::string, std::int64_t>> BudgetsSpent(const ProgrammeId& programme) override;
  Result<bool> SpendBudget(const ProgrammeId& programme, const std::string& id, std::int64_t amount,
                           std::int64_t cap) override;
  Result<std::vector<std::string>> GroupsOf(const ProgrammeId& programme,
                                            const MemberId& member) override;
  Result<std::vector<issuance::CustomerGroup>> Groups(const ProgrammeId& programme,
                                                      const std::string& after, int limit) override;
  Result<std::optional<issuance::CustomerGroup>> FindGroup(const ProgrammeId& programme,
                                                           const std::string& id) override;
  Status PutGroup(const ProgrammeId& programme, const issuance::CustomerGroup& group) override;
  Status AddToGroup(const ProgrammeId& programme, const std::string& group,
                    const MemberId& member) override;
  Status RemoveFromGroup(const ProgrammeId& programme, const std::string& group,
                         const MemberId& member) override;

  // What a card or a member has for itself: card_terms.cc.
  Result<std::optional<issuance::CardTerms>> FindCardTerms(const ProgrammeId& programme,
                                                           const std::string& card) override;
  Status PutCardTerms(const ProgrammeId& programme, const issuance::CardTerms& terms) override;
  Result<bool> InsertMembership(const ProgrammeId& programme,
                                const issuance::Membership& membership) override;
  Result<std::optional<issuance::Membership>> FindMembership(const ProgrammeId& programme,
                                                             const std::string& id) override;
  Result<std::vector<issuance::Membership>> MembershipsOf(const ProgrammeId& programme,
                                                          const MemberId& member, Timestamp after,
                                                          int limit) override;
  Status UpdateMembership(const ProgrammeId& programme,
                          const issuance::Membership& membership) override;
  Status MoveMemberships(const ProgrammeId& programme, const MemberId& from,
                         const MemberId& to) override;
  Result<std::vector<issuance::SourcedAttribute>> AttributeSources(const ProgrammeId& programme,
                                                                   const MemberId& member) override;
  Status PutAttributeSource(const ProgrammeId& programme, const MemberId& member,
                            const issuance::SourcedAttribute& attribute) override;

  // Codes of coupons: coupons.cc.
  Result<bool> InsertCoupon(const ProgrammeId& programme,
                            const issuance::CouponCode& code) override;
  Result<std::optional<issuance::CouponCode>> FindCoupon(const ProgrammeId& programme,
                                                         const std::string& key) override;
  Result<std::vector<issuance::CouponCode>> Coupons(const ProgrammeId& programme,
                                                    const issuance::CouponFilter& filter,
                                                    int limit) override;
  Result<bool> UseCoupon(const ProgrammeId& programme, const std::string& key,
                         Timestamp now) override;
  Status ReturnCoupon(const ProgrammeId& programme, const std::string& key, Timestamp now) override;
  Result<bool> VoidCoupon(const ProgrammeId& programme, const std::string& key,
                          const std::string& reason) override;

  // What points were exchanged for: rewards.cc.
  Result<std::vector<issuance::RewardStock>> RewardStocks(const ProgrammeId& programme) override;
  Status SetRewardStock(const ProgrammeId& programme, const std::string& reward,
                        std::optional<std::int64_t> stock) override;
  Result<bool> TakeReward(const ProgrammeId& programme, const std::string& reward) override;
  Status ReturnReward(const ProgrammeId& programme, const std::string& reward) override;
  Result<bool> InsertClaim(const ProgrammeId& programme,
                           const issuance::RewardClaim& claim) override;
  Result<std::optional<issuance::RewardClaim>> FindClaim(const ProgrammeId& programme,
                                                         const std::string& id) override;
  Result<std::optional<issuance::RewardClaim>> FindClaimOfCaller(
      const ProgrammeId& programme, const std::string& caller_id) override;
  Status UpdateClaim(const ProgrammeId& programme, const issuance::RewardClaim& claim) override;
  Result<std::vector<issuance::RewardClaim>> Claims(const ProgrammeId& programme,
                                                    const std::string& reward,
                                                    const std::string& before, int limit) override;

  // Google Wallet: google.cc.
  Result<std::optional<issuance::GoogleObject>> FindGoogleObject(const ProgrammeId& programme,
                                                                 const std::string& card) override;
  Result<bool> InsertGoogleObject(const ProgrammeId& programme,
                                  const issuance::GoogleObject& object) override;
  Status UpdateGoogleObject(const ProgrammeId& programme,
                            const issuance::GoogleObject& object) override;
  Status WantGoogleObject(const ProgrammeId& programme, const std::string& card,
                          Timestamp due_at) override;
  Result<std::vector<std::string>> ClaimGoogleObjects(const ProgrammeId& programme, Timestamp until,
                                                      int limit) override;
  Result<bool> HasGoogleWork(const ProgrammeId& programme) override;
  Result<std::optional<Timestamp>> NextGoogleWork(const ProgrammeId& programme) override;
  Result<std::vector<std::string>> GoogleObjectsToCheck(const ProgrammeId& programme,
                                                        Timestamp before, int limit) override;
  Result<std::optional<issuance::GoogleObject>> FindGoogleObjectBySuffix(
      const ProgrammeId& programme, const std::string& suffix) override;
  Result<std::optional<issuance::GoogleClass>> FindGoogleClass(const ProgrammeId& programme,
                                                               const TemplateName& name) override;
  Status PutGoogleClass(const ProgrammeId& programme, const issuance::GoogleClass& row) override;
  Status WantGoogleClass(const ProgrammeId& programme, const TemplateName& name) override;
  Result<std::vector<TemplateName>> ClaimGoogleClasses(const ProgrammeId& programme,
                                                       Timestamp until, int limit) override;
  Result<bool> UseNonce(const ProgrammeId& programme, const std::string& nonce,
                        Timestamp expires_at) override;
  Result<std::chrono::microseconds> TakeRequests(const std::string& name, int count,
                                                 const issuance::RequestPace& pace,
                                                 int reserved) override;

  // Designs and images: designs.cc.
  Result<std::vector<TemplateName>> Templates(const ProgrammeId& programme) override;
  Result<std::vector<issuance::DesignVersion>> DesignVersions(const ProgrammeId& programme,
                                                              const TemplateName& name) override;
  Result<std::optional<Timestamp>> NewestDesignChange(const ProgrammeId& programme,
                                                      const TemplateName& name) override;
  Result<std::optional<issuance::DesignVersion>> FindDesignVersion(const ProgrammeId& programme,
                                                                   const TemplateName& name,
                                                                   int version) override;
  Status InsertDesignVersion(const ProgrammeId& programme,
                             const issuance::DesignVersion& design) override;
  Status UpdateDesignRing(const ProgrammeId& programme,
                          const issuance::DesignVersion& design) override;
  Result<std::optional<issuance::TemplateDraft>> FindDraft(const ProgrammeId& programme,
                                                           const TemplateName& name) override;
  Result<std::optional<std::string>> FindDraftTag(const ProgrammeId& programme,
                                                  const TemplateName& name) override;
  Status PutDraft(const ProgrammeId& programme, const issuance::TemplateDraft& draft) override;
  Result<std::vector<CardOfProgramme>> BlocksEnded(Timestamp now, int limit) override;
  Result<std::optional<Timestamp>> NextBlockEndAfter(Timestamp now) override;
  Result<std::optional<Timestamp>> NewestCardChange(const ProgrammeId& programme,
                                                    const TemplateName& name) override;
  Status PutImage(const std::string& sha256, const std::string& png) override;
  Result<std::optional<std::string>> FindImage(const std::string& sha256) override;

  // Levels: tiers.cc.
  Result<std::optional<issuance::KeptTier>> FindTier(const ProgrammeId& programme,
                                                     const MemberId& member) override;
  Status PutTier(const ProgrammeId& programme, const MemberId& member,
                 const issuance::KeptTier& tier) override;
  Status DropTier(const ProgrammeId& programme, const MemberId& member) override;
  Result<std::vector<DueTier>> TiersDue(Timestamp now, int limit) override;
  Status PostponeTier(const ProgrammeId& programme, const MemberId& member,
                      Timestamp until) override;
  Result<std::optional<TemplateName>> FindOwnTemplate(const ProgrammeId& programme,
                                                      const std::string& card) override;
  Status PutOwnTemplate(const ProgrammeId& programme, const std::string& card,
                        const std::optional<TemplateName>& name) override;

  // Idempotency: answers.cc.
  Result<std::optional<issuance::StoredAnswer>> FindAnswer(const std::string& scope,
                                                           const IdempotencyKey& key) override;
  Status PutAnswer(const std::string& scope, const IdempotencyKey& key,
                   const issuance::StoredAnswer& answer, const std::optional<MemberId>& about,
                   Timestamp expires_at) override;

  // API keys: api_keys.cc.
  Status InsertApiKey(const issuance::ApiKey& key) override;
  Result<std::optional<issuance::ApiKey>> FindApiKey(const std::string& id) override;
  Result<std::vector<issuance::ApiKey>> ApiKeys(const ProgrammeId& programme) override;
  Result<bool> RevokeApiKey(const ProgrammeId& programme, const std::string& id,
                            Timestamp at) override;

  // Organisations: organisations.cc.
  Result<bool> InsertOrganisation(const ProgrammeId& programme,
                                  const issuance::Organisation& organisation) override;
  Result<std::optional<issuance::Organisation>> FindOrganisation(const ProgrammeId& programme,
                                                                 const std::string& id) override;
  Result<std::optional<issuance::Organisation>> FindOrganisationOf(const ProgrammeId& programme,
                                                                   const MemberId& member) override;
  Status UpdateOrganisation(const ProgrammeId& programme,
                            const issuance::Organisation& organisation) override;
  Result<std::vector<issuance::Organisation>> ListOrganisations(const ProgrammeId& programme,
                                                                const std::string& after,
                                                                int limit) override;
  Status PutOrganisationUser(const ProgrammeId& programme, const std::string& organisation,
                             const issuance::OrganisationUser& user) override;
  Result<std::vector<issuance::OrganisationUser>> OrganisationUsers(
      const ProgrammeId& programme, const std::string& organisation) override;
  Status EndOrganisationUser(const ProgrammeId& programme, const std::string& organisation,
                             const MemberId& member, Timestamp at) override;
  Status HandOverCards(const ProgrammeId& programme, const MemberId& from, const MemberId& holder,
                       const MemberId& to, const MemberId& next_holder) override;
  Status PutOrganisationGuest(const ProgrammeId& programme, const std::string& organisation,
                              const issuance::OrganisationGuest& guest) override;
  Result<std::vector<issuance::OrganisationGuest>> OrganisationGuests(
      const ProgrammeId& programme, const std::string& organisation, Timestamp now) override;
  Result<bool> EndOrganisationGuest(const ProgrammeId& programme, const std::string& organisation,
                                    const MemberId& member, Timestamp at) override;
  Result<issuance::OrganisationTies> TiesOf(const ProgrammeId& programme, const MemberId& member,
                                            Timestamp at) override;

  // Replays in the background: replay_jobs.cc.
  Status InsertReplayJob(const ProgrammeId& programme, const issuance::ReplayJob& job) override;
  Result<std::optional<issuance::ReplayJob>> FindReplayJob(const ProgrammeId& programme,
                                                           const std::string& id) override;
  Result<std::int64_t> CountOpenReplayJobs(const ProgrammeId& programme) override;
  Result<std::optional<DueReplayJob>> FindDueReplayJob(Timestamp now) override;
  Result<bool> UpdateReplayJob(const ProgrammeId& programme, const issuance::ReplayJob& job,
                               const std::string& worker) override;
  Status ForgetReplayJobs(const ProgrammeId& programme, Timestamp made_before, int kept) override;
  Result<std::vector<issuance::OrderToReplay>> OrdersToReplay(const ProgrammeId& programme,
                                                              const OrderSource& after_source,
                                                              const OrderId& after,
                                                              const issuance::ReplayRequest& time,
                                                              int limit) override;

  // Settings: sql_transaction.cc.
  Result<std::optional<std::string>> FindSetting(const std::string& name) override;
  Status PutSetting(const std::string& name, const std::string& value) override;

 private:
  Status SweepAnswers();
  // From memory, if FindKnownMember has seen it.
  Result<std::optional<AccountRow>> FindAccount(const ProgrammeId& programme, const AccountId& id);
  void SeeDesignOf(const cards::Card& card, const ProgrammeId& programme,
                   std::optional<Timestamp> newest_change);
  // Locks a template's versions and fails with "lost_race" if they are not as this transaction has
  // seen them.
  Status RequireDesignsAsSeen(const ProgrammeId& programme, const TemplateName& name);

  // Between LoadAccount and SaveChange.
  struct LoadedAccount {
    bool exists = false;
    std::int64_t sequence = 0;
    LoadedLots lots;
  };

  sql::Connection& connection_;
  std::map<AccountId, LoadedAccount> loaded_;
  const Timestamp now_;
  std::vector<issuance::WantedDelivery> wanted_;
  std::atomic<std::uint64_t>& answers_stored_;

  // What was read and stands still, because its member is locked, or the whole snapshot: dropped or
  // changed by whatever of this transaction writes it.
  std::map<std::pair<ProgrammeId, MemberId>, std::vector<cards::Card>> cards_seen_;
  std::map<AccountId, std::optional<AccountRow>> accounts_seen_;
  std::map<std::pair<ProgrammeId, TemplateName>, std::optional<Timestamp>> design_changes_;

  // What was looked for and seen, where no lock keeps it so.
  std::map<std::pair<ProgrammeId, TemplateName>, std::string> designs_seen_;
  std::set<std::pair<ProgrammeId, TemplateName>> missing_drafts_;
  std::set<std::string> missing_settings_;

  // Published rule sets never change, and one that comes later is for the next transaction.
  std::map<ProgrammeId, std::int64_t> newest_rule_sets_;
};

}  // namespace passmint::store
