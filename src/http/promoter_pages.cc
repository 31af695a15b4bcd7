#include "http/promoter_pages.h"

#include <algorithm>
#include <string>
#include <utility>

#include "http/client_limits.h"
#include "http/pages/page.h"
#include "http/pages/texts.h"
#include "http/problem.h"
#include "http/router.h"
#include "image/qr.h"
#include "issuance/referrals.h"

namespace passmint::http {
namespace {

using issuance::PromoterView;
using pages::Texts;

constexpr int kQrPngScale = 8;
// As those of the card pages: thousands of phones stand behind one address.
constexpr ClientRate kRequests{.burst = 100, .interval = std::chrono::milliseconds(50)};

enum class Part { kPage, kQrSvg, kQrPng };

// "ABCDEFGH.0123456789abcdef", base64url behind the point.
bool MayBeToken(const std::string& text) {
  constexpr std::size_t kBytesMax = 64;
  return text.size() <= kBytesMax && std::all_of(text.begin(), text.end(), [](char c) {
           return (c >= '0' && c <= '9') || (c >= 'A' && c <= 'Z') || (c >= 'a' && c <= 'z') ||
                  c == '.' || c == '-' || c == '_';
         });
}

const Texts& TextsFor(const Request& request) {
  return pages::ChooseTexts(QueryValue(request.query(), "lang").value_or(""),
                            request.headers.Find("Accept-Language"), "", {});
}

void AddHeaders(Response& response) {
  response.headers.Add("Cache-Control", "no-store");
  response.headers.Add("Referrer-Policy", "no-referrer");
  response.headers.Add("X-Robots-Tag", "noindex");
  response.headers.Add("X-Content-Type-Options", "nosniff");
}

Response MessagePage(const Texts& texts, int status, const Texts::Message& message) {
  pages::Page page = pages::RenderMessagePage(texts, message, "");
  Response response{
      .status = status, .content_type = "text/html; charset=utf-8", .body = std::move(page.html)};
  AddHeaders(response);
  response.headers.Add("Content-Security-Policy", std::move(page.policy));
  return response;
}

Response Failure(const Texts& texts, const Error& error) {
  if (error.code == ErrorCode::kNotFound) return MessagePage(texts, 404, texts.not_found);
  const bool later = StatusFor(error.code) == 503;
  Response response =
      MessagePage(texts, later ? 503 : 500, later ? texts.unavailable : texts.internal);
  if (later) response.headers.Add("Retry-After", "5");
  response.cause = error.message;
  return response;
}

Response Page(const Texts& texts, const PromoterView& view) {
  if (view.link != view.page) {
    Response response{.status = 302, .content_type = "", .body = ""};
    AddHeaders(response);
    response.headers.Add("Location", view.link);
    return response;
  }
  const std::string said = std::string(texts.invited.text) + " " + view.token;
  return MessagePage(texts, 200, {texts.invited.title, said});
}

Response QrCode(const Texts& texts, const PromoterView& view, Part part) {
  const auto qr = image::MakeQr(view.link);
  if (!qr.ok()) return Failure(texts, qr.error());
  Response response;
  if (part == Part::kQrSvg) {
    response.content_type = "image/svg+xml";
    response.body = image::QrToSvg(qr.value(), texts.qr_alt);
    response.headers.Add("Content-Security-Policy", "default-src 'none'");
  } else {
    auto png = image::QrToPng(qr.value(), kQrPngScale);
    if (!png.ok()) return Failure(texts, png.error());
    response.content_type = "image/png";
    response.body = std::move(png).value();
  }
  AddHeaders(response);
  return response;
}

}  // namespace

class PromoterPages::Impl {
 public:
  explicit Impl(const Context& context) : context_(context), requests_(kRequests, context.clock) {
    router_.Add("GET", "/p/{token}", Part::kPage);
    router_.Add("GET", "/p/{token}/qr.svg", Part::kQrSvg);
    router_.Add("GET", "/p/{token}/qr.png", Part::kQrPng);
  }

  Response Handle(const Request& request) {
    const Texts& texts = TextsFor(request);
    const auto wait = requests_.Take(request.client_address);
    if (wait > std::chrono::seconds(0)) {
      Response response = MessagePage(texts, 429, texts.too_many);
      response.headers.Add("Retry-After", std::to_string(wait.count()));
      return response;
    }
    const auto match = router_.Find(request.method, request.path());
    if (match.endpoint == nullptr && !match.allowed.empty()) {
      Response response = MessagePage(texts, 405, texts.wrong_method);
      response.headers.Add("Allow", match.allowed);
      return response;
    }
    if (match.endpoint == nullptr || !MayBeToken(match.arguments[0])) {
      return MessagePage(texts, 404, texts.not_found);
    }
    const auto view =
        issuance::FindByReferralToken(context_.store, context_.site, match.arguments[0]);
    if (!view.ok()) return Failure(texts, view.error());
    if (*match.endpoint == Part::kPage) return Page(texts, view.value());
    return QrCode(texts, view.value(), *match.endpoint);
  }

 private:
  const Context context_;
  ClientLimits requests_;
  Router<Part> router_;
};

PromoterPages::PromoterPages(const Context& context) : impl_(std::make_unique<Impl>(context)) {}

PromoterPages::~PromoterPages() = default;

Response PromoterPages::Handle(const Request& request) const { return impl_->Handle(request); }

}  // namespace passmint::http
