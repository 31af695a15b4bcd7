#include "issuance/charities.h"

#include <map>
#include <utility>

#include "issuance/points.h"
#include "issuance/rule_sets.h"
#include "ledger/donate.h"

namespace passmint::issuance {
namespace {

constexpr char kPrefix[] = "c_";
constexpr std::size_t kPrefixBytes = sizeof(kPrefix) - 1;
constexpr int kBatch = 100;

// Ids of the rewards whose accounts exist.
Result<std::vector<std::string>> Given(Transaction& transaction, const ProgrammeId& programme) {
  std::vector<std::string> given;
  AccountId after(kPrefix);
  for (;;) {
    const auto accounts = transaction.AccountsAfter(programme, after, kBatch);
    if (!accounts.ok()) return accounts.error();
    for (const AccountId& account : accounts.value()) {
      if (!account.str().starts_with(kPrefix)) return given;
      given.push_back(account.str().substr(kPrefixBytes));
      after = account;
    }
    if (accounts.value().size() < kBatch) return given;
  }
}

}  // namespace

AccountId CharityAccount(const std::string& reward) { return AccountId(kPrefix + reward); }

Result<PointsSummary> Donate(Transaction& transaction, const Site& site,
                             const ProgrammeSite& programme, const Owner& owner,
                             const Donation& donation) {
  const ProgrammeId& id = programme.programme.id;
  const ledger::Move move{.asset = ledger::AssetId(ledger::kPointsAsset),
                          .amount = donation.points,
                          .document = {.type = ledger::DocumentType::kTransfer,
                                       .source = {},
                                       .id = donation.claim,
                                       .parent = {}}};
  // A member's account sorts before a charity's, and is locked first.
  ledger::Need need = ledger::NeedOf(move);
  need.sliding = true;  // To give is an activity.
  const auto from = transaction.LoadAccount(id, owner.member.account, need, transaction.Now());
  if (!from.ok()) return from.error();
  const auto to =
      transaction.LoadAccount(id, CharityAccount(donation.reward), {}, transaction.Now());
  if (!to.ok()) return to.error();
  const Movement movement{
      .actor = donation.actor, .note = donation.note, .random = site.random.get()};
  Noted noted = ContextOf(transaction, movement);
  auto slides = SlidesOf(programme, from.value(), transaction.Now());
  if (!slides.ok()) return std::move(slides).error();
  noted.context.slides = std::move(slides).value();
  const auto moved = ledger::ApplyDonation(from.value(), to.value(), move, noted.context);
  if (!moved.ok()) return moved.error();
  for (const ledger::Change* side : {&moved.value().first, &moved.value().second}) {
    Status saved = SaveMoved(transaction, programme, *side, movement);
    if (!saved.ok()) return std::move(saved).error();
    if (Status put = PutNote(transaction, id, *side, noted.note); !put.ok()) {
      return std::move(put).error();
    }
  }
  PointsSummary points = Balances(moved.value().first.account);
  points.spent = donation.points;
  return points;
}

Result<std::vector<Charity>> Charities(Transaction& transaction, const ProgrammeSite& programme) {
  const ProgrammeId& id = programme.programme.id;
  const auto rules = RulesAt(transaction, programme, transaction.Now());
  if (!rules.ok()) return rules.error();
  const auto given = Given(transaction, id);
  if (!given.ok()) return given.error();
  std::map<std::string, Charity> charities;
  for (const std::string& reward : given.value()) {
    const auto points = PointsOf(transaction, id, CharityAccount(reward));
    if (!points.ok()) return points.error();
    charities[reward] = {.id = reward, .name = reward, .points = points.value().available};
  }
  for (const programme::Reward& reward : rules.value()->rewards) {
    if (reward.kind != programme::Reward::Kind::kDonation) continue;
    Charity& charity = charities[reward.id];
    charity.id = reward.id;
    charity.name = reward.title.empty() ? reward.id : reward.title;
  }
  std::vector<Charity> sorted;
  sorted.reserve(charities.size());
  for (auto& [reward, charity] : charities) sorted.push_back(std::move(charity));
  return sorted;
}

}  // namespace passmint::issuance
