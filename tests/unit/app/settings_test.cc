#include "app/settings.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <string>

namespace passmint::app {
namespace {

using ::testing::HasSubstr;

// The smallest file that serves, and the file of contract/api.md section 5.
constexpr char kSmallest[] = R"(
[server]
public_url = "https://cards.example.com"
[[programme]]
id = "coffee"
name = "Bean & Leaf"
currency = "RUB"
time_zone = "Europe/Moscow"
region = "RU"
languages = ["ru", "en"]
templates = ["templates/coffee"]
)";

constexpr char kContract[] = R"(
[server]
listen = "127.0.0.1:8080"            # or "unix:/run/passmint/http.sock"
public_url = "https://cards.example.com"   # http only on loopback, with a warning: phones refuse it
metrics_listen = "127.0.0.1:9090"
trusted_proxies = ["127.0.0.1"]
[store]
url = "sqlite:passmint.db"           # or "postgresql://..."
checkpoint_dir = "checkpoints"
[secrets]
master_key = "secrets/master.key"
signing_key = "secrets/checkpoint.key"
[apns]
url = "https://api.push.apple.com"   # https only; a local fake in tests
ca_file = ""                         # extra trust for a test server; the system's otherwise
[google]
api_url = "https://walletobjects.googleapis.com"
token_url = "https://oauth2.googleapis.com/token"
save_url = "https://pay.google.com/gp/v/save/"
ca_file = ""
[[programme]]
id = "coffee"
name = "Bean & Leaf"
currency = "RUB"
time_zone = "Europe/Moscow"
region = "RU"                        # how phone numbers without + are read
languages = ["ru", "en"]
templates = ["templates/coffee"]     # imported when the store has none
rules = "rules.json"                 # likewise
apple.certificate = "certs/pass.pem" # PEM or .p12; one pass type per programme
apple.key = "certs/pass.key"
apple.wwdr = "certs/wwdr"            # a folder of intermediates to choose from
google.service_account = "certs/google.json"
google.issuer_id = "3388000000022141777"
card_number = {prefix = "9", length = 16, check = "luhn"}
)";

// kSmallest with the line that begins with `key` replaced.
std::string With(const std::string& line) {
  const std::string key = line.substr(0, line.find(" = "));
  std::string text = kSmallest;
  const std::size_t start = text.find("\n" + key + " = ") + 1;
  if (start == 0) return text + line + "\n";
  return text.replace(start, text.find('\n', start) - start, line);
}

// kSmallest with another line in [server] or a section of its own in front.
std::string Before(const std::string& lines) { return lines + "\n" + kSmallest; }

std::string WithServer(const std::string& line) {
  std::string text = kSmallest;
  return text.insert(text.find("public_url"), line + "\n");
}

void ExpectRefused(const std::string& toml, const std::string& name, const std::string& what) {
  const auto settings = ParseSettings(toml, "/site");
  ASSERT_FALSE(settings.ok()) << toml;
  ASSERT_EQ(settings.error().problems.size(), 1u) << settings.error().message;
  EXPECT_EQ(settings.error().problems[0].pointer, name);
  EXPECT_THAT(settings.error().problems[0].detail, HasSubstr(name));
  EXPECT_THAT(settings.error().problems[0].detail, HasSubstr(what));
}

TEST(SettingsTest, FillsInTheDefaultsOfWhatIsNotGiven) {
  const auto parsed = ParseSettings(kSmallest, "/site");
  ASSERT_TRUE(parsed.ok()) << parsed.error().message;
  const Settings& settings = parsed.value();
  EXPECT_EQ(settings.server.listen, "127.0.0.1:8080");
  EXPECT_EQ(settings.server.metrics_listen, "127.0.0.1:9090");
  EXPECT_EQ(settings.store.sqlite_file, "/site/passmint.db");
  EXPECT_EQ(settings.secrets.master_key, "/site/secrets/master.key");
  EXPECT_EQ(settings.apns.url, "https://api.push.apple.com");
  ASSERT_EQ(settings.programmes.size(), 1u);
  const ProgrammeSettings& coffee = settings.programmes[0];
  EXPECT_EQ(coffee.programme.id.str(), "coffee");
  EXPECT_EQ(coffee.programme.card_number.length, 16);
  EXPECT_FALSE(coffee.apple);
  EXPECT_FALSE(coffee.google);
  EXPECT_TRUE(settings.warnings.empty());
}

