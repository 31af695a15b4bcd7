#include "issuance/personalize.h"

#include <algorithm>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <thread>
#include <vector>

#include "crypto/test_authority.h"
#include "fixture.h"
#include "issuance/card_life.h"
#include "issuance/customer.h"
#include "issuance/designs.h"
#include "zip/reader.h"

namespace passmint::issuance {
namespace {

using cards::Card;
using cards::IdentityType;

constexpr const char* kToken = "AbC+/_-012.sign-me==";

const crypto::TestAuthority& Authority(Timestamp now) {
  static const crypto::TestAuthority authority =
      crypto::TestAuthority::Create(
          {.not_before = now - std::chrono::hours(24), .not_after = now + std::chrono::hours(9000)})
          .value();
  return authority;
}

// The smallest shipped card, with a sign-up form in "signup" and without one in "points".
class PersonalizeTest : public IssuanceTest {
 protected:
  PersonalizeTest() {
    const Timestamp now = clock_.Now();
    const auto leaf = Authority(now)
                          .Issue({.pass_type = PassTypeIdentifier("pass.com.example.test"),
                                  .team = TeamIdentifier("TEAM123456"),
                                  .nfc = true,
                                  .not_before = now - std::chrono::hours(1),
                                  .not_after = now + std::chrono::hours(100)})
                          .value();
    const auto identity = crypto::MakeSigningIdentity(leaf.certificate, leaf.key,
                                                      {Authority(now).intermediate()}, now);
    programme_.apple = std::make_shared<const crypto::ManifestSigner>(
        crypto::ManifestSigner::Create(identity.value()).value());
    site_.programmes.emplace(programme_.programme.id, programme_);
    PublishFolder("signup", R"({
        "nfc": {"message": "{{card.number}}", "public_key": "MDkwEwYHKoZIzj0CAQYIKoZIzj0DAQcDIgACh)"
                            R"(nz3XWi+eeEBbSv/nOwtq7P9ZjW/THF/iJctiP/PILw="},
        "personalization": {"description": "Join us", "fields": ["name", "phone"]}})");
    PublishFolder("plain", "{}");
    maker_ = std::make_unique<CardMaker>(site_, *store_, clock_);
  }

  static std::string ReadFile(const std::filesystem::path& path) {
    std::ifstream stream(path, std::ios::binary);
    return {std::istreambuf_iterator<char>(stream), {}};
  }

  void PublishFolder(const std::string& name, const std::string& patch) {
    const std::filesystem::path root =
        std::filesystem::path(PASSMINT_SOURCE_DIR) / "templates/minimal";
    design::TemplateFiles files;
    for (const char* file : {"locales/en.json", "locales/ru.json", "images/logo@3x.png"}) {
      files[file] = ReadFile(root / file);
    }
    files["images/personalizationLogo@3x.png"] = files["images/logo@3x.png"];
    Json source = json::Parse(ReadFile(root / "template.json"), 1 << 20).value();
    json::MergePatch(source, json::Parse(patch, 1 << 20).value());
    files["template.json"] = json::Dump(source);
    const auto ready = PreparePublish(files, site_, programme_, clock_.Now());
    ASSERT_TRUE(ready.ok()) << ready.error().message;
    const Status written = store_->Write([&](Transaction& transaction) -> Status {
      auto published = Publish(transaction, programme_.programme.id, ready.value(),
                               {.name = TemplateName(name),
                                .files = files,
                                .author = ApiKeyName("test"),
                                .published_by = ApiKeyName("test"),
                                .comment = {}});
      return published.ok() ? Status() : Status(published.error());
    });
    ASSERT_TRUE(written.ok()) << written.error().message;
  }

  // Printed stock.
  Card Stock(const std::string& template_name = "signup") {
    return Write<Card>([&](Transaction& transaction) {
             return IssueCard(transaction, site_, programme_,
                              {.template_name = TemplateName(template_name)});
           })
        .value();
  }

  Card Now(const Card& card) {
    return Write<Card>([&](Transaction& transaction) {
             return GetCard(transaction, programme_.programme.id, card.number);
           })
        .value();
  }

  cards::Member MemberOf(const Card& card) {
    return Write<cards::Member>([&](Transaction& transaction) -> Result<cards::Member> {
             auto found =
                 transaction.FindMember(programme_.programme.id, Now(transaction, card).member);
             return *found.value();
           })
        .value();
  }

  Card Now(Transaction& transaction, const Card& card) const {
    return GetCard(transaction, programme_.programme.id, card.number).value();
  }

