#include "http/card_pages.h"

#include <algorithm>
#include <chrono>
#include <optional>
#include <string>
#include <utility>

#include "http/pages/card_view.h"
#include "http/pages/device.h"
#include "http/pages/page.h"
#include "http/pages/texts.h"
#include "http/problem.h"
#include "http/router.h"
#include "image/qr.h"

namespace passmint::http {
namespace {

using issuance::CurrentCard;
using pages::Texts;

// A card of the format "<name>.pkpass" opens in place: reference, Apple Wallet section 7.
constexpr const char* kPassType = "application/vnd.apple.pkpass";

// Pixels a module: 8 is sharp on a screen and prints at 2 cm.
constexpr int kQrPngScale = 8;

enum class Part { kPage, kBundle, kGoogle, kQrSvg, kQrPng };

// The token is 22 characters of [0-9A-Za-z] today; older or imported ones may differ a little.
bool MayBeToken(const std::string& text) {
  constexpr std::size_t kBytesMax = 64;
  return text.size() <= kBytesMax && std::all_of(text.begin(), text.end(), [](char c) {
           return (c >= '0' && c <= '9') || (c >= 'A' && c <= 'Z') || (c >= 'a' && c <= 'z');
         });
}

// What holds for every answer under /c/: the link is a secret.
void AddPrivateHeaders(Response& response) {
  response.headers.Add("Cache-Control", "no-store");
  response.headers.Add("Referrer-Policy", "no-referrer");
  response.headers.Add("X-Robots-Tag", "noindex");
  response.headers.Add("X-Content-Type-Options", "nosniff");
}

Response FromPage(int status, pages::Page page) {
  Response response{
      .status = status, .content_type = "text/html; charset=utf-8", .body = std::move(page.html)};
  AddPrivateHeaders(response);
  response.headers.Add("Content-Security-Policy", std::move(page.policy));
  return response;
}

std::string FirstWord(const std::string& name) { return name.substr(0, name.find(' ')); }

std::string TextOf(std::chrono::seconds wait) { return std::to_string(wait.count()); }

// What a request says of the customer's languages.
struct Wish {
  std::string asked;
  std::string_view accept;

  explicit Wish(const Request& request)
      : asked(QueryValue(request.query(), "lang").value_or("")),
        accept(request.headers.Find("Accept-Language")) {}

  const Texts& Choose(std::string_view locale, const std::vector<std::string>& programme) const {
    return pages::ChooseTexts(asked, accept, locale, programme);
  }
  const Texts& Choose() const { return Choose("", {}); }
};

Response Message(const Request& request, int status, const Texts::Message Texts::*message,
                 std::string_view back = "") {
  const Texts& texts = Wish(request).Choose();
  return FromPage(status, pages::RenderMessagePage(texts, texts.*message, back));
}

Response TooMany(const Request& request, std::chrono::seconds wait) {
  Response response = Message(request, 429, &Texts::too_many);
  response.headers.Add("Retry-After", TextOf(wait));
  return response;
}

Response Failure(const Request& request, const Error& error) {
  const int status = StatusFor(error.code);
  if (status == 404) return Message(request, 404, &Texts::not_found);
  if (status == 410) return Message(request, 410, &Texts::gone);
  if (status != 503) return Message(request, 500, &Texts::internal);
  Response response = Message(request, 503, &Texts::unavailable);
  response.headers.Add("Retry-After", "5");
  return response;
}

// A wallet's file for which the programme has no certificate or account.
Response WalletFailure(const Request& request, const CurrentCard& current, const Error& error) {
  if (error.code != ErrorCode::kNotFound) return Failure(request, error);
  return Message(request, 404, &Texts::no_such_wallet, "../" + current.card.link_token.str());
}

}  // namespace

class CardPages::Impl {
 public:
  Impl(const Context& context, const CardPageLimits& limits)
      : context_(context),
        requests_(limits.requests, context.clock),
        unknown_links_(limits.unknown_links, context.clock) {
    router_.Add("GET", "/c/{token}", Part::kPage);
    router_.Add("GET", "/c/{token}/pass.pkpass", Part::kBundle);
    router_.Add("GET", "/c/{token}/google", Part::kGoogle);
    router_.Add("GET", "/c/{token}/qr.svg", Part::kQrSvg);
    router_.Add("GET", "/c/{token}/qr.png", Part::kQrPng);
  }

  Response Handle(const Request& request) {
    const auto wait = std::max(requests_.Take(request.client_address),
                               unknown_links_.WaitFor(request.client_address));
    if (wait > std::chrono::seconds(0)) return TooMany(request, wait);

    const auto match = router_.Find(request.method, request.path());
    if (match.endpoint == nullptr && !match.allowed.empty()) {
      Response response = Message(request, 405, &Texts::wrong_method);
      response.headers.Add("Allow", match.allowed);
      return response;
    }
    if (match.endpoint == nullptr || !MayBeToken(match.arguments[0])) return Unknown(request);
    auto current =
        issuance::FindByLinkToken(context_.store, context_.site, LinkToken(match.arguments[0]));
    if (!current.ok()) {
      if (current.error().code == ErrorCode::kNotFound) return Unknown(request);
      return Failure(request, current.error());
    }
    return Answer(request, *match.endpoint, current.value());
  }

