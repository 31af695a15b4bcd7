#include "simulate/fleet_report.h"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <utility>

namespace passmint::simulate {
namespace {

double Seconds(std::chrono::milliseconds time) { return static_cast<double>(time.count()) / 1000; }

std::string Row(const char* name, const Latencies& latencies) {
  return fmt::format("{:<22}p50 {:>8.1f} ms   p99 {:>8.1f} ms   longest {:>8.1f} ms\n", name,
                     latencies.Quantile(0.5), latencies.Quantile(0.99), latencies.Quantile(1));
}

std::string Phones(const FleetReport& report) {
  const PhoneCounts& counts = report.counts;
  return fmt::format(
      "pushes                {}, of which {} told nothing new; {} for tokens given up\n"
      "asked what changed    {}\n"
      "passes fetched        {} changed, {} unchanged\n"
      "no answer             {} (asked again)\n"
      "refused by phones     {}\n",
      counts.pushes, counts.empty_lists, report.stray_pushes, counts.lists, counts.fetches,
      counts.unchanged, counts.unanswered, counts.refused);
}

std::string Google(const FleetReport& report) {
  if (report.google_accounts == 0) return {};
  return fmt::format("changes at Google     {}, of which {} notified the customer\n",
                     report.google.changes, report.google.notifications);
}

std::string Budget(const FleetReport& report) {
  if (report.push_burst == 0) return {};
  return fmt::format("most pushes at once   {:.1f} of a phone's {}\n", report.pushes_spent_most,
                     report.push_burst);
}

std::string Faults(const FleetReport& report) {
  if (report.faults.empty()) return "faults                none\n";
  std::string text = "faults                ";
  for (const auto& [name, times] : report.faults) text += fmt::format("{} x {}, ", times, name);
  text.resize(text.size() - 2);
  return text + "\n";
}

}  // namespace

double Latencies::Quantile(double q) const {
  if (values.empty()) return 0;
  std::vector<double> sorted = values;
  std::sort(sorted.begin(), sorted.end());
  const auto last = static_cast<double>(sorted.size() - 1);
  return sorted[static_cast<std::size_t>(std::lround(q * last))];
}

void FleetReport::AddWrong(std::string line) {
  ++wrong_in_all;
  if (wrong.size() < kWrongMax) wrong.push_back(std::move(line));
}

std::string ToText(const FleetReport& report) {
  const double seconds = Seconds(report.placing);
  std::string text = fmt::format(
      "{} phones, {} Google accounts, {} orders acknowledged in {:.1f} s ({:.0f}/s), {} sent "
      "again\n"
      "all right after {:.1f} s more\n",
      report.phones, report.google_accounts, report.orders, seconds,
      seconds > 0 ? static_cast<double>(report.orders) / seconds : 0, report.repeats,
      Seconds(report.settling));
  text += Row("order answered", report.answer) + Row("push at APNs", report.to_push) +
          Row("balance on phone", report.to_phone);
  if (report.google_accounts > 0) text += Row("balance at Google", report.to_google);
  text += Phones(report) + Budget(report) + Google(report) + Faults(report);
  if (!report.lock_screen.empty()) text += "on lock screens\n";
  for (const std::string& line : report.lock_screen) text += fmt::format("  {}\n", line);
  if (report.ok()) {
    return text +
           "right: every phone shows the ledger's balance, no acknowledged order is missing\n";
  }
  text += fmt::format("WRONG: {} findings\n", report.wrong_in_all);
  for (const std::string& line : report.wrong) text += fmt::format("  {}\n", line);
  return text;
}

}  // namespace passmint::simulate
