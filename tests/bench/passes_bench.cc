// Signed passes and Save links, beside the RSA-2048 signature that each of them cannot do without.
//
//   build/release/bin/bench_passes
//
// Prints Google Benchmark's table, then each figure as a share of bare RSA-2048 in the same run
// (median of interleaved repetitions), with the share that is wanted. The card: a store card with
// 12 fields in two languages and about 60 kB of images.

#include <benchmark/benchmark.h>
#include <openssl/evp.h>
#include <openssl/pem.h>
#include <sys/resource.h>

#include <algorithm>
#include <cstdio>
#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <map>
#include <memory>
#include <string>
#include <vector>

#include "apple/pass_factory.h"
#include "crypto/jws.h"
#include "crypto/test_authority.h"
#include "design/design.h"
#include "google/layout.h"
#include "google/save_jwt.h"
#include "google/wallet_object.h"

namespace {

using namespace passmint;  // NOLINT(google-build-using-namespace): a program of one file.

template <class T>
T Must(Result<T> result) {
  if (!result.ok()) {
    std::fprintf(stderr, "bench_passes: %s\n", result.error().message.c_str());
    std::exit(1);
  }
  return std::move(result).value();
}

const Timestamp kNow = Must(ParseRfc3339("2026-11-21T10:00:00Z"));

// The points card with fields added up to twelve.
design::TemplateFiles CardFiles() {
  namespace fs = std::filesystem;
  const fs::path root = fs::path(PASSMINT_SOURCE_DIR) / "templates" / "points";
  design::TemplateFiles files;
  for (const auto& entry : fs::recursive_directory_iterator(root)) {
    if (!entry.is_regular_file() || entry.path().filename().string().starts_with("google-"))
      continue;
    std::ifstream stream(entry.path(), std::ios::binary);
    files[fs::relative(entry.path(), root).generic_string()] = {
        std::istreambuf_iterator<char>(stream), std::istreambuf_iterator<char>()};
  }
  Json source = Must(json::Parse(files["template.json"], 1 << 20));
  Json& fields = source["fields"];
  std::size_t count = 0;
  for (const auto& [group, list] : fields.items()) count += list.size();
  for (; count < 12; ++count) {
    const std::string key = "extra" + std::to_string(count);
    fields["back"].push_back({{"key", key},
                              {"label", "@number"},
                              {"value", "{{member.name}} {{card.number_spaced}}"},
                              {"google", "none"}});
  }
  files["template.json"] = json::Dump(source);
  return files;
}

struct Bench {
  Bench()
      : authority(
            Must(crypto::TestAuthority::Create({.not_before = kNow - std::chrono::days(1),
                                                .not_after = kNow + std::chrono::days(900)}))),
        leaf(Must(authority.Issue({.pass_type = PassTypeIdentifier("pass.com.example.bench"),
                                   .team = TeamIdentifier("TEAM123456"),
                                   .not_before = kNow - std::chrono::days(1),
                                   .not_after = kNow + std::chrono::days(365)}))) {
    signer = std::make_shared<const crypto::ManifestSigner>(
        Must(crypto::ManifestSigner::Create(Must(crypto::MakeSigningIdentity(
            leaf.certificate, leaf.key, {authority.intermediate()}, kNow)))));
    files = CardFiles();
    design = design::Compile(files, {.name = "Bench"}).design;
    if (design == nullptr) std::abort();
    environment = {.pass_type = signer->identity().pass_type(),
                   .team = signer->identity().team(),
                   .web_service_url = "https://cards.example.com/apple",
                   .supports_nfc = false};
    factory = std::make_unique<apple::PassFactory>(
        Must(apple::PassFactory::Make(design, signer, environment)));
    layout = google::MakeLayout(*design, {.issuer = IssuerId("3388000000022141777"),
                                          .image_base_url = "https://cards.example.com/i/",
                                          .callback_url = {},
                                          .origins = {}});
    jws = std::make_unique<crypto::Rs256Signer>(Must(crypto::Rs256Signer::Create(leaf.key)));
    pem = leaf.key.ToPem().RevealForSerialization();
  }