TEST(SettingsTest, ReadsTheFileOfTheContract) {
  const auto parsed = ParseSettings(kContract, "/site");
  ASSERT_TRUE(parsed.ok()) << parsed.error().message;
  const ProgrammeSettings& coffee = parsed.value().programmes[0];
  EXPECT_EQ(coffee.programme.currency.code(), "RUB");
  EXPECT_EQ(coffee.programme.templates[0].str(), "coffee");
  EXPECT_EQ(coffee.templates[0], "/site/templates/coffee");
  EXPECT_EQ(coffee.rules, "/site/rules.json");
  ASSERT_TRUE(coffee.apple && coffee.google);
  EXPECT_EQ(coffee.apple->wwdr, "/site/certs/wwdr");
  EXPECT_EQ(coffee.google->issuer_id, "3388000000022141777");
}

TEST(SettingsTest, KeepsAbsolutePathsAsTheyAre) {
  const auto parsed = ParseSettings(Before("[secrets]\nmaster_key = \"/etc/k\""), "/site");
  ASSERT_TRUE(parsed.ok());
  EXPECT_EQ(parsed.value().secrets.master_key, "/etc/k");
}

TEST(SettingsTest, NamesTheNearestKnownKeyOfAnUnknownOne) {
  ExpectRefused(WithServer("listne = \"127.0.0.1:1\""), "server.listne",
                "the nearest is server.listen");
  ExpectRefused(With("curency = \"RUB\""), "programme[1].curency",
                "the nearest is programme[1].currency");
  ExpectRefused(Before("[sever]\nlisten = \"x\""), "sever.listen", "the nearest is server.listen");
}

TEST(SettingsTest, RefusesAnUnknownTableEvenIfItIsEmpty) {
  ExpectRefused(Before("[storee]"), "storee", "the nearest is store.url");
  EXPECT_TRUE(ParseSettings(Before("[store]"), "/site").ok()) << "a known one may be";
}

TEST(SettingsTest, SaysInWhichLineAWrongValueStands) {
  ExpectRefused(With("currency = \"RUR\""), "programme[1].currency", "line 7: ");
}

TEST(SettingsTest, RefusesAValueOfAnotherType) {
  ExpectRefused(WithServer("listen = 8080"), "server.listen", "is 8080; it must be a text");
  ExpectRefused(With("languages = \"ru\""), "programme[1].languages", "must be a list of texts");
  ExpectRefused(With("languages = [1]"), "programme[1].languages", "must be a list of texts");
  ExpectRefused(With("card_number = {length = \"16\"}"), "programme[1].card_number.length",
                "must be a whole number: 8 to 19");
  ExpectRefused(With("card_number = 16"), "programme[1].card_number", "must be a table");
}

TEST(SettingsTest, RefusesAnAddressThatCannotBeListenedOn) {
  for (const char* bad : {"8080", "127.0.0.1", "127.0.0.1:0", "127.0.0.1:65536", "example.com:80",
                          "unix:http.sock", "[::1:80", ":80", "127.0.0.1:80x"}) {
    ExpectRefused(WithServer(std::string("listen = \"") + bad + "\""), "server.listen",
                  "HOST:PORT or unix:/PATH");
  }
  for (const char* good :
       {"127.0.0.1:1", "[::1]:8080", "localhost:80", "unix:/run/p.sock", "0.0.0.0:80"}) {
    EXPECT_TRUE(ParseSettings(WithServer(std::string("listen = \"") + good + "\""), "/site").ok())
        << good;
  }
}

TEST(SettingsTest, TakesHttpOnLoopbackOnlyAndWarns) {
  const auto local = ParseSettings(With("public_url = \"http://127.0.0.1:8080/\""), "/site");
  ASSERT_TRUE(local.ok());
  EXPECT_EQ(local.value().server.public_url, "http://127.0.0.1:8080") << "no slash at the end";
  ASSERT_EQ(local.value().warnings.size(), 1u);
  EXPECT_THAT(local.value().warnings[0], HasSubstr("phones refuse it"));
  ExpectRefused(With("public_url = \"http://cards.example.com\""), "server.public_url", "https");
  ExpectRefused(With("public_url = \"http://127.example.com@evil\""), "server.public_url", "a URL");
  ExpectRefused(With("public_url = \"cards.example.com\""), "server.public_url", "a URL");
  ExpectRefused(With("public_url = \"https://cards.example.com/?a=b\""), "server.public_url",
                "a URL");
}

TEST(SettingsTest, RefusesServicesThatAreNotHttps) {
  ExpectRefused(Before("[apns]\nurl = \"http://127.0.0.1:1\""), "apns.url", "https://");
  ExpectRefused(Before("[google]\napi_url = \"ftp://x\""), "google.api_url", "https://");
  ExpectRefused(Before("[google]\ntoken_url = \"\""), "google.token_url", "https://");
  ExpectRefused(Before("[google]\nsave_url = \"http://x\""), "google.save_url", "https://");
}