  std::vector<std::string> IdentitiesOf(const MemberId& member) {
    return Write<std::vector<std::string>>(
               [&](Transaction& transaction) -> Result<std::vector<std::string>> {
                 std::vector<std::string> values;
                 const auto found = transaction.Identities(programme_.programme.id, member);
                 for (const cards::Identity& identity : found.value()) {
                   EXPECT_FALSE(identity.verified_at);
                   values.push_back(identity.value);
                 }
                 return values;
               })
        .value();
  }

  // A member who came with an order.
  MemberId Known(const std::string& phone, const std::string& email) {
    Customer customer;
    customer.phone = phone;
    customer.email = email;
    customer.name = "Anna";
    return Write<MemberId>([&](Transaction& transaction) -> Result<MemberId> {
             std::vector<Warning> warnings;
             auto found = FindOrMakeMember(transaction, programme_.programme, customer,
                                           *site_.random, warnings);
             return found.value().member.id;
           })
        .value();
  }

  PersonalizeRequest Request(const Card& card) const {
    PersonalizeRequest request;
    request.pass_type = PassTypeIdentifier("pass.com.example.test");
    request.serial = card.serial;
    request.personalization_token = kToken;
    request.info.full_name = "Boris Orlov";
    request.info.phone_number = "8 (921) 555-00-00";
    return request;
  }

  Result<std::string> SignUp(const PersonalizeRequest& request) {
    return Personalize(*store_, site_, *maker_, clock_, request);
  }

  std::string Refusal(const PersonalizeRequest& request) {
    const auto signature = SignUp(request);
    if (signature.ok()) return "";
    return signature.error().problems.empty() ? signature.error().reason
                                              : signature.error().problems.front().code;
  }

  // The names of the files in the card's bundle.
  bool HasForm(const Card& card) {
    const auto current = FindBySerial(*store_, site_, card.serial);
    const auto bundle = maker_->Bundle(current.value());
    EXPECT_TRUE(bundle.ok());
    const auto archive = zip::ReadArchive(bundle.value()).value();
    const bool has =
        std::any_of(archive.entries.begin(), archive.entries.end(),
                    [](const zip::Entry& entry) { return entry.name == "personalization.json"; });
    EXPECT_EQ(maker_->OffersPersonalization(current.value()).value(), has);
    return has;
  }

