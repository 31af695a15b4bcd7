#include "http/card_pages.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <string>
#include <string_view>
#include <utility>

#include "base/bytes.h"
#include "crypto/digest.h"
#include "unit/http/card_page_fixture.h"

namespace passmint::http {
namespace {

using ::testing::HasSubstr;
using ::testing::Not;
using ::testing::StartsWith;

constexpr const char* kIphone =
    "Mozilla/5.0 (iPhone; CPU iPhone OS 18_6 like Mac OS X) AppleWebKit/605.1.15 (KHTML, like "
    "Gecko) Version/18.6 Mobile/15E148 Safari/604.1";
constexpr const char* kAndroid =
    "Mozilla/5.0 (Linux; Android 10; K) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/142.0.0.0 "
    "Mobile Safari/537.36";
constexpr const char* kInstagram =
    "Mozilla/5.0 (iPhone; CPU iPhone OS 18_6 like Mac OS X) AppleWebKit/605.1.15 (KHTML, like "
    "Gecko) Mobile/22G86 Instagram 390.0";
constexpr const char* kTelegram =
    "Mozilla/5.0 (Linux; Android 15; Pixel 9; wv) AppleWebKit/537.36 (KHTML, like Gecko) "
    "Version/4.0 Chrome/142.0.0.0 Mobile Safari/537.36 Telegram-Android/11.4.2";

class CardPagesTest : public CardPageTest {
 protected:
  struct Asking {
    std::string user_agent = {};
    std::string accept_language = {};
    std::string method = "GET";
    std::string client = "192.0.2.1";
  };

  Response Get(const std::string& target, const Asking& asking) {
    Request request{.method = asking.method,
                    .target = target,
                    .client_address = asking.client,
                    .headers = {},
                    .body = {}};
    if (!asking.user_agent.empty()) request.headers.Add("User-Agent", asking.user_agent);
    if (!asking.accept_language.empty()) {
      request.headers.Add("Accept-Language", asking.accept_language);
    }
    return pages_.Handle(request);
  }
  Response Get(const std::string& target) { return Get(target, {}); }

  static std::string PathOf(const cards::Card& card) { return "/c/" + card.link_token.str(); }

