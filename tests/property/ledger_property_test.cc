// The product against the model of support/ledger_model.h, on scripts of random commands.
//
//   PASSMINT_LEDGER_COMMANDS=1000000   how many commands each property runs at least (20000)
//   PASSMINT_LEDGER_SEED=7             other scripts than usual
//
// A failure is printed as the shortest script that was found to fail.

#include <gtest/gtest.h>
#include <rapidcheck.h>

#include <algorithm>
#include <chrono>
#include <cstdlib>
#include <functional>
#include <iostream>
#include <map>
#include <ostream>
#include <sstream>
#include <string>
#include <vector>

#include "ledger_replica.h"
#include "support/ledger_model.h"
#include "support/ledger_script.h"
#include "support/random_script.h"

namespace passmint::testing {

// Played on the model alone; rapidcheck finds it by name.
std::ostream& operator<<(std::ostream& out, const Script& script) {
  LedgerModel model;
  ScriptPlayer player(model, script);
  out << "policy " << script.policy << "\n";
  for (const ScriptStep& step : script.steps) {
    const auto action = player.Next(step);
    if (!action) continue;
    const LedgerModel::Answer answer = Apply(model, *action);
    out << Describe(*action) << (answer.refusal.empty() ? "" : " -> " + answer.refusal) << "\n";
  }
  return out;
}

namespace {

constexpr Timestamp kFarAway = FromMicros(1'895'255'200'000'000);

std::uint64_t Setting(const char* name, std::uint64_t otherwise) {
  const char* text = std::getenv(name);
  return text == nullptr ? otherwise : std::strtoull(text, nullptr, 10);
}

// --- Scripts -------------------------------------------------------------------------------------

rc::Gen<ScriptLine> AnyLine() {
  using rc::gen::inRange;
  return rc::gen::build<ScriptLine>(rc::gen::set(&ScriptLine::paid, inRange(0, 50)),
                                    rc::gen::set(&ScriptLine::earned, inRange(0, 40)),
                                    rc::gen::set(&ScriptLine::value, inRange(0, 30)),
                                    rc::gen::set(&ScriptLine::burned, inRange(0, 40)),
                                    rc::gen::set(&ScriptLine::quantity, inRange(0, 8)));
}

rc::Gen<ScriptStep> AnyStep(StepKind kind) {
  using rc::gen::inRange;
  const bool pays = kind == StepKind::kPay || kind == StepKind::kPayWithHold;
  const auto lines = pays ? rc::gen::mapcat(inRange(1, 6),
                                            [](int count) {
                                              return rc::gen::container<std::vector<ScriptLine>>(
                                                  static_cast<std::size_t>(count), AnyLine());
                                            })
                          : rc::gen::just(std::vector<ScriptLine>());
  return rc::gen::build<ScriptStep>(rc::gen::set(&ScriptStep::kind, rc::gen::just(kind)),
                                    rc::gen::set(&ScriptStep::account, inRange(0, 3)),
                                    rc::gen::set(&ScriptStep::pick, inRange(0, 60)),
                                    rc::gen::set(&ScriptStep::amount, inRange(0, 60)),
                                    rc::gen::set(&ScriptStep::mode, inRange(0, 616)),
                                    rc::gen::set(&ScriptStep::lines, lines));
}

// Few things at a time: a seed picks the mixture; steps and numbers shrink, the mixture does not.
rc::Gen<Script> AnyScript(ClockRules clock) {
  const auto seeds = rc::gen::noShrink(rc::gen::resize(100, rc::gen::inRange(1U, 1U << 30)));
  return rc::gen::mapcat(seeds, [clock](std::uint32_t seed) {
    const auto kinds = rc::gen::elementOf(Mixture(seed));
    const auto step = rc::gen::resize(100, rc::gen::mapcat(kinds, AnyStep));
    return rc::gen::build<Script>(
        rc::gen::set(&Script::policy, rc::gen::resize(100, rc::gen::inRange(0, kPolicies))),
        rc::gen::set(&Script::clock, rc::gen::just(clock)),
        rc::gen::set(&Script::steps,
                     rc::gen::scale(2, rc::gen::container<std::vector<ScriptStep>>(step))));
  });
}

// Runs `property` on scripts until they made enough commands. The property returns what is wrong,
// and counts its commands.
void CheckOnScripts(const std::function<std::string(const Script&, std::uint64_t&)>& property,
                    ClockRules clock = {}) {
  const std::uint64_t wanted = Setting("PASSMINT_LEDGER_COMMANDS", 20'000);
  rc::detail::TestParams params;
  params.seed = Setting("PASSMINT_LEDGER_SEED", 20'261'122);
  params.maxSuccess = 500;
  std::uint64_t commands = 0;
  while (commands < wanted) {
    const auto result = rc::detail::checkTestable(
        [&] {
          const Script script = *AnyScript(clock);
          const std::string wrong = property(script, commands);
          if (!wrong.empty()) RC_FAIL(wrong);
        },
        rc::detail::TestMetadata(), params);
    if (!result.is<rc::detail::SuccessResult>()) {
      std::ostringstream text;
      rc::detail::printResultMessage(result, text);
      FAIL() << "seed " << params.seed << "\n" << text.str();
    }
    ++params.seed;
  }
  std::cout << commands << " commands\n";
}

// --- What is compared ----------------------------------------------------------------------------

LedgerModel::Books WithoutZeros(LedgerModel::Books books) {
  std::erase_if(books, [](const auto& entry) { return entry.second == 0; });
  return books;
}

// Totals that every reader of an answer relies on.
bool SameTotals(const ledger::Totals& a, const ledger::Totals& b, const LedgerAction& action) {
  const auto* command = std::get_if<ledger::Command>(&action.what);
  if (std::holds_alternative<ledger::Move>(action.what)) return a.moved == b.moved;
  if (command == nullptr) return true;
  if (std::holds_alternative<ledger::PayOrder>(*command)) {
    return a.earned == b.earned && a.spent == b.spent;
  }
  if (std::holds_alternative<ledger::CaptureHold>(*command)) return a.spent == b.spent;
  if (std::holds_alternative<ledger::Refund>(*command)) {
    return a.restored == b.restored && a.clawed_back == b.clawed_back;
  }
  return true;
}

// What a policy lets go is missing from some line; which, is the product's choice.
bool SameLines(const LedgerModel::Answer& a, const LedgerModel::Answer& b,
               const ledger::Policy& policy) {
  const bool nothing_lost = policy.debt == ledger::Policy::Debt::kUnlimited &&
                            policy.restore == ledger::Policy::Restore::kGrace &&
                            policy.grace.count() > 0;
  for (const LedgerModel::Answer* one : {&a, &b}) {
    const LedgerModel::Answer& other = one == &a ? b : a;
    for (const auto& [line, done] : one->refunded) {
      const auto found = other.refunded.find(line);
      const ledger::LineRefund against =
          found == other.refunded.end() ? ledger::LineRefund{line, 0, 0, 0} : found->second;
      if (done.amount != against.amount) return false;
      if (nothing_lost &&
          (done.restored != against.restored || done.clawed_back != against.clawed_back)) {
        return false;
      }
    }
  }
  return true;
}

std::string CompareAnswers(const LedgerModel::Answer& model, const LedgerModel::Answer& product,
                           const LedgerAction& action) {
  if (model.refusal != product.refusal) {
    return "refusal: model '" + model.refusal + "', product '" + product.refusal + "'";
  }
  if (!SameTotals(model.totals, product.totals, action)) {
    std::ostringstream text;
    const auto print = [&text](const ledger::Totals& t) {
      text << " earned " << t.earned << " spent " << t.spent << " restored " << t.restored
           << " clawed " << t.clawed_back << " moved " << t.moved;
    };
    text << "totals: model";
    print(model.totals);
    text << "; product";
    print(product.totals);
    return text.str();
  }
  if (!SameLines(model, product, action.context.policy)) return "amounts per refunded line";
  return "";
}

std::string CompareBooks(const LedgerModel& model, const LedgerReplica& product,
                         const AccountId& account) {
  const auto expected = WithoutZeros(model.BooksOf(account));
  const auto got = WithoutZeros(product.BooksOf(account));
  if (expected == got) return "";
  std::ostringstream text;
  text << "books of " << account.str() << ":";
  for (const auto* books : {&expected, &got}) {
    text << (books == &expected ? " model" : "; product");
    for (const auto& [key, balance] : *books) {
      text << " " << key.first.str() << "/" << static_cast<int>(key.second) << "=" << balance;
    }
  }
  return text.str();
}

// Everything that both sides can say about one account.
std::string CompareAccount(const LedgerModel& model, const LedgerReplica& product,
                           const AccountId& id) {
  const ledger::Account whole = product.Whole(id);
  std::string difference = Difference(model.AsItWasLeft(id), whole);
  if (!difference.empty()) return "account " + id.str() + ": model has " + difference;
  if (whole.merged_into.empty() && ledger::NextDue(whole) != model.NextDue(id)) {
    return "next due of " + id.str();
  }
  for (const Timestamp instant : {model.NextDue(id), kFarAway}) {
    if (instant == ledger::kNever) continue;
    const ledger::Account later = model.Settled(id, instant);
    difference = Difference(later, ledger::Settled(whole, instant));
    if (!difference.empty()) return "settled account " + id.str() + ": model has " + difference;
    if (ledger::StateHash(later) != ledger::StateHash(ledger::Settled(whole, instant))) {
      return "state hash of " + id.str();
    }
  }
  for (const auto& [key, order] : product.Orders(id)) {
    const auto found = model.Orders().find(key);
    if (found == model.Orders().end() || found->second.account != id) return "order " + key.id;
    if (!(found->second.record == order)) return "record of order " + key.id;
  }
  return CompareBooks(model, product, id);
}

std::vector<AccountId> Involved(const LedgerAction& action) {
  if (action.other.empty()) return {action.account};
  return {action.account, action.other};
}

const char* Name(StepKind kind) {
  constexpr const char* kNames[kStepKinds] = {
      "advance", "to due", "clock back", "pay",     "pay with hold", "hold",
      "capture", "void",   "refund",     "give",    "take",          "write off",
      "move",    "merge",  "import",     "service", "settle",        "active"};
  return kNames[static_cast<std::size_t>(kind)];
}

// --- Properties ----------------------------------------------------------------------------------

std::string CompareStep(LedgerModel& model, LedgerReplica& product, const LedgerAction& action) {
  const LedgerModel::Answer expected = Apply(model, action);
  std::vector<std::string> wrong;
  const LedgerModel::Answer got = product.Run(action, wrong);
  const std::string different = CompareAnswers(expected, got, action);
  if (!different.empty()) wrong.insert(wrong.begin(), different);
  for (const AccountId& id : Involved(action)) {
    if (!wrong.empty()) break;
    model.SetLastTime(id, product.LastTime(id));
    const std::string text = CompareAccount(model, product, id);
    if (!text.empty()) wrong.push_back(text);
  }
  const std::string broken = model.Broken();
  if (!broken.empty()) wrong.push_back("the model itself: " + broken);
  if (wrong.empty()) return "";
  std::string text = "at " + Describe(action);
  for (const std::string& one : wrong) text += "\n  " + one;
  return text;
}

std::string CompareWithModel(const Script& script, Loading loading, std::uint64_t& commands) {
  LedgerModel model;
  LedgerReplica product(loading);
  ScriptPlayer player(model, script);
  for (const ScriptStep& step : script.steps) {
    const auto action = player.Next(step);
    if (!action) continue;
    ++commands;
    const std::string wrong = CompareStep(model, product, *action);
    if (!wrong.empty()) return wrong;
  }
  return "";
}

TEST(LedgerProperties, AnyScriptGivesWhatTheModelGives) {
  CheckOnScripts([](const Script& script, std::uint64_t& commands) {
    return CompareWithModel(script, Loading::kEverything, commands);
  });
}

TEST(LedgerProperties, LotsThatNobodyNeedsMayStayInTheStore) {
  CheckOnScripts([](const Script& script, std::uint64_t& commands) {
    return CompareWithModel(script, Loading::kOnlyWhatIsNeeded, commands);
  });
}

// One replica runs the commands of a script, the other has jobs between them that post what is due.
std::string CompareWithPosting(const Script& script, std::uint64_t& commands) {
  LedgerModel model;
  LedgerReplica plain(Loading::kOnlyWhatIsNeeded);
  LedgerReplica posting(Loading::kOnlyWhatIsNeeded);
  ScriptPlayer player(model, script);
  std::vector<std::string> wrong;
  for (const ScriptStep& step : script.steps) {
    const auto action = player.Next(step);
    for (int i = 0; i < 3; ++i) {
      if (step.mode / 7 % (2 << i) != 0) continue;
      LedgerAction job;
      job.account = ScriptPlayer::Accounts()[static_cast<std::size_t>(i)];
      job.context.now = player.now();
      job.context.actor = "system";
      job.what = ledger::Command(ledger::Settle{});
      posting.Run(job, wrong);
    }
    if (!action) continue;
    ++commands;
    const LedgerModel::Answer expected = Apply(model, *action);
    const std::vector<LedgerModel::Answer> answers = {plain.Run(*action, wrong),
                                                      posting.Run(*action, wrong)};
    for (const LedgerModel::Answer& answer : answers) {
      const std::string different = CompareAnswers(expected, answer, *action);
      if (!different.empty()) wrong.push_back(different);
    }
    for (const AccountId& id : ScriptPlayer::Accounts()) {
      const auto hash = [&](const LedgerReplica& product) {
        return ledger::StateHash(ledger::Settled(product.Whole(id), player.now()));
      };
      const std::string state = ledger::StateHash(model.Settled(id, player.now()));
      if (hash(plain) != state) wrong.push_back("state of " + id.str() + " without jobs");
      if (hash(posting) != state) wrong.push_back("state of " + id.str() + " with jobs");
    }
    if (!wrong.empty()) return "at " + Describe(*action) + ": " + wrong.front();
  }
  return wrong.empty() ? "" : wrong.front();
}

TEST(LedgerProperties, TheStateIsTheSameWhetherOrNotJobsPostedWhatWasDue) {
  // A clock that goes back meets what a job has posted, and that stays.
  CheckOnScripts(CompareWithPosting, {.may_go_back = false});
}

// Also says what the scripts are made of: a property whose commands are mostly refused proves
// little.
TEST(LedgerProperties, TheModelKeepsItsOwnInvariants) {
  std::map<std::string, int> outcomes;
  CheckOnScripts([&outcomes](const Script& script, std::uint64_t& commands) -> std::string {
    LedgerModel model;
    ScriptPlayer player(model, script);
    for (const ScriptStep& step : script.steps) {
      const auto action = player.Next(step);
      if (!action) continue;
      ++commands;
      const LedgerModel::Answer answer = Apply(model, *action);
      ++outcomes[std::string(Name(step.kind)) + " " +
                 (answer.refusal.empty() ? "done" : answer.refusal)];
      const std::string broken = model.Broken();
      if (!broken.empty()) return "at " + Describe(*action) + ": " + broken;
    }
    return "";
  });
  for (const char* expected : {"pay done",
                               "pay with hold done",
                               "pay with hold over_capture",
                               "hold done",
                               "hold insufficient_points",
                               "capture done",
                               "capture hold_expired",
                               "capture hold_ended",
                               "capture hold_unknown",
                               "capture over_capture",
                               "void done",
                               "void hold_ended",
                               "refund done",
                               "refund over_refund",
                               "refund debt_limit",
                               "give done",
                               "take done",
                               "take insufficient_points",
                               "write off done",
                               "write off insufficient_debt",
                               "move done",
                               "merge done",
                               "merge account_merged",
                               "settle done",
                               "active done"}) {
    EXPECT_GT(outcomes[expected], 0) << expected;
  }
  for (const auto& [outcome, times] : outcomes) std::cout << outcome << ": " << times << "\n";
}

}  // namespace
}  // namespace passmint::testing
