#include <fmt/format.h>

#include <optional>
#include <utility>

#include "app/card_commands.h"
#include "app/settings.h"
#include "app/site_loader.h"
#include "app/system_clock.h"
#include "app/tool_store.h"
#include "issuance/rollouts.h"
#include "issuance/trace.h"

namespace passmint::app {
namespace {

Result<const issuance::ProgrammeSite*> Choose(const issuance::Site& site, const Settings& settings,
                                              const std::string& wanted) {
  const ProgrammeId id =
      wanted.empty() ? settings.programmes.front().programme.id : ProgrammeId(wanted);
  const issuance::ProgrammeSite* const programme = site.Find(id);
  if (programme != nullptr) return programme;
  return Error{.code = ErrorCode::kNotFound,
               .message = fmt::format("there is no programme \"{}\" in the settings", wanted)};
}

void PrintTrace(const issuance::TraceRows& rows, const Console& console) {
  const issuance::Trace trace = issuance::TraceOf(rows);
  console.out << trace.summary << "\n\n";
  for (const issuance::TraceStep& step : trace.steps) {
    console.out << fmt::format("  {:<15} {:<8} {:<27} {}\n", step.name,
                               issuance::ToText(step.state), step.at ? FormatRfc3339(*step.at) : "",
                               step.detail);
    if (!step.cure.empty()) console.out << "                  cure: " << step.cure << "\n";
  }
  if (rows.logs.empty()) return;
  console.out << "\nWhat its phones reported, newest first:\n";
  for (const issuance::PhoneLog& log : rows.logs) {
    console.out << fmt::format("  {:<27} {:<22} {}\n", FormatRfc3339(log.logged_at), log.kind,
                               log.message);
  }
}

Result<issuance::Rollout> Steer(issuance::Transaction& transaction, const ProgrammeId& programme,
                                const TemplateRolloutOptions& options) {
  using issuance::RolloutOrder;
  const TemplateName name(options.name);
  if (options.per_second > 0) {
    auto paced = issuance::PaceRollout(transaction, programme, name, options.per_second);
    if (!paced.ok()) return paced;
  }
  if (options.order.empty()) return issuance::GetRollout(transaction, programme, name);
  const auto order = options.order == "pause"    ? RolloutOrder::kPause
                     : options.order == "resume" ? RolloutOrder::kResume
                                                 : RolloutOrder::kCancel;
  return issuance::OrderRollout(transaction, programme, name, order);
}

}  // namespace

Status RunCardTrace(const CardTraceOptions& options, const Console& console) {
  const auto settings = LoadSettings(options.site.config);
  if (!settings.ok()) return settings.error();
  const LoadedSite loaded = LoadSite(settings.value(), SystemClock().Now());
  if (!loaded.ok()) return Refusal(loaded.remarks);
  const auto programme = Choose(*loaded.site, settings.value(), options.site.programme);
  if (!programme.ok()) return programme.error();
  auto store = OpenToolStore(settings.value());
  if (!store.ok()) return std::move(store).error();
  std::optional<issuance::TraceRows> rows;
  Status read = store.value()->Read([&](issuance::Transaction& transaction) -> Status {
    auto found = issuance::ReadTrace(transaction, *programme.value(), CardNumber(options.number));
    if (!found.ok()) return std::move(found).error();
    rows = std::move(found).value();
    return {};
  });
  if (!read.ok()) return read;
  PrintTrace(*rows, console);
  return {};
}

Status RunTemplateRollout(const TemplateRolloutOptions& options, const Console& console) {
  const auto settings = LoadSettings(options.site.config);
  if (!settings.ok()) return settings.error();
  const ProgrammeId id = options.site.programme.empty()
                             ? settings.value().programmes.front().programme.id
                             : ProgrammeId(options.site.programme);
  auto store = OpenToolStore(settings.value());
  if (!store.ok()) return std::move(store).error();
  Result<issuance::Rollout> rollout(Error{});
  const auto run = [&](issuance::Transaction& transaction) {
    rollout = Steer(transaction, id, options);
    return rollout.ok() ? Status() : Status(rollout.error());
  };
  const bool only_asks = options.order.empty() && options.per_second == 0;
  Status done = only_asks ? store.value()->Read(run) : store.value()->Write(run);
  if (!done.ok()) return done;
  const issuance::Rollout& now = rollout.value();
  console.out << fmt::format(
      "{} version {} for {} % of the cards: {}, {} cards seen, {} told, {} a second\n",
      now.name.str(), now.version, now.ring, issuance::ToText(now.state), now.seen, now.told,
      now.per_second);
  return {};
}

}  // namespace passmint::app