 private:
  Response Unknown(const Request& request) {
    unknown_links_.Take(request.client_address);
    return Message(request, 404, &Texts::not_found);
  }

  Response Answer(const Request& request, Part part, const CurrentCard& current) {
    const bool closed =
        cards::EffectiveStatus(current.card, current.now) == cards::CardStatus::kClosed;
    if (closed || current.member.erased) return Message(request, 410, &Texts::gone);
    switch (part) {
      case Part::kPage:
        return Page(request, current);
      case Part::kBundle:
        return Bundle(request, current);
      case Part::kGoogle:
        return Google(request, current);
      case Part::kQrSvg:
      case Part::kQrPng:
        return Qr(request, part, current);
    }
    return Unknown(request);  // Not reached: -Wswitch makes a missing part an error.
  }

  std::string PageUrl(const CurrentCard& current) const {
    return context_.site.public_url + "/c/" + current.card.link_token.str();
  }

  Response Page(const Request& request, const CurrentCard& current) {
    auto ready = context_.maker.catalogue().Get(*current.programme, current.card.template_name,
                                                current.design.version);
    if (!ready.ok()) return Failure(request, ready.error());
    auto card = context_.maker.Render(current);
    if (!card.ok()) return Failure(request, card.error());

    const Wish wish(request);
    const design::Design& design = *ready.value()->design;
    const std::size_t language = pages::ChooseCardLanguage(design.source().languages, wish.asked,
                                                           wish.accept, current.member.locale);
    const pages::CardPage facts{
        .texts = wish.Choose(current.member.locale, current.programme->programme.languages),
        .card = pages::MakeCardView(design, card.value(), language),
        .first_name = FirstWord(current.member.name),
        .device = pages::DeviceOf(request.headers.Find("User-Agent")),
        .url = PageUrl(current),
        .token = current.card.link_token.str(),
        .has_apple = ready.value()->apple != nullptr,
        .has_google = ready.value()->google != nullptr,
        .blocked =
            cards::EffectiveStatus(current.card, current.now) == cards::CardStatus::kBlocked};
    auto page = pages::RenderCardPage(facts);
    if (!page.ok()) return Failure(request, page.error());
    return FromPage(200, std::move(page).value());
  }

  Response Bundle(const Request& request, const CurrentCard& current) {
    auto bundle = context_.maker.Bundle(current);
    if (!bundle.ok()) return WalletFailure(request, current, bundle.error());
    Response response{.status = 200, .content_type = kPassType, .body = std::move(bundle).value()};
    AddPrivateHeaders(response);
    response.headers.Add("Last-Modified", FormatHttpDate(current.effective_time()));
    // The name is [a-z0-9-]: nothing to quote.
    response.headers.Add("Content-Disposition",
                         "inline; filename=\"" + current.card.template_name.str() + ".pkpass\"");
    return response;
  }

  Response Google(const Request& request, const CurrentCard& current) {
    auto url = context_.maker.GoogleSaveUrl(current);
    if (!url.ok()) return WalletFailure(request, current, url.error());
    Response response{.status = 302, .content_type = "", .body = ""};
    AddPrivateHeaders(response);
    response.headers.Add("Location", std::move(url).value());
    return response;
  }

  Response Qr(const Request& request, Part part, const CurrentCard& current) {
    const auto qr = image::MakeQr(PageUrl(current));
    if (!qr.ok()) return Failure(request, qr.error());
    Response response;
    if (part == Part::kQrSvg) {
      response.content_type = "image/svg+xml";
      const Texts& texts =
          Wish(request).Choose(current.member.locale, current.programme->programme.languages);
      response.body = image::QrToSvg(qr.value(), texts.qr_alt);
      // An SVG that is opened by itself is a page.
      response.headers.Add("Content-Security-Policy", "default-src 'none'");
    } else {
      auto png = image::QrToPng(qr.value(), kQrPngScale);
      if (!png.ok()) return Failure(request, png.error());
      response.content_type = "image/png";
      response.body = std::move(png).value();
    }
    AddPrivateHeaders(response);
    return response;
  }

  const Context context_;
  ClientLimits requests_;
  ClientLimits unknown_links_;
  Router<Part> router_;
};

CardPages::CardPages(const Context& context, const CardPageLimits& limits)
    : impl_(std::make_unique<Impl>(context, limits)) {}

CardPages::~CardPages() = default;

Response CardPages::Handle(const Request& request) const { return impl_->Handle(request); }

}  // namespace passmint::http
