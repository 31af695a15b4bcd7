#pragma once

#include <gtest/gtest.h>

#include <chrono>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <memory>
#include <optional>
#include <string>
#include <utility>

#include "crypto/cms.h"
#include "crypto/jws.h"
#include "crypto/master_key.h"
#include "crypto/private_key.h"
#include "crypto/signing_identity.h"
#include "crypto/test_authority.h"
#include "http/context.h"
#include "issuance/card_life.h"
#include "issuance/customer.h"
#include "issuance/designs.h"
#include "store/open.h"
#include "support/failing_vfs.h"
#include "support/fake_clock.h"
#include "support/seeded_random.h"
#include "support/temporary_directory.h"

namespace passmint::http {

// A programme "coffee" on an empty store with the shipped points card published; no wallet is
// configured until a test does it.
class CardPageTest : public ::testing::Test {
 protected:
  CardPageTest() {
    site_.public_url = "https://cards.example.com";
    site_.google_save_url = "https://pay.google.com/gp/v/save/";
    site_.keys = std::make_shared<const crypto::KeyRing>(
        crypto::KeyRing::Parse(
            Secret("k1:000102030405060708090a0b0c0d0e0f101112131415161718191a1b1c1d1e1f\n"))
            .value());
    site_.random = std::make_shared<passmint::testing::SeededRandom>();
    site_.programmes.emplace(
        kProgramme, issuance::ProgrammeSite{.programme = Programme(), .apple = {}, .google = {}});
    Publish("points", "points");
  }

  static cards::Programme Programme() {
    return {.id = kProgramme,
            .name = "Bean & Leaf",
            .currency = *Currency::Find("RUB"),
            .time_zone = "Europe/Moscow",
            .region = "RU",
            .languages = {"en", "ru"},
            .templates = {TemplateName("points")},
            .card_number = {}};
  }

  issuance::ProgrammeSite& programme() { return site_.programmes.at(kProgramme); }

  static std::string ReadFile(const std::filesystem::path& path) {
    std::ifstream stream(path, std::ios::binary);
    return {std::istreambuf_iterator<char>(stream), {}};
  }

  static design::TemplateFiles ReadTemplate(const std::string& folder) {
    const std::filesystem::path root =
        std::filesystem::path(PASSMINT_SOURCE_DIR) / "templates" / folder;
    design::TemplateFiles files;
    for (const auto& entry : std::filesystem::recursive_directory_iterator(root)) {
      if (!entry.is_regular_file()) continue;
      files[std::filesystem::relative(entry.path(), root).generic_string()] =
          ReadFile(entry.path());
    }
    return files;
  }

  void Publish(const std::string& name, const std::string& folder) {
    Publish(name, ReadTemplate(folder));
  }

  void Publish(const std::string& name, const design::TemplateFiles& files) {
    const auto ready = issuance::PreparePublish(files, site_, programme(), clock_.Now());
    ASSERT_TRUE(ready.ok()) << ready.error().message;
    const Status written = store_->Write([&](issuance::Transaction& transaction) -> Status {
      auto published = issuance::Publish(transaction, kProgramme, ready.value(),
                                         {.name = TemplateName(name),
                                          .files = files,
                                          .author = ApiKeyName("test"),
                                          .published_by = ApiKeyName("test"),
                                          .comment = {}});
      return published.ok() ? Status() : Status(published.error());
    });
    ASSERT_TRUE(written.ok()) << written.error().message;
  }

  // A new member with a new card.
  cards::Card MakeCard(const std::string& name, const std::string& locale = "") {
    cards::Member member;
    member.id = MemberId("m_" + std::to_string(++members_));
    member.name = name;
    member.locale = locale;
    member.created_at = clock_.Now();
    member.changed_at = clock_.Now();
    cards::Card card;
    const Status written = store_->Write([&](issuance::Transaction& transaction) -> Status {
      Status inserted = transaction.InsertMember(kProgramme, member);
      if (!inserted.ok()) return inserted;
      auto issued = issuance::FindOrIssueCard(transaction, site_, programme(),
                                              {.bearer = issuance::Bearer{member.id}});
      if (!issued.ok()) return issued.error();
      card = issued.value().card;
      return {};
    });
    EXPECT_TRUE(written.ok()) << written.error().message;
    return card;
  }

  void Block(const cards::Card& card, std::optional<Timestamp> until = {}) {
    const Status written = store_->Write([&](issuance::Transaction& transaction) -> Status {
      auto blocked = issuance::BlockCard(transaction, kProgramme, card.number,
                                         {.reason = "lost phone"}, until);
      return blocked.ok() ? Status() : Status(blocked.error());
    });
    ASSERT_TRUE(written.ok()) << written.error().message;
  }

  void Close(const cards::Card& card) {
    const Status written = store_->Write([&](issuance::Transaction& transaction) -> Status {
      auto closed = issuance::CloseCard(transaction, kProgramme, card.number, {.reason = "left"});
      return closed.ok() ? Status() : Status(closed.error());
    });
    ASSERT_TRUE(written.ok()) << written.error().message;
  }

  // Gives the programme a test certificate for Apple. Before the first card is shown.
  void ConfigureApple() {
    const auto authority =
        crypto::TestAuthority::Create({.not_before = clock_.Now() - std::chrono::hours(24),
                                       .not_after = clock_.Now() + std::chrono::hours(24)});
    ASSERT_TRUE(authority.ok());
    const auto leaf =
        authority.value().Issue({.pass_type = PassTypeIdentifier("pass.com.example.test"),
                                 .team = TeamIdentifier("TEAM123456"),
                                 .not_before = clock_.Now() - std::chrono::hours(1),
                                 .not_after = clock_.Now() + std::chrono::hours(23)});
    ASSERT_TRUE(leaf.ok());
    const auto identity =
        crypto::MakeSigningIdentity(leaf.value().certificate, leaf.value().key,
                                    {authority.value().intermediate()}, clock_.Now());
    ASSERT_TRUE(identity.ok()) << identity.error().message;
    auto signer = crypto::ManifestSigner::Create(identity.value());
    ASSERT_TRUE(signer.ok());
    programme().apple = std::make_shared<const crypto::ManifestSigner>(std::move(signer).value());
  }

  void ConfigureGoogle() {
    const auto key = crypto::GenerateRsa2048();
    ASSERT_TRUE(key.ok());
    auto signer = crypto::Rs256Signer::Create(key.value());
    ASSERT_TRUE(signer.ok());
    programme().google = std::make_shared<const issuance::GoogleIdentity>(
        issuance::GoogleIdentity{.issuer = IssuerId("3388000000022141777"),
                                 .service_account = "wallet@example.iam.gserviceaccount.com",
                                 .signer = std::move(signer).value()});
  }

  inline static const ProgrammeId kProgramme{"coffee"};

  passmint::testing::FailingVfs vfs_;  // Fails when told to.
  passmint::testing::TemporaryDirectory directory_;
  passmint::testing::FakeClock clock_;
  issuance::Site site_;
  std::unique_ptr<issuance::Store> store_ =
      store::Open("sqlite:" + (directory_ / "test.db"), clock_, {.vfs = vfs_.name()}).value();
  issuance::CardMaker maker_{site_, *store_, clock_};
  const Context context_{site_, *store_, maker_, clock_};
  int members_ = 0;
};

}  // namespace passmint::http