TEST(SettingsTest, TakesAPostgresqlStoreAndKeepsItsUrlSecret) {
  const auto parsed = ParseSettings(
      Before("[store]\nurl = \"postgresql://shop:hunter2@db/x\"\nconnections = 8"), "/site");
  ASSERT_TRUE(parsed.ok()) << parsed.error().message;
  ASSERT_NE(parsed.value().store.postgresql_url, nullptr);
  EXPECT_EQ(parsed.value().store.postgresql_url->RevealForSerialization(),
            "postgresql://shop:hunter2@db/x");
  EXPECT_TRUE(parsed.value().store.sqlite_file.empty());
  EXPECT_EQ(parsed.value().store.connections, 8);
  ExpectRefused(Before("[store]\nconnections = 0"), "store.connections", "1 to 256");
}

TEST(SettingsTest, RefusesAStoreThatThereIsNoDriverForWithoutRepeatingThePassword) {
  ExpectRefused(Before("[store]\nurl = \"mysql://db\""), "store.url", "postgresql://");
  ExpectRefused(Before("[store]\nurl = \"sqlite:\""), "store.url", "sqlite:FILE");
  const auto parsed = ParseSettings(Before("[store]\nurl = \"postgres:shop:hunter2@db\""), "/site");
  ASSERT_FALSE(parsed.ok());
  EXPECT_EQ(parsed.error().message.find("hunter2"), std::string::npos);
  for (const auto& problem : parsed.error().problems) {
    EXPECT_EQ(problem.detail.find("hunter2"), std::string::npos) << problem.detail;
  }
}

TEST(SettingsTest, RefusesProxiesThatAreNoAddresses) {
  ExpectRefused(WithServer("trusted_proxies = [\"nginx\"]"), "server.trusted_proxies",
                "IP addresses");
  ExpectRefused(WithServer("metrics_listen = \"9090\""), "server.metrics_listen", "HOST:PORT");
}

TEST(SettingsTest, RefusesAProgrammeThatNobodyCanRun) {
  ExpectRefused(With("id = \"Coffee\""), "programme[1].id", "a-z, 0-9 and -");
  ExpectRefused(With("name = \"\""), "programme[1].name", "1 to 100 characters");
  ExpectRefused(With("currency = \"rub\""), "programme[1].currency", "ISO 4217");
  ExpectRefused(With("time_zone = \"Moscow\""), "programme[1].time_zone",
                "a time zone of this machine");
  ExpectRefused(With("region = \"Russia\""), "programme[1].region", "two capital letters");
  ExpectRefused(With("languages = []"), "programme[1].languages", "at least one language");
  ExpectRefused(With("languages = [\"русский\"]"), "programme[1].languages", "language tags");
  ExpectRefused(With("languages = [\"ru\", \"ru\"]"), "programme[1].languages", "differ");
  ExpectRefused(With("templates = []"), "programme[1].templates", "at least one folder");
  ExpectRefused(With("templates = [\"templates/My Card\"]"), "programme[1].templates", "a-z");
  ExpectRefused(With("templates = [\"a/x\", \"b/x/\"]"), "programme[1].templates",
                "different names");
}

TEST(SettingsTest, ReadsQuietHours) {
  const auto night = ParseSettings(With("quiet_hours = \"22:00-08:30\""), "/site");
  ASSERT_TRUE(night.ok()) << night.error().message;
  const auto& hours = night.value().programmes[0].quiet_hours;
  ASSERT_TRUE(hours.has_value());
  EXPECT_EQ(hours->from, std::chrono::hours(22));
  EXPECT_EQ(hours->to, std::chrono::minutes(8 * 60 + 30));
  EXPECT_FALSE(
      ParseSettings(With("quiet_hours = \"\""), "/site").value().programmes[0].quiet_hours);
}

TEST(SettingsTest, RefusesQuietHoursThatAreNone) {
  for (const char* const hours : {"22:00", "22:00-22:00", "24:00-08:00", "22:60-08:00", "2200-0800",
                                  "22:00-08:0", "22:00-08:000", "ab:cd-ef:gh", "22:00 08:00"}) {
    ExpectRefused(With("quiet_hours = \"" + std::string(hours) + "\""), "programme[1].quiet_hours",
                  "22:00-08:00");
  }
}

TEST(SettingsTest, ReadsWhoPublishesADraft) {
  EXPECT_EQ(ParseSettings(With(""), "/site").value().programmes[0].approval,
            issuance::Approval::kRole);
  EXPECT_EQ(
      ParseSettings(With("approval = \"another_person\""), "/site").value().programmes[0].approval,
      issuance::Approval::kAnotherPerson);
  ExpectRefused(With("approval = \"four eyes\""), "programme[1].approval", "another_person");
  ExpectRefused(With("approval = true"), "programme[1].approval", "another_person");
}