  design::Values Member(std::int64_t points) const {
    design::Values values = design::SampleValues(design::Sample::kTypical, "RUB");
    values.Set("points.available", points);
    return values;
  }

  std::string BuildPass(std::int64_t points) const {
    const auto card = design->Render(Member(points), design::CardState::kActive);
    return Must(factory->Build(
        card, {.serial = SerialNumber("0123456789abcdefghij12"), .authentication_token = &token},
        kNow));
  }

  crypto::TestAuthority authority;
  crypto::PassCertificate leaf;
  std::shared_ptr<const crypto::ManifestSigner> signer;
  design::TemplateFiles files;
  std::shared_ptr<const design::Design> design;
  apple::PassEnvironment environment;
  std::unique_ptr<apple::PassFactory> factory;
  std::optional<google::Layout> layout;
  std::unique_ptr<crypto::Rs256Signer> jws;
  std::string pem;
  Secret token{"0123456789012345678901234567890123456789"};
};

const Bench& Data() {
  static const Bench bench;
  return bench;
}

// What OpenSSL alone needs for one RSA-2048 signature with SHA-256.
void BareRsa(benchmark::State& state) {
  BIO* source = BIO_new_mem_buf(Data().pem.data(), static_cast<int>(Data().pem.size()));
  EVP_PKEY* key = PEM_read_bio_PrivateKey(source, nullptr, nullptr, nullptr);
  EVP_MD_CTX* context = EVP_MD_CTX_new();
  unsigned char signature[256];
  const std::string text(200, 'x');
  for (auto unused : state) {
    std::size_t size = sizeof signature;
    EVP_DigestSignInit(context, nullptr, EVP_sha256(), nullptr, key);
    EVP_DigestSign(context, signature, &size, reinterpret_cast<const unsigned char*>(text.data()),
                   text.size());
    benchmark::DoNotOptimize(signature);
  }
  EVP_MD_CTX_free(context);
  EVP_PKEY_free(key);
  BIO_free(source);
}

// A member's card: rendered, packed and signed out of a published design.
void PersonalisedPass(benchmark::State& state) {
  std::int64_t points = state.thread_index() * 1'000'000;
  for (auto unused : state) benchmark::DoNotOptimize(Data().BuildPass(++points));
}

// The first pass of a freshly published design: everything that is done once, too.
void FirstPass(benchmark::State& state) {
  for (auto unused : state) {
    const auto compiled = design::Compile(Data().files, {.name = "Bench"});
    const auto factory =
        Must(apple::PassFactory::Make(compiled.design, Data().signer, Data().environment));
    const auto card = compiled.design->Render(Data().Member(1), design::CardState::kActive);
    benchmark::DoNotOptimize(Must(factory.Build(
        card,
        {.serial = SerialNumber("0123456789abcdefghij12"), .authentication_token = &Data().token},
        kNow)));
  }
}

void SaveLink(benchmark::State& state) {
  const Bench& bench = Data();
  const google::SaveClaims claims{.service_account_email = "passes@example.iam.gserviceaccount.com",
                                  .origins = {}};
  const auto class_id = google::MakeClassId(IssuerId("3388000000022141777"), "demo.points");
  const auto object_id =
      google::MakeObjectId(IssuerId("3388000000022141777"), "0123456789abcdefghij12");
  std::int64_t points = 0;
  for (auto unused : state) {
    const auto card = bench.design->Render(bench.Member(++points), design::CardState::kActive);
    const Json object = google::MakeObject(*bench.layout, card, class_id, object_id);
    benchmark::DoNotOptimize(
        Must(google::SaveJwt(*bench.jws, claims, bench.layout->vertical, object, kNow)));
  }
}

BENCHMARK(BareRsa)->Unit(benchmark::kMicrosecond);
BENCHMARK(BareRsa)->Threads(2)->UseRealTime()->Unit(benchmark::kMicrosecond);
BENCHMARK(PersonalisedPass)->Unit(benchmark::kMicrosecond);
// Long enough that starting threads, each with OpenSSL's state of its own, does not count.
BENCHMARK(PersonalisedPass)
    ->Threads(2)
    ->UseRealTime()
    ->MinTime(2)
    ->Repetitions(3)
    ->Unit(benchmark::kMicrosecond);
BENCHMARK(SaveLink)->Unit(benchmark::kMicrosecond);
BENCHMARK(FirstPass)->Unit(benchmark::kMillisecond)->Iterations(3);

// Keeps the time of every repetition, for medians.
class Collector final : public benchmark::ConsoleReporter {
 public:
  void ReportRuns(const std::vector<Run>& runs) override {
    for (const Run& run : runs) {
      if (run.run_type != Run::RT_Iteration) continue;
      const bool threads = run.run_name.threads.size() > 0 && run.threads > 1;
      const double iterations = static_cast<double>(run.iterations);
      seconds_[run.run_name.str()].push_back(
          (threads ? run.real_accumulated_time : run.cpu_accumulated_time) / iterations);
    }
    // Single repetitions are collected, aggregates are shown.
    if (!runs.empty() && runs.front().run_type != Run::RT_Iteration) {
      ConsoleReporter::ReportRuns(runs);
    }
  }