  std::unique_ptr<CardMaker> maker_;
};

TEST_F(PersonalizeTest, GivesTheCardToANewMember) {
  const Card card = Stock();
  PersonalizeRequest request = Request(card);
  request.info.postal_code = "190000";
  request.info.country_code = "RU";
  ASSERT_TRUE(SignUp(request).ok());

  const Card after = Now(card);
  const cards::Member member = MemberOf(card);
  EXPECT_EQ(after.revision, card.revision + 1);
  EXPECT_GT(after.changed_at, card.changed_at);
  EXPECT_EQ(after.serial, card.serial);
  EXPECT_EQ(member.name, "Boris Orlov");
  EXPECT_EQ(member.attributes, Json({{"postal_code", "190000"}, {"country_code", "RU"}}));
  EXPECT_EQ(IdentitiesOf(member.id), std::vector<std::string>({"+79215550000"}));
}

TEST_F(PersonalizeTest, SignsTheTokenWithThePassCertificate) {
  const auto signature = SignUp(Request(Stock()));
  ASSERT_TRUE(signature.ok());
  const auto report =
      crypto::VerifyDetached(signature.value(), kToken, {Authority(clock_.Now()).root()});
  ASSERT_TRUE(report.ok());
  EXPECT_TRUE(report.value().verified()) << report.value().chain_problem;
  EXPECT_FALSE(report.value().has_attached_content);
  EXPECT_EQ(report.value().signing_time, std::chrono::floor<std::chrono::seconds>(clock_.Now()));
}

TEST_F(PersonalizeTest, TakesTheFormOutOfThePass) {
  const Card card = Stock();
  EXPECT_TRUE(HasForm(card));
  ASSERT_TRUE(SignUp(Request(card)).ok());
  EXPECT_FALSE(HasForm(card));
  EXPECT_FALSE(HasForm(Stock("plain")));
}

TEST_F(PersonalizeTest, SignsTheSameFormAgainAndChangesNothing) {
  const Card card = Stock();
  ASSERT_TRUE(SignUp(Request(card)).ok());
  const Card after = Now(card);
  PersonalizeRequest again = Request(card);
  EXPECT_TRUE(SignUp(again).ok());
  again.personalization_token = "another-token";
  again.info.phone_number = "+7 921 555 00 00";  // The same number.
  EXPECT_TRUE(SignUp(again).ok());
  EXPECT_EQ(Now(card).revision, after.revision);
  EXPECT_EQ(Now(card).member, after.member);
}

TEST_F(PersonalizeTest, RefusesWhoComesSecond) {
  const Card card = Stock();
  ASSERT_TRUE(SignUp(Request(card)).ok());
  const MemberId first = Now(card).member;
  PersonalizeRequest second = Request(card);
  second.info.phone_number = "+79215550001";
  EXPECT_EQ(Refusal(second), "card_assigned");
  EXPECT_EQ(Now(card).member, first);
}

TEST_F(PersonalizeTest, GivesACardToOneOfManyAtOnce) {
  const Card card = Stock();
  std::vector<std::string> refusals(8);
  std::vector<std::thread> threads;
  for (std::size_t i = 0; i < refusals.size(); ++i) {
    threads.emplace_back([this, &card, &refusals, i] {
      PersonalizeRequest request = Request(card);
      request.info.phone_number = "+7921555000" + std::to_string(i);
      refusals[i] = Refusal(request);
    });
  }
  for (std::thread& thread : threads) thread.join();
  EXPECT_EQ(std::count(refusals.begin(), refusals.end(), ""), 1);
  EXPECT_EQ(std::count(refusals.begin(), refusals.end(), "card_assigned"), 7);
  EXPECT_EQ(Now(card).revision, card.revision + 1);
}

TEST_F(PersonalizeTest, NeverJoinsAMemberWhoIsThereAlready) {
  const MemberId anna = Known("+79215550000", "anna@example.com");
  const Card card = Stock();
  PersonalizeRequest request = Request(card);
  request.info.email_address = "boris@example.com";
  ASSERT_TRUE(SignUp(request).ok());
  const cards::Member boris = MemberOf(card);
  EXPECT_NE(boris.id, anna);
  EXPECT_EQ(boris.name, "Boris Orlov");
  EXPECT_EQ(IdentitiesOf(boris.id), std::vector<std::string>({"boris@example.com"}));
  EXPECT_EQ(IdentitiesOf(anna), std::vector<std::string>({"anna@example.com", "+79215550000"}));
}

TEST_F(PersonalizeTest, KnowsByTheCardAloneWhoseIdentitiesAreAllTaken) {
  Known("+79215550000", "anna@example.com");
  const Card card = Stock();
  PersonalizeRequest request = Request(card);
  request.info.email_address = "Anna@Example.com";
  ASSERT_TRUE(SignUp(request).ok());
  EXPECT_EQ(IdentitiesOf(Now(card).member), std::vector<std::string>());
  EXPECT_TRUE(SignUp(request).ok());
}

TEST_F(PersonalizeTest, KnowsNoOtherPassAndNoWrongToken) {
  const Card card = Stock();
  const auto code = [this](const PersonalizeRequest& request) {
    const auto signature = SignUp(request);
    EXPECT_FALSE(signature.ok());
    return signature.error().code;
  };
  PersonalizeRequest request = Request(card);
  request.serial = SerialNumber("nobodys");
  EXPECT_EQ(code(request), ErrorCode::kUnauthenticated);
  request = Request(card);
  request.pass_type = PassTypeIdentifier("pass.com.example.other");
  EXPECT_EQ(code(request), ErrorCode::kUnauthenticated);
  request = Request(card);
  request.authentication_token = "";
  EXPECT_EQ(code(request), ErrorCode::kUnauthenticated);
  const auto token = site_.keys->AuthenticationToken(card.key_id, request.pass_type, card.serial);
  request.authentication_token = token.value().RevealForSerialization();
  EXPECT_TRUE(SignUp(request).ok());
}

TEST_F(PersonalizeTest, RefusesCardsThatCannotBeSignedUpFor) {
  const ProgrammeId& id = programme_.programme.id;
  EXPECT_EQ(Refusal(Request(Stock("plain"))), "not_personalizable");

  const Card blocked = Stock();
  ASSERT_TRUE(Write<Card>([&](Transaction& transaction) {
                return BlockCard(transaction, id, blocked.number, {.reason = "stolen"}, {});
              }).ok());
  EXPECT_EQ(Refusal(Request(blocked)), "card_blocked");

  const Card closed = Stock();
  ASSERT_TRUE(Write<Card>([&](Transaction& transaction) {
                return CloseCard(transaction, id, closed.number, {.reason = "misprint"});
              }).ok());
  EXPECT_EQ(Refusal(Request(closed)), "card_closed");

  const Card given = Stock();
  const MemberId anna = Known("+79215550000", "anna@example.com");
  ASSERT_TRUE(Write<Card>([&](Transaction& transaction) {
                return AssignCard(transaction, id, given.number, {.member = anna});
              }).ok());
  EXPECT_EQ(Refusal(Request(given)), "card_assigned");
  EXPECT_EQ(Now(given).member, anna);
}

TEST_F(PersonalizeTest, RefusesFactsThatNoMemberMayHave) {
  const Card card = Stock();
  const auto with = [&](auto change) {
    PersonalizeRequest request = Request(card);
    change(request.info);
    return Refusal(request);
  };
  EXPECT_EQ(with([](auto& info) { info.phone_number.reset(); }), "no_identity");
  EXPECT_EQ(with([](auto& info) { info.phone_number = "twelve"; }), "invalid_phone");
  EXPECT_EQ(with([](auto& info) { info.email_address = "anna"; }), "invalid_email");
  EXPECT_EQ(with([](auto& info) { info.full_name = std::string(101, 'a'); }), "too_long");
  EXPECT_EQ(with([](auto& info) { info.full_name = "a\nb"; }), "invalid_value");
  EXPECT_EQ(with([](auto& info) { info.postal_code = std::string(33, '1'); }), "invalid_value");
  EXPECT_EQ(with([](auto& info) { info.postal_code = "1\t2"; }), "invalid_value");
  EXPECT_TRUE(Now(card).member.empty());
  // The phone guesses the country; a wrong guess keeps nobody out.
  EXPECT_EQ(with([](auto& info) { info.country_code = "Ruritania"; }), "");
}

TEST_F(PersonalizeTest, ReadsAPhoneAsDialledInItsCountry) {
  const Card card = Stock();
  PersonalizeRequest request = Request(card);
  request.info.phone_number = "06 12 34 56 78";
  request.info.country_code = "FR";
  ASSERT_TRUE(SignUp(request).ok());
  EXPECT_EQ(IdentitiesOf(Now(card).member), std::vector<std::string>({"+33612345678"}));
}

TEST_F(PersonalizeTest, PutsTheNameTogether) {
  const Card card = Stock();
  PersonalizeRequest request = Request(card);
  request.info.full_name.reset();
  request.info.given_name = "Boris";
  request.info.family_name = "Orlov";
  ASSERT_TRUE(SignUp(request).ok());
  EXPECT_EQ(MemberOf(card).name, "Boris Orlov");
}

TEST_F(PersonalizeTest, ChangesNothingOnceTheCertificateHasExpired) {
  const Card card = Stock();
  clock_.Advance(std::chrono::hours(101));
  const auto signature = SignUp(Request(card));
  ASSERT_FALSE(signature.ok());
  EXPECT_EQ(signature.error().code, ErrorCode::kUnavailable);
  EXPECT_TRUE(Now(card).member.empty());
}

TEST_F(PersonalizeTest, SignsNothingThatCouldBeAManifest) {
  const Card card = Stock();
  PersonalizeRequest request = Request(card);
  request.personalization_token = R"({"pass.json":"da39a3ee5e6b4b0d3255bfef95601890afd80709"})";
  EXPECT_EQ(Refusal(request), "invalid_value");
  EXPECT_TRUE(Now(card).member.empty());
}

TEST(IsSignableTokenTest, TakesOpaqueTokensAlone) {
  for (const char* good :
       {"c2lnbi1tZQ==", "a-b_c.d~e", "6BA7B810-9DAD-11D1-80B4-00C04FD430C8", "!", "a:b/c+d"}) {
    EXPECT_TRUE(IsSignableToken(good)) << good;
  }
  for (const char* bad : {"", " ", "a b", "{}", "a{", "a}", "<plist>", "\"a\"", "a\\u007b", "a\n",
                          "\xC3\xA4", "\x7F"}) {
    EXPECT_FALSE(IsSignableToken(bad)) << bad;
  }
  EXPECT_FALSE(IsSignableToken(std::string("{\0", 2)));
  EXPECT_TRUE(IsSignableToken(std::string(kPersonalizationTokenBytesMax, 'a')));
  EXPECT_FALSE(IsSignableToken(std::string(kPersonalizationTokenBytesMax + 1, 'a')));
}

}  // namespace
}  // namespace passmint::issuance