  CardPages pages_{context_};
};

// The page without its pictures, so that a failure can be read.
std::string Readable(const Response& response) {
  std::string text;
  std::string_view rest = response.body;
  constexpr std::string_view kMark = ";base64,";
  for (std::size_t at = 0; (at = rest.find(kMark)) != std::string_view::npos;) {
    text += rest.substr(0, at);
    rest.remove_prefix(std::min(rest.size(), rest.find('"', at)));
  }
  return text + std::string(rest);
}

void ExpectPrivate(const Response& response) {
  EXPECT_EQ(response.headers.Find("Cache-Control"), "no-store");
  EXPECT_EQ(response.headers.Find("Referrer-Policy"), "no-referrer");
  EXPECT_EQ(response.headers.Find("X-Robots-Tag"), "noindex");
  EXPECT_EQ(response.headers.Find("X-Content-Type-Options"), "nosniff");
}

// Each style sheet of the page, as a browser would hash it, must be in the policy.
void ExpectPolicyFits(const Response& response) {
  const std::string policy(response.headers.Find("Content-Security-Policy"));
  EXPECT_THAT(policy, StartsWith("default-src 'none'; img-src data:; style-src 'sha256-"));
  EXPECT_THAT(policy, HasSubstr("base-uri 'none'; form-action 'none'; frame-ancestors 'none'"));
  EXPECT_THAT(policy, Not(HasSubstr("unsafe")));
  int sheets = 0;
  for (std::size_t at = 0; (at = response.body.find("<style>", at)) != std::string::npos;
       ++sheets) {
    at += std::string_view("<style>").size();
    const std::string sheet = response.body.substr(at, response.body.find("</style>", at) - at);
    EXPECT_THAT(policy, HasSubstr("'sha256-" + ToBase64(crypto::Sha256(sheet)) + "'"));
  }
  EXPECT_GE(sheets, 1);
  EXPECT_THAT(Readable(response), Not(HasSubstr("<script")));
  EXPECT_THAT(Readable(response), Not(HasSubstr(" style=")));
  EXPECT_THAT(Readable(response), Not(HasSubstr(" onclick=")));
}

TEST_F(CardPagesTest, ShowsTheCardToWhoHasItsLink) {
  const cards::Card card = MakeCard("Anna Smith");
  const Response page = Get(PathOf(card));
  EXPECT_EQ(page.status, 200);
  EXPECT_EQ(page.content_type, "text/html; charset=utf-8");
  EXPECT_THAT(Readable(page), HasSubstr("Anna, your card is ready"));
  EXPECT_THAT(Readable(page), HasSubstr("Bean &amp; Leaf"));
  EXPECT_THAT(Readable(page), HasSubstr("--card-background:#3b2318"));
  ExpectPrivate(page);
  ExpectPolicyFits(page);
}

TEST_F(CardPagesTest, SpeaksTheCustomersLanguage) {
  const std::string path = PathOf(MakeCard("Анна Петрова", "ru"));
  EXPECT_THAT(Readable(Get(path)), HasSubstr("Анна, ваша карта готова"));
  const Response english = Get(path, {.accept_language = "en-US"});
  EXPECT_THAT(Readable(english), HasSubstr("<html lang=\"en\">"));
  EXPECT_THAT(Readable(english), HasSubstr("your card is ready"));
  EXPECT_THAT(Readable(Get(path + "?lang=ru", {.accept_language = "en"})),
              HasSubstr("lang=\"ru\""));
}

TEST_F(CardPagesTest, DrawsARightToLeftCardOnALeftToRightPage) {
  design::TemplateFiles files = ReadTemplate("points");
  std::string& source = files.at("template.json");
  const std::string languages = "[\"en\", \"ru\"]";
  source.replace(source.find(languages), languages.size(), "[\"en\", \"ar\"]");
  files["locales/ar.json"] = files.at("locales/en.json");
  files.erase("locales/ru.json");
  Publish("points", files);
  const std::string path = PathOf(MakeCard("Layla"));
  const std::string page = Readable(Get(path, {.accept_language = "ar, en;q=0.5"}));
  EXPECT_THAT(page, HasSubstr("lang=\"ar\" dir=\"rtl\""));
  EXPECT_THAT(page, HasSubstr("<html lang=\"en\">"));
  EXPECT_THAT(Readable(Get(path)), HasSubstr("lang=\"en\" dir=\"ltr\""));
}

TEST_F(CardPagesTest, WritesAHostileNameAsText) {
  const Response page = Get(PathOf(MakeCard("<script>alert(1)</script>\"'{{url}}")));
  EXPECT_EQ(page.status, 200);
  EXPECT_THAT(Readable(page), HasSubstr("&lt;script&gt;alert(1)&lt;/script&gt;"));
  EXPECT_THAT(Readable(page), HasSubstr("{{url}}"));
  ExpectPolicyFits(page);
}

TEST_F(CardPagesTest, WithoutAWalletThePageItselfIsTheCard) {
  const Response page = Get(PathOf(MakeCard("Anna")), {.user_agent = kIphone});
  EXPECT_THAT(Readable(page), HasSubstr("Keep this page: it is your card."));
  EXPECT_THAT(Readable(page), Not(HasSubstr("/pass.pkpass")));
  EXPECT_THAT(Readable(page), Not(HasSubstr("/google")));
  EXPECT_THAT(Readable(page), HasSubstr("Show at the till"));
}

TEST_F(CardPagesTest, GivesEachDeviceItsOwnWalletFirst) {
  ConfigureApple();
  ConfigureGoogle();
  const cards::Card card = MakeCard("Anna");
  const std::string apple = "href=\"" + card.link_token.str() + "/pass.pkpass\"";
  const std::string google = "href=\"" + card.link_token.str() + "/google\"";

  const std::string iphone = Readable(Get(PathOf(card), {.user_agent = kIphone}));
  ASSERT_THAT(iphone, HasSubstr(apple));
  ASSERT_THAT(iphone, HasSubstr(google));
  EXPECT_LT(iphone.find(apple), iphone.find(google));

  const std::string android = Readable(Get(PathOf(card), {.user_agent = kAndroid}));
  ASSERT_THAT(android, HasSubstr(apple));
  ASSERT_THAT(android, HasSubstr(google));
  EXPECT_LT(android.find(google), android.find(apple));

  const std::string desktop = Readable(Get(PathOf(card)));
  EXPECT_THAT(desktop, HasSubstr("Scan with your phone"));
  EXPECT_THAT(desktop, HasSubstr(apple));
  EXPECT_THAT(desktop, HasSubstr(google));
}

TEST_F(CardPagesTest, LeadsOutOfBrowsersInsideApps) {
  ConfigureApple();
  const cards::Card card = MakeCard("Anna");
  const std::string iphone = Readable(Get(PathOf(card), {.user_agent = kInstagram}));
  EXPECT_THAT(iphone, HasSubstr("href=\"x-safari-https://cards.example.com" + PathOf(card) + "\""));
  EXPECT_THAT(iphone, HasSubstr("value=\"https://cards.example.com" + PathOf(card) + "\""));
  EXPECT_THAT(Readable(Get(PathOf(card), {.user_agent = kTelegram})),
              HasSubstr("href=\"intent://cards.example.com" + PathOf(card) +
                        "#Intent;scheme=https;package=com.android.chrome;end\""));
  EXPECT_THAT(Readable(Get(PathOf(card), {.user_agent = kIphone})), Not(HasSubstr("x-safari")));
}

TEST_F(CardPagesTest, HandsOutTheSignedBundle) {
  ConfigureApple();
  const cards::Card card = MakeCard("Anna");
  const Response bundle = Get(PathOf(card) + "/pass.pkpass");
  EXPECT_EQ(bundle.status, 200);
  EXPECT_EQ(bundle.content_type, "application/vnd.apple.pkpass");
  EXPECT_THAT(bundle.body, StartsWith("PK"));
  EXPECT_EQ(bundle.headers.Find("Content-Disposition"), "inline; filename=\"points.pkpass\"");
  EXPECT_EQ(bundle.headers.Find("Last-Modified"), FormatHttpDate(card.changed_at));
  ExpectPrivate(bundle);
}

TEST_F(CardPagesTest, SendsToGoogleWithASignedToken) {
  ConfigureGoogle();
  const Response redirect = Get(PathOf(MakeCard("Anna")) + "/google");
  EXPECT_EQ(redirect.status, 302);
  EXPECT_THAT(std::string(redirect.headers.Find("Location")),
              StartsWith("https://pay.google.com/gp/v/save/ey"));
  ExpectPrivate(redirect);
}

TEST_F(CardPagesTest, AWalletThatIsNotConfiguredIsNotThere) {
  const cards::Card card = MakeCard("Anna");
  for (const char* file : {"/pass.pkpass", "/google"}) {
    const Response response = Get(PathOf(card) + file);
    EXPECT_EQ(response.status, 404) << file;
    EXPECT_THAT(Readable(response), HasSubstr("href=\"../" + card.link_token.str() + "\""));
    ExpectPrivate(response);
  }
}

TEST_F(CardPagesTest, DrawsTheQrCodeOfThePage) {
  const cards::Card card = MakeCard("Anna");
  const Response svg = Get(PathOf(card) + "/qr.svg");
  EXPECT_EQ(svg.content_type, "image/svg+xml");
  EXPECT_THAT(svg.body, StartsWith("<svg"));
  ExpectPrivate(svg);
  const Response png = Get(PathOf(card) + "/qr.png");
  EXPECT_EQ(png.content_type, "image/png");
  EXPECT_THAT(png.body, StartsWith("\x89PNG"));
  ExpectPrivate(png);
}

TEST_F(CardPagesTest, SaysThatACardIsBlockedAndUntilThen) {
  const cards::Card card = MakeCard("Anna");
  Block(card, clock_.Now() + std::chrono::hours(1));
  const Response blocked = Get(PathOf(card), {.user_agent = kIphone});
  EXPECT_EQ(blocked.status, 200);
  EXPECT_THAT(Readable(blocked), HasSubstr("Your card is blocked"));
  EXPECT_THAT(Readable(blocked), Not(HasSubstr("lost phone")));  // The reason is the shop's own.
  EXPECT_THAT(Readable(blocked), Not(HasSubstr("Show at the till")));
  clock_.Advance(std::chrono::hours(2));
  EXPECT_THAT(Readable(Get(PathOf(card))), HasSubstr("your card is ready"));
}

TEST_F(CardPagesTest, AClosedCardIsGoneOnEveryPath) {
  ConfigureApple();
  const cards::Card card = MakeCard("Anna");
  Close(card);
  for (const char* file : {"", "/pass.pkpass", "/google", "/qr.svg", "/qr.png"}) {
    const Response response = Get(PathOf(card) + file);
    EXPECT_EQ(response.status, 410) << file;
    EXPECT_THAT(Readable(response), HasSubstr("This card is closed"));
    EXPECT_THAT(Readable(response), Not(HasSubstr("Anna")));
    ExpectPrivate(response);
    ExpectPolicyFits(response);
  }
}

TEST_F(CardPagesTest, SaysInTheMembersLanguageThatACardIsGone) {
  const cards::Card card = MakeCard("Анна", "ru");
  Close(card);
  EXPECT_THAT(Readable(Get(PathOf(card))), HasSubstr("Карта закрыта"));
  EXPECT_THAT(Readable(Get(PathOf(card), {.accept_language = "en"})), HasSubstr("is closed"));
}

TEST_F(CardPagesTest, AnUnknownLinkIsNotFoundWhateverItLooksLike) {
  const cards::Card card = MakeCard("Anna");
  const std::string token = card.link_token.str();
  int i = 0;
  for (const std::string& target :
       {std::string("/c/"), std::string("/c/AAAAAAAAAAAAAAAAAAAAAA"), "/c/" + token + "/",
        "/c/" + token + "/other", "/c/" + token + "x", "/c/" + token.substr(1),
        std::string("/c/..%2f..%2fetc%2fpasswd"), std::string("/c/%00"),
        "/c/" + std::string(5000, 'A'), std::string("/c/Ж")}) {
    const std::string client = "192.0.2." + std::to_string(++i);
    const Response response = Get(target, {.client = client});
    EXPECT_EQ(response.status, 404) << target;
    EXPECT_THAT(Readable(response), HasSubstr("There is no card here"));
    ExpectPrivate(response);
    ExpectPolicyFits(response);
  }
}

TEST_F(CardPagesTest, HeadHasTheSameHeadersAndOtherMethodsAreRefused) {
  ConfigureApple();
  const std::string path = PathOf(MakeCard("Anna")) + "/pass.pkpass";
  const Response head = Get(path, {.method = "HEAD"});
  EXPECT_EQ(head.status, 200);
  EXPECT_EQ(head.headers.fields(), Get(path).headers.fields());
  EXPECT_EQ(head.body.size(), Get(path).body.size());
  for (const char* method : {"POST", "PUT", "DELETE", "PATCH", "OPTIONS"}) {
    const Response refusal = Get(path, {.method = method});
    EXPECT_EQ(refusal.status, 405) << method;
    EXPECT_EQ(refusal.headers.Find("Allow"), "GET, HEAD");
    ExpectPrivate(refusal);
  }
}

TEST_F(CardPagesTest, LimitsAClientThatAsksTooOften) {
  const std::string path = PathOf(MakeCard("Anna")) + "/qr.svg";
  const int burst = CardPageLimits{}.requests.burst;
  for (int i = 0; i < burst; ++i) ASSERT_EQ(Get(path).status, 200);
  const Response refusal = Get(path);
  EXPECT_EQ(refusal.status, 429);
  EXPECT_EQ(refusal.headers.Find("Retry-After"), "1");
  ExpectPrivate(refusal);
  EXPECT_EQ(Get(path, {.client = "192.0.2.2"}).status, 200);
  clock_.Advance(std::chrono::seconds(1));
  EXPECT_EQ(Get(path).status, 200);
}

TEST_F(CardPagesTest, LimitsAClientThatGuessesLinksBeforeItLearnsMore) {
  const std::string path = PathOf(MakeCard("Anna"));
  const int burst = CardPageLimits{}.unknown_links.burst;
  for (int i = 0; i < burst; ++i) {
    ASSERT_EQ(Get("/c/" + std::string(20, 'A') + std::to_string(10 + i)).status, 404);
  }
  EXPECT_EQ(Get(path).status, 429);  // A right guess looks like a wrong one.
  EXPECT_EQ(Get("/c/x").status, 429);
  EXPECT_EQ(Get(path, {.client = "192.0.2.2"}).status, 200);
}

}  // namespace
}  // namespace passmint::http
