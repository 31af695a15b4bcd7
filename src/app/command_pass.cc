#include <fmt/format.h>

#include <atomic>
#include <chrono>
#include <mutex>
#include <optional>
#include <thread>
#include <utility>
#include <vector>

#include "app/card_data.h"
#include "app/commands.h"
#include "app/files.h"
#include "app/identity_files.h"
#include "app/system_clock.h"
#include "app/workbench.h"
#include "apple/pass_factory.h"
#include "apple/verify.h"
#include "crypto/system_random.h"
#include "crypto/token.h"
#include "issuance/designs.h"

namespace passmint::app {
namespace {

constexpr std::size_t kBundleBytesMax = std::size_t{64} << 20;

// --certificate, --key and --wwdr in the place of a site's certificate.
Status TakeCertificate(const PassBuildOptions& options, Workbench& bench) {
  issuance::ProgrammeSite& programme = bench.site->programmes.begin()->second;
  if (options.certificate.empty()) {
    if (programme.apple != nullptr) return {};
    return Error{.code = ErrorCode::kInvalidArgument,
                 .message = "there is no certificate to sign with",
                 .hint =
                     "passmint init site, then add --config site/passmint.toml; or name "
                     "--certificate, --key and --wwdr"};
  }
  if (options.wwdr.empty()) {
    return Error{.code = ErrorCode::kInvalidArgument,
                 .message = "--certificate also needs --wwdr",
                 .hint = "name the folder with Apple's intermediates"};
  }
  const auto identity = LoadSigningIdentity({.certificate = options.certificate,
                                             .key = options.key,
                                             .wwdr = options.wwdr,
                                             .passphrase_file = options.passphrase_file},
                                            SystemClock().Now());
  if (!identity.ok()) return identity.error();
  auto signer = crypto::ManifestSigner::Create(identity.value());
  if (!signer.ok()) return std::move(signer).error();
  programme.apple = std::make_shared<const crypto::ManifestSigner>(std::move(signer).value());
  return {};
}

// A pass of a site has its web service only with a token of the site's key; others have none.
Result<std::optional<Secret>> AuthenticationToken(const Workbench& bench,
                                                  const SerialNumber& serial) {
  if (bench.site->keys == nullptr) return std::optional<Secret>();
  const crypto::KeyRing& keys = *bench.site->keys;
  auto token = keys.AuthenticationToken(keys.current_key_id(),
                                        bench.programme().apple->identity().pass_type(), serial);
  if (!token.ok()) return std::move(token).error();
  return std::optional<Secret>(std::move(token).value());
}

// Builds `options.repeat` passes with `options.threads` threads; what the last one was is returned.
Result<std::string> BuildMany(const PassBuildOptions& options, const apple::PassFactory& factory,
                              const design::Values& values, const apple::PassIdentity& identity) {
  std::atomic<int> next = 0;
  std::mutex mutex;
  Result<std::string> last = std::string();
  const auto work = [&] {
    while (next.fetch_add(1) < options.repeat) {
      const design::RenderedCard card = factory.design().Render(values, StateOf(values));
      auto bundle = factory.Build(card, identity, SystemClock().Now());
      const std::lock_guard lock(mutex);
      if (last.ok()) last = std::move(bundle);
    }
  };
  std::vector<std::thread> threads;
  for (int i = 1; i < options.threads; ++i) threads.emplace_back(work);
  work();
  for (std::thread& thread : threads) thread.join();
  return last;
}

Json FindingJson(const apple::BundleFinding& finding) {
  return {{"id", finding.id},       {"level", design::Name(finding.level)},
          {"file", finding.file},   {"pointer", finding.pointer},
          {"cause", finding.cause}, {"wallet", finding.wallet},
          {"cure", finding.cure}};
}

Json ReportJson(const apple::BundleReport& report) {
  const apple::BundleFacts& facts = report.facts;
  Json findings = Json::array();
  for (const apple::BundleFinding& finding : report.findings)
    findings.push_back(FindingJson(finding));
  Json files = Json::array();
  for (const auto& file : facts.files)
    files.push_back({{"name", file.name}, {"bytes", file.bytes}});
  return {{"ok", report.ok()},
          {"pass_type", facts.pass_type},
          {"team", facts.team},
          {"serial", facts.serial},
          {"organization", facts.organization},
          {"description", facts.description},
          {"signer", facts.signer},
          {"issuer", facts.issuer},
          {"signing_time", facts.signing_time ? Json(FormatRfc3339(*facts.signing_time)) : Json()},
          {"styles", facts.styles},
          {"languages", facts.languages},
          {"files", files},
          {"findings", findings}};
}

std::string Joined(const std::vector<std::string>& parts) {
  std::string text;
  for (const std::string& part : parts) text += (text.empty() ? "" : ", ") + part;
  return text;
}

void PrintReport(const apple::BundleReport& report, const Console& console) {
  const apple::BundleFacts& facts = report.facts;
  const std::pair<const char*, std::string> rows[] = {
      {"pass type", facts.pass_type},
      {"team", facts.team},
      {"serial", facts.serial},
      {"style", Joined(facts.styles)},
      {"languages", Joined(facts.languages)},
      {"from", facts.organization},
      {"signed by", facts.signer},
      {"issued by", facts.issuer},
      {"signed at", facts.signing_time ? FormatRfc3339(*facts.signing_time) : "unknown"},
      {"files", std::to_string(facts.files.size())}};
  for (const auto& [name, value] : rows) {
    if (!value.empty()) console.out << fmt::format("{:<11}{}\n", name, value);
  }
  for (const apple::BundleFinding& finding : report.findings) {
    console.out << fmt::format("{} {} {}{}\n    {}\n", finding.id, design::Name(finding.level),
                               finding.file, finding.pointer.empty() ? "" : "#" + finding.pointer,
                               finding.cause);
    if (!finding.wallet.empty()) console.out << "    Wallet: " << finding.wallet << '\n';
    if (!finding.cure.empty()) console.out << "    cure: " << finding.cure << '\n';
  }
}

}  // namespace

Status RunPassBuild(const PassBuildOptions& options, const Console& console) {
  auto bench = OpenWorkbench(options.design, console);
  if (!bench.ok()) return std::move(bench).error();
  if (Status taken = TakeCertificate(options, bench.value()); !taken.ok()) return taken;
  const auto design = CompileTemplate(bench.value(), console);
  if (!design.ok()) return design.error();
  const auto values = ReadValues(options.design, bench.value());
  if (!values.ok()) return values.error();
  crypto::SystemRandom random;
  const SerialNumber serial(options.serial.empty() ? crypto::MakeToken(random) : options.serial);
  const auto token = AuthenticationToken(bench.value(), serial);
  if (!token.ok()) return token.error();
  const auto factory = apple::PassFactory::Make(
      design.value(), bench.value().programme().apple,
      issuance::AppleEnvironment(*bench.value().site, bench.value().programme()));
  if (!factory.ok()) return factory.error();
  const apple::PassIdentity identity{
      .serial = serial,
      .authentication_token = token.value() ? &*token.value() : nullptr,
      .unassigned = options.unassigned};
  const auto start = std::chrono::steady_clock::now();
  const auto bundle = BuildMany(options, factory.value(), values.value(), identity);
  const std::chrono::duration<double> seconds = std::chrono::steady_clock::now() - start;
  if (!bundle.ok()) return bundle.error();
  if (options.repeat > 1) {
    console.Progress(fmt::format("{} passes with {} threads in {:.2f} s: {:.0f} passes per second",
                                 options.repeat, options.threads, seconds.count(),
                                 options.repeat / seconds.count()));
  }
  return WriteOutput(options.design.output, bundle.value(), console);
}

Status RunPassVerify(const PassVerifyOptions& options, const Console& console) {
  const std::string file = options.file == "-" ? "/dev/stdin" : options.file;
  const auto bundle = ReadFile(file, kBundleBytesMax);
  if (!bundle.ok()) return bundle.error();
  apple::VerifyBundleOptions how;
  if (!options.root.empty()) {
    auto roots = ReadCertificatePool(options.root);
    if (!roots.ok()) return std::move(roots).error();
    how.trust_anchors = std::move(roots).value();
  }
  const apple::BundleReport report = apple::VerifyBundle(bundle.value(), how);
  if (options.json) {
    console.out << json::DumpPretty(ReportJson(report));
  } else {
    PrintReport(report, console);
  }
  if (!report.ok()) {
    return Error{.code = ErrorCode::kInvalidArgument,
                 .message = options.file + ": Wallet would refuse this bundle"};
  }
  console.Progress(options.file + ": nothing that Wallet would refuse");
  return {};
}

}  // namespace passmint::app
