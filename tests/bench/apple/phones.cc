#include "bench/apple/phones.h"

#include <algorithm>
#include <cstdio>
#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <utility>

#include "crypto/cms.h"
#include "crypto/digest.h"
#include "crypto/signing_identity.h"
#include "crypto/test_authority.h"
#include "issuance/card_life.h"
#include "issuance/current_card.h"
#include "issuance/designs.h"
#include "store/open.h"

namespace passmint::bench {
namespace {

const ProgrammeId kProgramme("coffee");
const PassTypeIdentifier kType("pass.com.example.bench");
constexpr int kBatch = 2000;

template <class T>
T Must(Result<T> result) {
  if (!result.ok()) {
    std::fprintf(stderr, "bench_apple: error: %s\n", result.error().message.c_str());
    std::_Exit(1);
  }
  return std::move(result).value();
}

void Must(const Status& status) {
  if (status.ok()) return;
  std::fprintf(stderr, "bench_apple: error: %s\n", status.error().message.c_str());
  std::_Exit(1);
}

design::TemplateFiles ShippedTemplate() {
  namespace fs = std::filesystem;
  const fs::path root = fs::path(PASSMINT_SOURCE_DIR) / "templates" / "points";
  design::TemplateFiles files;
  for (const auto& entry : fs::recursive_directory_iterator(root)) {
    if (!entry.is_regular_file()) continue;
    std::ifstream stream(entry.path(), std::ios::binary);
    files[fs::relative(entry.path(), root).generic_string()] = {
        std::istreambuf_iterator<char>(stream), std::istreambuf_iterator<char>()};
  }
  return files;
}

std::shared_ptr<const crypto::ManifestSigner> MakeSigner(Timestamp now) {
  const std::chrono::hours day(24);
  const auto authority =
      Must(crypto::TestAuthority::Create({.not_before = now - day, .not_after = now + day}));
  const auto leaf = Must(authority.Issue({.pass_type = kType,
                                          .team = TeamIdentifier("TEAM123456"),
                                          .not_before = now - day / 2,
                                          .not_after = now + day / 2}));
  const auto identity = Must(
      crypto::MakeSigningIdentity(leaf.certificate, leaf.key, {authority.intermediate()}, now));
  return std::make_shared<const crypto::ManifestSigner>(
      Must(crypto::ManifestSigner::Create(identity)));
}

}  // namespace

Phones::Phones(const std::string& directory, int cards) {
  MakeSite();
  store_ = Must(store::Open("sqlite:" + directory + "/bench.db", clock_));
  Publish();
  serials_.reserve(static_cast<std::size_t>(cards));
  for (int first = 0; first < cards; first += kBatch) {
    AddCards(first, std::min(kBatch, cards - first));
  }
  maker_ = std::make_unique<issuance::CardMaker>(site_, *store_, clock_);
  const http::Context context{site_, *store_, *maker_, clock_, nullptr, &activity_};
  // All phones come from one address here, and faster than a city's do.
  http::ServiceOptions options;
  options.apple.bundles.burst = 100'000'000;
  service_ = std::make_unique<http::Service>(context, std::move(options));
}

void Phones::MakeSite() {
  site_.public_url = "https://cards.example.com";
  site_.random = std::make_shared<crypto::SystemRandom>();
  site_.keys = std::make_shared<const crypto::KeyRing>(
      Must(crypto::KeyRing::Parse(Secret(crypto::MakeMasterKeyLine("k1", *site_.random)))));
  site_.programmes.emplace(
      kProgramme, issuance::ProgrammeSite{.programme = {.id = kProgramme,
                                                        .name = "Bean & Leaf",
                                                        .currency = *Currency::Find("RUB"),
                                                        .time_zone = "Europe/Moscow",
                                                        .region = "RU",
                                                        .languages = {"en", "ru"},
                                                        .templates = {TemplateName("points")},
                                                        .card_number = {}},
                                          .apple = MakeSigner(clock_.Now()),
                                          .google = nullptr});
}

void Phones::Publish() {
  const auto& programme = site_.programmes.at(kProgramme);
  const design::TemplateFiles files = ShippedTemplate();
  const auto ready = Must(issuance::PreparePublish(files, site_, programme, clock_.Now()));
  Must(store_->Write([&](issuance::Transaction& transaction) -> Status {
    auto published = issuance::Publish(transaction, kProgramme, ready,
                                       {.name = TemplateName("points"),
                                        .files = files,
                                        .author = ApiKeyName("bench"),
                                        .published_by = ApiKeyName("bench"),
                                        .comment = {}});
    return published.ok() ? Status() : Status(published.error());
  }));
}

void Phones::AddCards(int first, int count) {
  const auto& programme = site_.programmes.at(kProgramme);
  std::vector<SerialNumber> added;
  Must(store_->Write([&](issuance::Transaction& transaction) -> Status {
    added.clear();
    for (int i = first; i < first + count; ++i) {
      cards::Member member;
      member.id = MemberId("m_" + std::to_string(i));
      member.account = AccountId("a_" + std::to_string(i));
      member.name = "Anna";
      member.created_at = member.changed_at = transaction.Now();
      if (Status done = transaction.InsertMember(kProgramme, member); !done.ok()) return done;
      auto card = issuance::IssueCard(transaction, site_, programme,
                                      {.bearer = issuance::Bearer{member.id}});
      if (!card.ok()) return card.error();
      auto put = transaction.PutRegistration(kProgramme, DeviceLibraryIdentifier(Device(i)),
                                             PushToken(Device(i) + Device(i)), card.value().id);
      if (!put.ok()) return put.error();
      added.push_back(card.value().serial);
    }
    return {};
  }));
  serials_.insert(serials_.end(), added.begin(), added.end());
}

std::string Phones::Device(int i) {
  constexpr std::size_t kDigits = 32;
  return crypto::Sha256Hex(std::to_string(i)).substr(0, kDigits);
}

http::Request Phones::List(int i) const {
  return {.method = "GET",
          .target = "/apple/v1/devices/" + Device(i) + "/registrations/" + kType.str(),
          .client_address = {},
          .headers = {},
          .body = {}};
}

http::Request Phones::Fetch(int i) const {
  const SerialNumber& serial = serials_[static_cast<std::size_t>(i)];
  const Secret token = Must(site_.keys->AuthenticationToken("k1", kType, serial));
  http::Request request{.method = "GET",
                        .target = "/apple/v1/passes/" + kType.str() + "/" + serial.str(),
                        .client_address = {},
                        .headers = {},
                        .body = {}};
  request.headers.Add("Authorization", "ApplePass " + token.RevealForSerialization());
  return request;
}

}  // namespace passmint::bench