  double Median(const std::string& name) const {
    const auto found = seconds_.find(name);
    if (found == seconds_.end()) return 0;
    std::vector<double> sorted = found->second;
    std::sort(sorted.begin(), sorted.end());
    return sorted[sorted.size() / 2];
  }

 private:
  std::map<std::string, std::vector<double>> seconds_;
};

void PrintShare(const char* what, double limit_seconds, double seconds, double wanted) {
  if (limit_seconds == 0 || seconds == 0) return;
  std::printf("%-44s %9.0f/s   limit %9.0f/s   share %.2f   wanted %.2f\n", what, 1 / seconds,
              1 / limit_seconds, limit_seconds / seconds, wanted);
}

long PeakKilobytes() {
  rusage usage{};
  getrusage(RUSAGE_SELF, &usage);
  return usage.ru_maxrss;
}

void PrintMemory() {
  for (int i = 0; i < 2'000; ++i) (void)Data().BuildPass(i);
  const long before = PeakKilobytes();
  constexpr int kPasses = 100'000;
  for (int i = 0; i < kPasses; ++i) (void)Data().BuildPass(i);
  std::printf("%-44s peak %ld kB before, %ld kB after 100,000 passes\n", "memory", before,
              PeakKilobytes());
}

}  // namespace

int main(int argc, char** argv) {
  std::vector<char*> arguments(argv, argv + argc);
  bool memory = false;
  const auto flag = std::find_if(arguments.begin(), arguments.end(), [](const char* argument) {
    return std::string_view(argument) == "--memory";
  });
  if (flag != arguments.end()) {
    memory = true;
    arguments.erase(flag);
  }
  std::string interleave = "--benchmark_enable_random_interleaving=true";
  std::string repetitions = "--benchmark_repetitions=9";
  std::string time = "--benchmark_min_time=0.3";
  for (std::string* extra : {&interleave, &repetitions, &time}) {
    arguments.insert(arguments.begin() + 1, extra->data());
  }
  int count = static_cast<int>(arguments.size());
  benchmark::Initialize(&count, arguments.data());
  Collector collector;
  benchmark::RunSpecifiedBenchmarks(&collector);

  const double rsa = collector.Median("BareRsa");
  std::printf("\nPer core, beside RSA-2048 signatures in the same run:\n");
  PrintShare("signed passes, personalised", rsa, collector.Median("PersonalisedPass"), 0.80);
  PrintShare("Save to Google Wallet links", rsa, collector.Median("SaveLink"), 0.90);
  PrintShare("first pass of a design (informative)", rsa,
             collector.Median("FirstPass/iterations:3"), 0);
  const double one = collector.Median("PersonalisedPass");
  const double two =
      collector.Median("PersonalisedPass/min_time:2.000/repeats:3/real_time/threads:2");
  if (one > 0 && two > 0) {
    std::printf("%-44s %.2f times one   wanted 1.90\n", "signed passes, two threads", one / two);
  }
  if (memory) PrintMemory();
  return 0;
}