TEST(SettingsTest, RefusesCardNumbersThatCannotBeMade) {
  ExpectRefused(With("card_number = {length = 7}"), "programme[1].card_number.length", "8 to 19");
  ExpectRefused(With("card_number = {prefix = \"A\"}"), "programme[1].card_number.prefix",
                "digits");
  ExpectRefused(With("card_number = {prefix = \"123456789\"}"), "programme[1].card_number.prefix",
                "half the number");
  ExpectRefused(With("card_number = {check = \"crc\"}"), "programme[1].card_number.check",
                "\"damm\"");
  ExpectRefused(With("card_number = {check = \"ean13\"}"), "programme[1].card_number.length",
                "it must be 13");
}

TEST(SettingsTest, WantsAllOfAWalletOrNothing) {
  ExpectRefused(With("apple.certificate = \"a.pem\"\napple.wwdr = \"w\""), "programme[1].apple.key",
                "is missing");
  ExpectRefused(With("apple.certificate = \"a.p12\""), "programme[1].apple.wwdr", "is missing");
  ExpectRefused(With("apple.certificate = \"a.p12\"\napple.wwdr = \"w\"\napple.key = \"k\""),
                "programme[1].apple.key", "must be left out");
  ExpectRefused(With("apple.key = \"k\"\napple.wwdr = \"w\""), "programme[1].apple.certificate",
                "is missing");
  ExpectRefused(With("google.issuer_id = \"338\""), "programme[1].google.service_account",
                "missing");
  ExpectRefused(With("google.service_account = \"g.json\""), "programme[1].google.issuer_id",
                "missing");
  ExpectRefused(With("google.service_account = \"g.json\"\ngoogle.issuer_id = \"33-88\""),
                "programme[1].google.issuer_id", "digits");
  EXPECT_TRUE(
      ParseSettings(With("apple.certificate = \"a.p12\"\napple.wwdr = \"w\""), "/site").ok());
}

TEST(SettingsTest, RefusesTwoProgrammesOfOneIdAndNone) {
  const std::string one =
      std::string(kSmallest).substr(std::string(kSmallest).find("[[programme]]"));
  ExpectRefused(kSmallest + one, "programme[2].id", "ids must differ");
  ExpectRefused("[server]\npublic_url = \"https://a.b\"\n", "programme",
                "at least one [[programme]]");
  ExpectRefused("[server]\npublic_url = \"https://a.b\"\n[programme]\nid = \"a\"\n", "programme",
                "at least one [[programme]]");
}

TEST(SettingsTest, NamesWhatIsMissing) {
  const auto settings = ParseSettings("", "/site");
  ASSERT_FALSE(settings.ok());
  EXPECT_EQ(settings.error().message, "2 settings are wrong");
  ASSERT_EQ(settings.error().problems.size(), 2u) << "all at once, not one after the other";
  EXPECT_THAT(settings.error().problems[0].detail, HasSubstr("server.public_url is missing"));
}

TEST(SettingsTest, SaysWhereTomlIsBroken) {
  for (const char* broken : {"[server\n", "a = ", "a = 1\na = 2", "\xff = 1", "a = \"\\q\""}) {
    const auto settings = ParseSettings(broken, "/site");
    ASSERT_FALSE(settings.ok()) << broken;
    EXPECT_EQ(settings.error().code, ErrorCode::kInvalidSyntax);
    EXPECT_THAT(settings.error().message, HasSubstr("line "));
  }
  std::string deep = "a = ";
  for (int i = 0; i < 100'000; ++i) deep += '[';
  EXPECT_FALSE(ParseSettings(deep, "/site").ok()) << "deep nesting ends as an error";
}

TEST(SettingsTest, SaysHowToGetAFileThatIsNotThere) {
  const auto settings = LoadSettings("/nonexistent/passmint.toml");
  ASSERT_FALSE(settings.ok());
  EXPECT_EQ(settings.error().code, ErrorCode::kNotFound);
  EXPECT_THAT(settings.error().message, HasSubstr("/nonexistent/passmint.toml"));
  EXPECT_THAT(settings.error().hint, HasSubstr("passmint init"));
}

TEST(SettingsTest, ExplainsEverySettingOfTheContract) {
  const std::string text = ExplainSettings();
  for (const char* name :
       {"server.listen", "server.trusted_proxies", "store.url", "secrets.master_key",
        "apns.ca_file", "google.save_url", "programme.apple.wwdr", "programme.google.issuer_id",
        "programme.card_number.check"}) {
    EXPECT_THAT(text, HasSubstr(std::string(name) + "\n"));
  }
}

}  // namespace
}  // namespace passmint::app
