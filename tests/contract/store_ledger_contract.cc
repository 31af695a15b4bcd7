// The same commands, given to the model that is written from the ledger's description alone and to
// the ledger over a database, come to the same: each is refused or done by both, and at the end the
// states have the same hash, whether or not jobs posted meanwhile what was due.

#include <fmt/format.h>

#include <chrono>
#include <cstdint>
#include <string>
#include <vector>

#include "base/bytes.h"
#include "contract/ledger_on_store.h"
#include "contract/store_contract.h"
#include "issuance/ledger_audit.h"
#include "ledger/apply.h"
#include "ledger/rebuild.h"
#include "support/ledger_model.h"
#include "support/ledger_script.h"
#include "support/random_script.h"

namespace passmint::testing {
namespace {

constexpr int kScripts = 24;
constexpr int kSteps = 150;
constexpr std::uint32_t kSeed = 20'261'122;
constexpr int kHashesEvery = 10;  // Commands.
constexpr int kCommandsAtLeast = 2'000;

// A clock that goes back meets what a job has posted, and that stays.
constexpr ClockRules kForward{.may_go_back = false};

// One script on the model, and on two programmes of a store: on one of them jobs run as well.
class Differential {
 public:
  Differential(issuance::Store& store, std::uint32_t seed)
      : store_(store),
        programmes_({ProgrammeId(fmt::format("plain-{}", seed)),
                     ProgrammeId(fmt::format("posted-{}", seed))}),
        script_(RandomScript(seed, kSteps, kForward)),
        plain_(store, programmes_[0]),
        posted_(store, programmes_[1]) {}

  // Returns how many commands it was.
  int Run() {
    ScriptPlayer player(model_, script_);
    int commands = 0;
    for (const ScriptStep& step : script_.steps) {
      const auto action = player.Next(step);
      PostNowAndThen(step, player.now());
      if (!action) continue;
      const std::string refusal = Apply(model_, *action).refusal;
      EXPECT_EQ(plain_.Run(*action), refusal) << Describe(*action);
      EXPECT_EQ(posted_.Run(*action), refusal) << "with jobs: " << Describe(*action);
      if (++commands % kHashesEvery == 0) {
        ExpectSameState(player.now());
      }
      if (::testing::Test::HasFailure()) return commands;
    }
    ExpectSameState(player.now() + std::chrono::hours(1));
    ExpectSound();
    return commands;
  }

 private:
  void PostNowAndThen(const ScriptStep& step, Timestamp now) {
    for (std::size_t i = 0; i < ScriptPlayer::Accounts().size(); ++i) {
      if (step.mode / 7 % (2 << i) != 0) continue;
      EXPECT_EQ(posted_.Post(ScriptPlayer::Accounts()[i], now), "");
    }
  }

  void ExpectSameState(Timestamp at) {
    for (const AccountId& id : ScriptPlayer::Accounts()) {
      const std::string expected = ToHex(ledger::StateHash(model_.Settled(id, at)));
      EXPECT_EQ(plain_.StateHash(id, at), expected) << id.str() << " without jobs";
      EXPECT_EQ(posted_.StateHash(id, at), expected) << id.str() << " with jobs";
    }
  }

  void ExpectSound() {
    const auto report = issuance::VerifyJournals(
        store_, programmes_, [](const ledger::JournalReport&) { return Status(); });
    ASSERT_TRUE(report.ok()) << report.error().message;
    for (const ledger::JournalFinding& finding : report.value().findings) {
      ADD_FAILURE() << finding.message;
    }
  }

  issuance::Store& store_;
  const std::vector<ProgrammeId> programmes_;
  const Script script_;
  LedgerModel model_;
  LedgerOnStore plain_;
  LedgerOnStore posted_;
};

TEST_P(StoreContract, TheSameCommandsLeaveTheStateThatTheModelSays) {
  int commands = 0;
  for (int i = 0; i < kScripts && !HasFailure(); ++i) {
    const std::uint32_t seed = kSeed + static_cast<std::uint32_t>(i);
    SCOPED_TRACE(fmt::format("script {}", seed));
    commands += Differential(store(), seed).Run();
  }
  RecordProperty("commands", commands);
  EXPECT_GE(commands, kCommandsAtLeast);
}

}  // namespace
}  // namespace passmint::testing
