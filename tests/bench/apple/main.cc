// Apple's web service, each figure beside what bounds it in the same run.
//
//   build/release/bin/bench_apple [--seconds N] [--directory D] [--large]
//                              [--only http|changed|size]
//
// - 304s per second over HTTP, beside cpp-httplib's hello-world under the same clients;
// - fetches of a changed pass by several phones at once, beside bare RSA-2048 signatures on all
//   cores; and one after the other over one connection, beside those of one thread, where half of
//   the time that is lost is a core's that sleeps while the other one signs;
// - a list and a fetch with many registrations, beside the same with 10,000: 100,000, or 1,000,000
//   with --large, which takes some minutes to fill.
// Interleaved, medians of five.

#include <openssl/evp.h>

#include <algorithm>
#include <chrono>
#include <cstdio>
#include <cstring>
#include <filesystem>
#include <functional>
#include <numeric>
#include <random>
#include <string>
#include <thread>
#include <vector>

#include "bench/apple/phones.h"
#include "bench/apple/wire.h"
#include "bench/median.h"
#include "http/server.h"
#include "support/temporary_directory.h"

namespace {

using namespace passmint;         // NOLINT(google-build-using-namespace): a program of one file.
using namespace passmint::bench;  // NOLINT(google-build-using-namespace)
using std::chrono::duration;
using std::chrono::steady_clock;

constexpr int kRounds = 5;
constexpr int kFew = 10'000;

struct Options {
  double seconds = 2;
  std::string directory;
  bool large = false;
  std::string only;
};

void Share(const char* what, double share, double wanted, bool at_least) {
  const bool fine = at_least ? share >= wanted : share <= wanted;
  std::printf("%-64s %6.2f (wanted %s %.2f)%s\n", what, share, at_least ? ">=" : "<=", wanted,
              fine ? "" : "   <-- missed");
  std::fflush(stdout);
}

// Signatures per second of one thread.
double BareRsa(double seconds) {
  constexpr std::size_t kBits = 2048;
  static EVP_PKEY* const key = EVP_PKEY_Q_keygen(nullptr, nullptr, "RSA", kBits);
  const std::string data(300, 'x');
  unsigned char signature[256];
  int count = 0;
  const auto began = steady_clock::now();
  while (duration<double>(steady_clock::now() - began).count() < seconds) {
    EVP_MD_CTX* context = EVP_MD_CTX_new();
    std::size_t length = sizeof signature;
    EVP_DigestSignInit(context, nullptr, EVP_sha256(), nullptr, key);
    EVP_DigestSign(context, signature, &length, reinterpret_cast<const unsigned char*>(data.data()),
                   data.size());
    EVP_MD_CTX_free(context);
    ++count;
  }
  return count / duration<double>(steady_clock::now() - began).count();
}

// The same of `threads` threads together.
double BareRsa(double seconds, int threads) {
  std::vector<double> rates(static_cast<std::size_t>(threads));
  {
    std::vector<std::jthread> running;
    for (double& rate : rates) running.emplace_back([&rate, seconds] { rate = BareRsa(seconds); });
  }
  return std::accumulate(rates.begin(), rates.end(), 0.0);
}

// Of a pass that changed, by `clients` phones at once, beside bare signatures of `threads`.
void ChangedPasses(int port, const http::Request& fetch, int clients, int threads,
                   const Options& options) {
  std::vector<double> fetches, signatures;
  for (int round = 0; round < kRounds; ++round) {
    signatures.push_back(BareRsa(options.seconds, threads));
    fetches.push_back(PerSecond(port, fetch, 200, clients, options.seconds));
  }
  std::printf("%d clients: changed pass %.0f/s, bare RSA-2048 of %d threads %.0f/s\n", clients,
              Median(fetches), threads, Median(signatures));
  Share("fetches of a changed pass beside RSA-2048", Median(fetches) / Median(signatures), 0.7,
        true);
}

// The same pass asked for again and again, beside a server that does nothing.
void UnchangedPasses(Phones& phones, int port, const http::Request& fetch, const Options& options) {
  const HelloWorld hello;
  const http::Request hi{
      .method = "GET", .target = "/hi", .client_address = {}, .headers = {}, .body = {}};
  http::Request again = fetch;
  const http::Response first = phones.service().Handle(fetch);
  again.headers.Add("If-Modified-Since", std::string(first.headers.Find("Last-Modified")));

  for (const int clients : {1, 8}) {
    std::vector<double> ours, theirs;
    for (int round = 0; round < kRounds; ++round) {
      theirs.push_back(PerSecond(hello.port(), hi, 200, clients, options.seconds));
      ours.push_back(PerSecond(port, again, 304, clients, options.seconds));
    }
    std::printf("%d clients: 304 %.0f/s, hello-world %.0f/s\n", clients, Median(ours),
                Median(theirs));
    Share("304s beside cpp-httplib's hello-world", Median(ours) / Median(theirs), 0.7, true);
  }
}

void OverHttp(Phones& phones, const Options& options) {
  http::ServerOptions listen;
  listen.listen = "127.0.0.1:0";
  auto server = http::Server::Start(std::move(listen), [&phones](const http::Request& request) {
    return phones.service().Handle(request);
  });
  if (!server.ok()) {
    std::fprintf(stderr, "bench_apple: error: %s\n", server.error().message.c_str());
    return;
  }
  const int port = server.value()->port();
  const http::Request fetch = phones.Fetch(0);
  if (options.only != "changed") UnchangedPasses(phones, port, fetch, options);
  ChangedPasses(port, fetch, 1, 1, options);
  const int cores = static_cast<int>(std::thread::hardware_concurrency());
  ChangedPasses(port, fetch, 4 * cores, cores, options);
}

struct Costs {
  double list = 0, fetch = 0;  // Microseconds.
};

// Of requests of random phones, without HTTP around them.
Costs MeasureCosts(Phones& phones) {
  constexpr int kRequests = 4000;
  std::mt19937 random(1);
  std::uniform_int_distribution<int> any(0, phones.cards() - 1);
  const auto measure = [&](const std::function<http::Request(int)>& make, int count) {
    std::vector<http::Request> requests;
    for (int i = 0; i < count; ++i) requests.push_back(make(any(random)));
    const auto began = steady_clock::now();
    for (const http::Request& request : requests) {
      if (phones.service().Handle(request).status != 200) {
        std::fprintf(stderr, "bench_apple: error: not 200\n");
        std::_Exit(1);
      }
    }
    return duration<double, std::micro>(steady_clock::now() - began).count() / count;
  };
  return {measure([&](int i) { return phones.List(i); }, kRequests),
          measure([&](int i) { return phones.Fetch(i); }, kRequests / 4)};
}

void Compare(Phones& few, Phones& many) {
  std::vector<double> few_list, few_fetch, many_list, many_fetch;
  for (int round = 0; round < kRounds; ++round) {
    const Costs small = MeasureCosts(few);
    const Costs large = MeasureCosts(many);
    few_list.push_back(small.list);
    few_fetch.push_back(small.fetch);
    many_list.push_back(large.list);
    many_fetch.push_back(large.fetch);
  }
  std::printf("list %.1f us with %d registrations, %.1f us with %d\n", Median(few_list),
              few.cards(), Median(many_list), many.cards());
  std::printf("fetch %.1f us with %d registrations, %.1f us with %d\n", Median(few_fetch),
              few.cards(), Median(many_fetch), many.cards());
  Share("list, times that of 10,000", Median(many_list) / Median(few_list), 1.5, false);
  Share("fetch, times that of 10,000", Median(many_fetch) / Median(few_fetch), 1.5, false);
}

}  // namespace

int main(int argc, char** argv) {
  Options options;
  for (int i = 1; i < argc; ++i) {
    const bool more = i + 1 < argc;
    if (std::strcmp(argv[i], "--large") == 0) options.large = true;
    if (std::strcmp(argv[i], "--seconds") == 0 && more) options.seconds = std::stod(argv[++i]);
    if (std::strcmp(argv[i], "--directory") == 0 && more) options.directory = argv[++i];
    if (std::strcmp(argv[i], "--only") == 0 && more) options.only = argv[++i];
  }
  const passmint::testing::TemporaryDirectory temporary;
  const std::string root =
      options.directory.empty() ? temporary.path().string() : options.directory;
  std::filesystem::create_directories(root + "/few");
  std::filesystem::create_directories(root + "/many");
  Phones few(root + "/few", kFew);
  if (options.only != "size") OverHttp(few, options);
  if (options.only == "http" || options.only == "changed") return 0;
  Phones many(root + "/many", options.large ? 1'000'000 : 100'000);
  Compare(few, many);
  return 0;
}
