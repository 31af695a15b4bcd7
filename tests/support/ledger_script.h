#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <variant>
#include <vector>

#include "ledger/command.h"
#include "support/ledger_model.h"

namespace passmint::testing {

// A script is a list of small numbers, so that it can be generated, shrunk and kept; what they mean
// ("refund half of the order before last") is found out while it runs, from what the model knows by
// then. The commands that come out can be given to anything that keeps a ledger.

enum class StepKind {
  kAdvance,    // Time passes.
  kToDue,      // Time passes until just before, exactly at or just after something becomes due.
  kClockBack,  // The clock of the machine is set back.
  kPay,
  kPayWithHold,
  kHold,
  kCapture,
  kVoid,
  kRefund,
  kGive,
  kTake,
  kWriteOff,
  kMove,
  kMerge,
  kImport,
  kService,  // What happened to a card.
  kSettle,
  kActive,  // The owner did what moves no points.
};
inline constexpr int kStepKinds = 18;

// Lines whose `burned` is no more than this burn nothing, so that many do not.
inline constexpr int kPaidWithMoneyOnly = 20;

struct ScriptLine {
  int paid = 0;
  int earned = 0;
  int value = 0;
  int burned = 0;
  int quantity = 1;
};

struct ScriptStep {
  StepKind kind = StepKind::kAdvance;
  int account = 0;
  int pick = 0;    // Which order, hold, instant.
  int amount = 0;  // How much, how long.
  int mode = 0;    // Which variant.
  std::vector<ScriptLine> lines;
};

// The moves of the clock that a script makes.
struct ClockRules {
  bool may_go_back = true;
};

struct Script {
  int policy = 0;  // See PolicyOf.
  ClockRules clock;
  std::vector<ScriptStep> steps;
};

inline constexpr int kPolicies = 180;
ledger::Policy PolicyOf(int policy);  // 0 to kPolicies - 1.

// One concrete command.
struct LedgerAction {
  struct MergeInto {
    ledger::Document document;
  };
  AccountId account;                      // Of kMove the giver, of kMerge the loser.
  AccountId other;                        // The taker, the winner.
  std::optional<ledger::OrderKey> order;  // That a Refund refers to.
  std::variant<ledger::Command, ledger::Move, MergeInto> what;
  ledger::Context context;
};

LedgerModel::Answer Apply(LedgerModel& model, const LedgerAction& action);

// Turns steps into commands, one after the other, as the model stands at each.
class ScriptPlayer {
 public:
  ScriptPlayer(const LedgerModel& model, const Script& script);

  static std::vector<AccountId> Accounts();

  // The step as a command; none if it only moves the clock, or if there is nothing that it could be
  // about.
  std::optional<LedgerAction> Next(const ScriptStep& step);

  Timestamp now() const { return now_; }

 private:
  void MoveClock(const ScriptStep& step);
  AccountId AccountOf(const ScriptStep& step, int plus) const;
  ledger::AssetId AssetOf(const ScriptStep& step) const;
  // What the step means to points that slide, if it is an activity of the owner.
  std::vector<ledger::Slide> SlidesOf(const ScriptStep& step) const;
  Timestamp Soon(int units) const;
  ledger::PayOrder Pay(const ScriptStep& step, const AccountId& account);
  ledger::Command ImportOf(const ScriptStep& step) const;
  ledger::Command ServiceOf(const ScriptStep& step) const;
  ledger::Balance BalanceOf(const AccountId& account, const ledger::AssetId& asset) const;
  std::int64_t BurnableOf(const AccountId& account, const std::optional<HoldId>& hold) const;
  std::optional<HoldId> PickHold(const ScriptStep& step, const AccountId& account) const;
  std::optional<ledger::Command> EndOfHold(const ScriptStep& step, const AccountId& account);
  std::optional<LedgerAction> BetweenTwo(const ScriptStep& step, LedgerAction action,
                                         std::int64_t amount, int number);
  std::optional<LedgerAction> RefundOf(const ScriptStep& step);
  ledger::Refund RefundOf(const ScriptStep& step, const ledger::OrderRecord& record);

  const LedgerModel& model_;
  ledger::Policy policy_;
  ClockRules clock_;
  Timestamp now_;
  // Instants are relative to this: now, or later if the account's time is.
  Timestamp base_;
  int made_ = 0;  // Numbers of orders, holds, refunds, documents.
};

// One line for people: what, of which account, when.
std::string Describe(const LedgerAction& action);

}  // namespace passmint::testing
