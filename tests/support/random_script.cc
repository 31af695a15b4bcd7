#include "support/random_script.h"

#include <cstddef>
#include <random>

namespace passmint::testing {
namespace {

// Good enough for picking, and the same everywhere, which the standard's distributions are not.
class Dice {
 public:
  explicit Dice(std::uint32_t seed) : random_(seed) {}
  int Below(int end) { return static_cast<int>(random_() % static_cast<std::uint32_t>(end)); }

 private:
  std::minstd_rand random_;
};

ScriptLine AnyLine(Dice& dice) {
  ScriptLine line;
  line.paid = dice.Below(50);
  line.earned = dice.Below(40);
  line.value = dice.Below(30);
  line.burned = dice.Below(40);
  line.quantity = dice.Below(8);
  return line;
}

}  // namespace

std::vector<StepKind> Mixture(std::uint32_t seed) {
  Dice dice(seed);
  const int usual[kStepKinds] = {8, 6, 1, 14, 6, 8, 6, 4, 18, 4, 4, 6, 5, 1, 4, 3, 2, 5};
  std::vector<StepKind> kinds = {StepKind::kGive, StepKind::kPay};
  for (int kind = 0; kind < kStepKinds; ++kind) {
    const int factors[] = {0, 1, 1, 1, 4};
    const int times = usual[kind] * factors[dice.Below(5)];
    kinds.insert(kinds.end(), static_cast<std::size_t>(times), static_cast<StepKind>(kind));
  }
  return kinds;
}

Script RandomScript(std::uint32_t seed, int steps, ClockRules clock) {
  const std::vector<StepKind> kinds = Mixture(seed);
  Dice dice(seed);
  Script script;
  script.policy = dice.Below(kPolicies);
  script.clock = clock;
  for (int i = 0; i < steps; ++i) {
    ScriptStep step;
    step.kind = kinds[static_cast<std::size_t>(dice.Below(static_cast<int>(kinds.size())))];
    step.account = dice.Below(3);
    step.pick = dice.Below(60);
    step.amount = dice.Below(60);
    step.mode = dice.Below(616);
    if (step.kind == StepKind::kPay || step.kind == StepKind::kPayWithHold) {
      for (int lines = 1 + dice.Below(5); lines > 0; --lines) step.lines.push_back(AnyLine(dice));
    }
    script.steps.push_back(std::move(step));
  }
  return script;
}

}  // namespace passmint::testing
