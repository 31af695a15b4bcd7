#include "support/ledger_script.h"

#include <fmt/format.h>

#include <algorithm>
#include <iterator>
#include <utility>

namespace passmint::testing {
namespace {

using ledger::AssetId;
using ledger::DocumentType;
using ledger::kNever;
using std::chrono::microseconds;
using std::chrono::seconds;

constexpr Timestamp kStart = Timestamp(seconds(1'795'255'200));
constexpr seconds kTick{1};

const AssetId& Points() {
  static const AssetId kPoints{ledger::kPointsAsset};
  return kPoints;
}
const AssetId& Stamps() {
  static const AssetId kStamps{"stamps:s"};
  return kStamps;
}

// Points of one order in three slide in one way, of another in another.
std::optional<ledger::SlidingTerm> TermOf(int pick) {
  if (pick % 3 == 0) return std::nullopt;
  if (pick % 3 == 1) return ledger::SlidingTerm{.months = 1, .days = 0};
  return ledger::SlidingTerm{.months = 0, .days = 7, .end = ledger::SlidingTerm::End::kMonth};
}

std::size_t Index(int pick, std::size_t size) { return static_cast<std::size_t>(pick) % size; }

// Three times of four no more than there is, once exactly that.
std::int64_t UpTo(std::int64_t most, const ScriptStep& step) {
  if (step.mode % 4 == 1 && most > 0) return most;
  return step.mode % 4 == 3 || most <= 0 ? 1 + step.amount : 1 + step.amount % most;
}

// Of kImport: points for what the owner did here.
bool Grants(const ScriptStep& step) { return step.mode % 5 == 4; }

std::int64_t Sum(const ledger::Hold& hold) {
  std::int64_t sum = 0;
  for (const ledger::Hold::Part& part : hold.parts) sum += part.amount;
  return sum;
}

std::string Instant(Timestamp at) {
  if (at == kNever) return "never";
  const std::int64_t micros = (at - kStart).count();
  const std::int64_t tick = microseconds(kTick).count();
  const std::int64_t ticks = micros >= 0 ? micros / tick : -((tick - 1 - micros) / tick);
  const std::int64_t rest = micros - ticks * tick;
  return rest == 0 ? fmt::format("t{}", ticks) : fmt::format("t{}+{}us", ticks, rest);
}

}  // namespace

ledger::Policy PolicyOf(int policy) {
  using ledger::Policy;
  Policy made;
  using Debt = Policy::Debt;
  using Restore = Policy::Restore;
  made.debt = std::vector{Debt::kUnlimited, Debt::kWithinBalance, Debt::kOnlyPending,
                          Debt::kUnlimited, Debt::kUnlimited}[Index(policy, 5)];
  made.restore =
      std::vector{Restore::kGrace, Restore::kExpire, Restore::kForbid}[Index(policy / 5, 3)];
  made.grace = kTick * (policy / 15 % 4 * 10);
  if (policy / 60 % 3 == 2) made.debt_limit = 5;
  return made;
}

LedgerModel::Answer Apply(LedgerModel& model, const LedgerAction& action) {
  if (const auto* command = std::get_if<ledger::Command>(&action.what)) {
    return model.Apply(action.account, action.order ? &*action.order : nullptr, *command,
                       action.context);
  }
  if (const auto* move = std::get_if<ledger::Move>(&action.what)) {
    return model.Apply(action.account, action.other, *move, action.context);
  }
  return model.Merge(action.account, action.other,
                     std::get<LedgerAction::MergeInto>(action.what).document, action.context);
}

ScriptPlayer::ScriptPlayer(const LedgerModel& model, const Script& script)
    : model_(model),
      policy_(PolicyOf(script.policy)),
      clock_(script.clock),
      now_(kStart),
      base_(kStart) {}

std::vector<AccountId> ScriptPlayer::Accounts() {
  return {AccountId("a_0"), AccountId("a_1"), AccountId("a_2")};
}

// Usually an account that still takes commands.
AccountId ScriptPlayer::AccountOf(const ScriptStep& step, int plus) const {
  const AccountId account = Accounts()[Index(step.account + plus, Accounts().size())];
  return step.mode % 11 == 10 ? account : model_.Survivor(account);
}

AssetId ScriptPlayer::AssetOf(const ScriptStep& step) const {
  return step.mode % 8 == 6 ? Stamps() : Points();
}

Timestamp ScriptPlayer::Soon(int units) const { return base_ + kTick * units; }

std::vector<ledger::Slide> ScriptPlayer::SlidesOf(const ScriptStep& step) const {
  const bool active = step.kind == StepKind::kPay || step.kind == StepKind::kPayWithHold ||
                      step.kind == StepKind::kCapture || step.kind == StepKind::kActive ||
                      (step.kind == StepKind::kImport && Grants(step));
  if (!active || step.mode % 9 == 8) return {};
  return {{*TermOf(1), Soon(5 + step.amount)}, {*TermOf(2), Soon(20 + step.pick)}};
}

void ScriptPlayer::MoveClock(const ScriptStep& step) {
  if (step.kind == StepKind::kAdvance) {
    now_ += kTick * (step.amount % (step.mode % 4 == 0 ? 40 : 5));
  } else if (step.kind == StepKind::kClockBack) {
    if (clock_.may_go_back) now_ -= kTick * (step.amount % 20);
  } else {
    const AccountId account = AccountOf(step, 0);
    const Timestamp due = model_.NextDue(account);
    if (due == kNever) return;
    const Timestamp wanted = due + microseconds(step.mode % 3 - 1);
    if (wanted > now_ || clock_.may_go_back) now_ = wanted;
  }
}

// Of a hold that there is, captured or void.
std::optional<ledger::Command> ScriptPlayer::EndOfHold(const ScriptStep& step,
                                                       const AccountId& account) {
  const std::optional<HoldId> hold = PickHold(step, account);
  if (!hold) return std::nullopt;
  if (step.kind == StepKind::kVoid) return ledger::VoidHold{*hold};
  const auto& holds = model_.Holds(account);
  const auto found = holds.find(*hold);
  const std::int64_t held = found == holds.end() ? 0 : Sum(found->second);
  return ledger::CaptureHold{*hold, UpTo(held + 1, step) - 1};
}

// The two that concern two accounts.
std::optional<LedgerAction> ScriptPlayer::BetweenTwo(const ScriptStep& step, LedgerAction action,
                                                     std::int64_t amount, int number) {
  action.other = AccountOf(step, 1 + step.pick % 2);
  if (action.other == action.account) return std::nullopt;
  if (step.kind == StepKind::kMove) {
    action.what = ledger::Move{
        AssetOf(step), amount, {DocumentType::kTransfer, "", fmt::format("t{}", number), ""}};
  } else {
    action.what =
        LedgerAction::MergeInto{{DocumentType::kMerge, "", fmt::format("m{}", number), ""}};
  }
  return action;
}

std::optional<LedgerAction> ScriptPlayer::Next(const ScriptStep& step) {
  if (step.kind == StepKind::kAdvance || step.kind == StepKind::kToDue ||
      step.kind == StepKind::kClockBack) {
    MoveClock(step);
    return std::nullopt;
  }
  LedgerAction action;
  action.account = AccountOf(step, 0);
  action.context = {.now = now_, .actor = "till", .policy = policy_, .note_hash = ""};
  base_ = std::max(now_, model_.LastTime(action.account));
  action.context.slides = SlidesOf(step);
  const int number = ++made_;
  const ledger::Balance balance = BalanceOf(action.account, AssetOf(step));
  const std::int64_t amount = UpTo(balance.available, step);
  const ledger::Document document{DocumentType::kAdjustment, "", fmt::format("d{}", number), ""};
  ledger::Command command;
  switch (step.kind) {
    case StepKind::kPay:
    case StepKind::kPayWithHold:
      command = Pay(step, action.account);
      break;
    case StepKind::kHold:
      command = ledger::PlaceHold{.id = HoldId(fmt::format("h_{:04}", number)),
                                  .asset = AssetOf(step),
                                  .amount = amount,
                                  .lifetime = kTick * (1 + step.pick % 30),
                                  .order_source = "",
                                  .order_id = ""};
      break;
    case StepKind::kCapture:
    case StepKind::kVoid: {
      auto ended = EndOfHold(step, action.account);
      if (!ended) return std::nullopt;
      command = *std::move(ended);
      break;
    }
    case StepKind::kRefund:
      return RefundOf(step);
    case StepKind::kGive:
      command = ledger::Adjust{.asset = AssetOf(step),
                               .amount = 1 + step.amount,
                               .expires_at = step.pick % 5 == 4 ? kNever : Soon(1 + step.pick),
                               .funder = "",
                               .document = document};
      break;
    case StepKind::kTake:
      command = ledger::Adjust{.asset = AssetOf(step),
                               .amount = -amount,
                               .expires_at = kNever,
                               .funder = "",
                               .document = document};
      break;
    case StepKind::kWriteOff:
      if (balance.debt == 0 && step.mode % 16 != 0) return std::nullopt;
      command = ledger::WriteOffDebt{AssetOf(step), UpTo(balance.debt, step), document};
      break;
    case StepKind::kMove:
    case StepKind::kMerge:
      return BetweenTwo(step, std::move(action), amount, number);
    case StepKind::kImport:
      command = ImportOf(step);
      break;
    case StepKind::kActive:
      command = ledger::Activity{document};
      break;
    case StepKind::kService:
      command = ServiceOf(step);
      break;
    default:
      command = ledger::Settle{};
  }
  action.what = std::move(command);
  return action;
}

// Four times of five an open one, if there is one.
std::optional<HoldId> ScriptPlayer::PickHold(const ScriptStep& step,
                                             const AccountId& account) const {
  std::vector<HoldId> open;
  std::vector<HoldId> all = {HoldId("h_none")};
  for (const auto& [id, hold] : model_.Holds(account)) {
    all.push_back(id);
    if (hold.state == ledger::HoldState::kOpen) open.push_back(id);
  }
  if (all.size() == 1 && step.mode % 16 != 0) return std::nullopt;
  const std::vector<HoldId>& from = open.empty() || step.mode % 5 == 4 ? all : open;
  return from[Index(step.pick, from.size())];
}

ledger::Balance ScriptPlayer::BalanceOf(const AccountId& account, const AssetId& asset) const {
  const ledger::Account settled = model_.Settled(account, now_);
  const auto found = settled.balances.find(asset);
  return found == settled.balances.end() ? ledger::Balance() : found->second;
}

std::int64_t ScriptPlayer::BurnableOf(const AccountId& account,
                                      const std::optional<HoldId>& hold) const {
  if (!hold) return BalanceOf(account, Points()).available;
  const auto found = model_.Holds(account).find(*hold);
  return found == model_.Holds(account).end() ? 1 : Sum(found->second);
}

ledger::Command ScriptPlayer::ServiceOf(const ScriptStep& step) const {
  using ledger::EntryType;
  constexpr EntryType kTypes[] = {
      EntryType::kBlock,      EntryType::kUnblock,    EntryType::kClose,    EntryType::kReplace,
      EntryType::kTierChange, EntryType::kRateChange, EntryType::kCardPaid, EntryType::kMembership};
  return ledger::ServiceOperation{
      .type = kTypes[static_cast<std::size_t>(step.mode) % std::size(kTypes)],
      .document = {DocumentType::kCard, "", fmt::format("c{}", made_), ""},
      .due = {}};
}

// Points, some of which begin later, or an order that was paid elsewhere.
ledger::Command ScriptPlayer::ImportOf(const ScriptStep& step) const {
  ledger::Import import;
  const std::string id = fmt::format("i{}", made_);
  if (Grants(step)) {
    const Timestamp begins = step.mode % 3 == 0 ? Soon(1 + step.pick % 15) : base_;
    ledger::GrantPoints grant{.earnings = {},
                              .document = {DocumentType::kEvent, "web", id, "ever"}};
    grant.earnings.push_back({Points(),
                              1 + step.amount,
                              begins,
                              begins + kTick * (2 + step.pick),
                              "",
                              {{"review", 1, 0, 0, "floor", 1 + step.amount}},
                              TermOf(step.pick)});
    return grant;
  }
  if (step.mode % 2 == 0) {
    import.document = {DocumentType::kImport, "", id, ""};
    const Timestamp begins = step.mode % 3 == 0 ? Soon(1 + step.pick % 15) : base_ - kTick;
    const AssetId asset = AssetOf(step);
    import.lots.push_back(
        {asset, 1 + step.amount, begins, begins + kTick * (2 + step.pick), "", {}});
    import.lots.push_back({asset, 1 + step.pick, base_, kNever, "", {}});
    return import;
  }
  import.document = {DocumentType::kOrder, "old", id, ""};
  import.order = ledger::OrderRecord{
      .key = {"old", id}, .asset = Points(), .lines = {}, .grants = {}, .lots = {}};
  for (int n = 0; n < 2; ++n) {
    ledger::LineRecord line;
    line.line_id = fmt::format("{}", n + 1);
    line.quantity = ledger::kUnit * (1 + n);
    line.paid = 10 + step.amount;
    line.earned = step.pick % 12;
    line.burned = n == 0 ? step.mode % 7 : 0;
    line.value = line.burned > 0 ? 1 + step.pick : 0;
    import.order->lines.push_back(std::move(line));
  }
  return import;
}

ledger::PayOrder ScriptPlayer::Pay(const ScriptStep& step, const AccountId& account) {
  ledger::PayOrder pay;
  pay.order.key = {"web", fmt::format("o{}", made_)};
  pay.order.asset = Points();
  if (step.kind == StepKind::kPayWithHold) pay.hold = PickHold(step, account);
  std::int64_t burnable = BurnableOf(account, pay.hold);
  std::int64_t earned = 0;
  for (const ScriptLine& from : step.lines) {
    ledger::LineRecord line;
    line.line_id = fmt::format("{}", pay.order.lines.size() + 1);
    // Pieces, or 0.35 kg and the like.
    line.quantity = from.quantity % 4 == 3 ? 350 : ledger::kUnit * (1 + from.quantity);
    line.paid = from.paid;
    line.earned = from.paid > 0 ? from.earned : 0;
    line.burned = std::max<std::int64_t>(0, from.burned - kPaidWithMoneyOnly);
    if (step.mode % 4 != 3) line.burned = std::min(line.burned, burnable);
    burnable -= line.burned;
    line.value = line.burned > 0 ? 1 + from.value : 0;
    earned += line.earned;
    pay.order.lines.push_back(std::move(line));
  }
  const bool paid = std::any_of(step.lines.begin(), step.lines.end(),
                                [](const ScriptLine& line) { return line.paid > 0; });
  if (paid && step.mode % 4 == 3) {
    pay.order.grants.push_back({"welcome", 1 + step.amount % 10, 0});
    earned += pay.order.grants.back().points;
  }
  const Timestamp activates = step.mode % 3 == 2 ? Soon(1 + step.pick % 15) : base_;
  const Timestamp expires =
      activates + kTick * ((1 + step.amount % 60) * (step.mode % 2 == 0 ? 8 : 1));
  const std::int64_t second = step.mode % 5 == 4 ? earned / 3 : 0;
  if (second > 0) {
    pay.earnings.push_back({Points(), second, base_, kNever, "partner", {}});
  }
  if (earned > second) {
    pay.earnings.push_back(
        {Points(), earned - second, activates, expires, "", {}, TermOf(step.pick)});
  }
  if (step.mode % 7 == 6) pay.earnings.push_back({Stamps(), 1, base_, kNever, "", {}});
  return pay;
}

std::optional<LedgerAction> ScriptPlayer::RefundOf(const ScriptStep& step) {
  const auto& orders = model_.Orders();
  if (orders.empty()) return std::nullopt;
  const auto& [key, order] =
      *std::next(orders.begin(), static_cast<std::ptrdiff_t>(Index(step.pick, orders.size())));
  LedgerAction action;
  action.account = order.account;
  action.order = key;
  action.context = {.now = now_, .actor = "till", .policy = policy_, .note_hash = ""};
  ledger::Refund refund = RefundOf(step, order.record);
  if (refund.amount == 0 && refund.lines.empty()) return std::nullopt;
  action.what = ledger::Command(std::move(refund));
  return action;
}

ledger::Refund ScriptPlayer::RefundOf(const ScriptStep& step, const ledger::OrderRecord& record) {
  ledger::Refund refund;
  refund.refund_id = fmt::format("r{}", made_);
  std::int64_t left = 0;
  for (const ledger::LineRecord& line : record.lines) left += line.gross_left();
  const std::size_t index = Index(step.amount, record.lines.size());
  const ledger::LineRecord& line = record.lines[index];
  // One of eight asks for what may be more than there is.
  const auto some = [&step](std::int64_t most) {
    return step.mode % 8 == 7 || most == 0 ? 1 + step.amount : 1 + step.amount % most;
  };
  const auto add = [&](std::size_t at, ledger::Group group, std::int64_t most) {
    refund.lines.push_back({at, group, some(most), 0});
  };
  switch (step.mode / 8 % 7) {
    case 0:
      refund.amount = left;
      break;
    case 1:
      refund.amount = some(left);
      break;
    case 2:
      add(index, ledger::Group::kAny, line.gross_left());
      break;
    case 3:
      add(index, ledger::Group::kMoney, line.paid - line.paid_refunded);
      break;
    case 4:
      add(index, ledger::Group::kPoints, line.value - line.value_refunded);
      break;
    case 5: {
      const ledger::Quantity rest = line.quantity - line.quantity_refunded;
      ledger::Quantity quantity = some(rest);
      if (line.quantity % ledger::kUnit == 0) {
        quantity = ledger::kUnit * some(rest / ledger::kUnit);
      }
      refund.lines.push_back({index, ledger::Group::kAny, 0, quantity});
      break;
    }
    default:
      for (std::size_t i = 0; i < record.lines.size(); ++i) {
        if (record.lines[i].value > record.lines[i].value_refunded) {
          add(i, ledger::Group::kPoints, record.lines[i].value - record.lines[i].value_refunded);
        }
        if (record.lines[i].paid > record.lines[i].paid_refunded) {
          add(i, ledger::Group::kMoney, record.lines[i].paid - record.lines[i].paid_refunded);
        }
      }
  }
  return refund;
}

// --- For people ----------------------------------------------------------------------------------

namespace {

struct Words {
  std::string operator()(const ledger::PayOrder& pay) const {
    std::string text = fmt::format("pay order {}", pay.order.key.id);
    if (pay.hold) text += fmt::format(" with hold {}", pay.hold->str());
    for (const ledger::LineRecord& line : pay.order.lines) {
      text +=
          fmt::format("; line of {}/1000 paid {} earned {}", line.quantity, line.paid, line.earned);
      if (line.burned > 0) text += fmt::format(" and {} points worth {}", line.burned, line.value);
    }
    for (const ledger::Grant& grant : pay.order.grants) {
      text += fmt::format("; grant {}", grant.points);
    }
    for (const ledger::Earning& earning : pay.earnings) {
      text += fmt::format("; lot of {} {} from {} to {}{}", earning.amount, earning.asset.str(),
                          Instant(earning.activates_at), Instant(earning.expires_at),
                          earning.funder.empty() ? "" : " by " + earning.funder);
      if (earning.slides) text += " sliding";
    }
    return text;
  }
  std::string operator()(const ledger::Refund& refund) const {
    std::string text = "refund " + refund.refund_id;
    if (refund.amount > 0) text += fmt::format(" of {}", refund.amount);
    for (const ledger::RefundLine& line : refund.lines) {
      const char* group = line.group == ledger::Group::kAny     ? ""
                          : line.group == ledger::Group::kMoney ? " of the money"
                                                                : " of the points' part";
      text += fmt::format("; line {}: {}{}", line.line + 1,
                          line.quantity > 0 ? fmt::format("{}/1000 pieces", line.quantity)
                                            : fmt::format("{}", line.amount),
                          group);
    }
    return text;
  }
  std::string operator()(const ledger::PlaceHold& place) const {
    return fmt::format("hold {} {} as {} for {} s", place.amount, place.asset.str(), place.id.str(),
                       std::chrono::duration_cast<seconds>(place.lifetime).count());
  }
  std::string operator()(const ledger::CaptureHold& capture) const {
    return fmt::format("capture {} of {}", capture.amount, capture.id.str());
  }
  std::string operator()(const ledger::VoidHold& voided) const { return "void " + voided.id.str(); }
  std::string operator()(const ledger::Adjust& adjust) const {
    return fmt::format("adjust {:+} {}, until {}", adjust.amount, adjust.asset.str(),
                       Instant(adjust.expires_at));
  }
  std::string operator()(const ledger::WriteOffDebt& write_off) const {
    return fmt::format("write off {} {}", write_off.amount, write_off.asset.str());
  }
  std::string operator()(const ledger::Import& import) const {
    std::string text = "import " + import.document.id;
    for (const ledger::Earning& lot : import.lots) {
      text += fmt::format("; {} {} from {} to {}", lot.amount, lot.asset.str(),
                          Instant(lot.activates_at), Instant(lot.expires_at));
    }
    if (import.order) {
      for (const ledger::LineRecord& line : import.order->lines) {
        text += fmt::format("; line of {}, earned {}, burned {} for {}", line.paid, line.earned,
                            line.burned, line.value);
      }
    }
    return text;
  }
  std::string operator()(const ledger::GrantPoints& grant) const {
    std::string text = "grant " + grant.document.id;
    for (const ledger::Earning& lot : grant.earnings) {
      text += fmt::format("; {} {} from {} to {}", lot.amount, lot.asset.str(),
                          Instant(lot.activates_at), Instant(lot.expires_at));
    }
    return text;
  }
  std::string operator()(const ledger::ServiceOperation& operation) const {
    return fmt::format("{} {}", ledger::ToText(operation.type), operation.document.id);
  }
  std::string operator()(const ledger::Activity& activity) const {
    return "activity " + activity.document.id;
  }
  std::string operator()(const ledger::Settle&) const { return "settle"; }
};

}  // namespace

std::string Describe(const LedgerAction& action) {
  std::string text = fmt::format("{} {}: ", Instant(action.context.now), action.account.str());
  for (const ledger::Slide& slide : action.context.slides) {
    text +=
        fmt::format("({}M{}D until {}) ", slide.term.months, slide.term.days, Instant(slide.until));
  }
  if (const auto* command = std::get_if<ledger::Command>(&action.what)) {
    text += std::visit(Words(), *command);
    if (action.order) text += " of order " + action.order->id;
  } else if (const auto* move = std::get_if<ledger::Move>(&action.what)) {
    text += fmt::format("move {} {} to {}", move->amount, move->asset.str(), action.other.str());
  } else {
    text += "merge into " + action.other.str();
  }
  return text;
}

}  // namespace passmint::testing
