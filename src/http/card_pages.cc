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

Response Message(const Texts& texts, int status, const Texts::Message Texts::*message,
                 std::string_view back = "") {
  return FromPage(status, pages::RenderMessagePage(texts, texts.*message, back));
}

Response TooMany(const Texts& texts, std::chrono::seconds wait) {
  Response response = Message(texts, 429, &Texts::too_many);
  response.headers.Add("Retry-After", TextOf(wait));
  return response;
}

Response Failure(const Texts& texts, const Error& error) {
  const int status = StatusFor(error.code);
  if (status == 404) return Message(texts, 404, &Texts::not_found);
  if (status == 410) return Message(texts, 410, &Texts::gone);
  const bool later = status == 503;
  Response response =
      Message(texts, later ? 503 : 500, later ? &Texts::unavailable : &Texts::internal);
  if (later) response.headers.Add("Retry-After", "5");
  response.cause = error.message;
  return response;
}

// A card that was found, and who asks for it.
struct Visit {
  const CurrentCard& current;
  const Request& request;
  Wish wish;
  const Texts& texts;

  Visit(const CurrentCard& found, const Request& asking)
      : current(found),
        request(asking),
        wish(asking),
        texts(wish.Choose(found.member.locale, found.programme->programme.languages)) {}

  std::string token() const { return current.card.link_token.str(); }
};

// A wallet's file for which the programme has no certificate or account.
Response WalletFailure(const Visit& visit, const Error& error) {
  if (error.code != ErrorCode::kNotFound) return Failure(visit.texts, error);
  return Message(visit.texts, 404, &Texts::no_such_wallet, "../" + visit.token());
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
    const Texts& texts = Wish(request).Choose();
    const auto wait = std::max(requests_.Take(request.client_address),
                               unknown_links_.WaitFor(request.client_address));
    if (wait > std::chrono::seconds(0)) return TooMany(texts, wait);

    const auto match = router_.Find(request.method, request.path());
    if (match.endpoint == nullptr && !match.allowed.empty()) {
      Response response = Message(texts, 405, &Texts::wrong_method);
      response.headers.Add("Allow", match.allowed);
      return response;
    }
    if (match.endpoint == nullptr || !MayBeToken(match.arguments[0])) return Unknown(request);
    auto current =
        issuance::FindByLinkToken(context_.store, context_.site, LinkToken(match.arguments[0]));
    if (!current.ok()) {
      if (current.error().code == ErrorCode::kNotFound) return Unknown(request);
      return Failure(texts, current.error());
    }
    return Answer(Visit(current.value(), request), *match.endpoint);
  }

 private:
  Response Unknown(const Request& request) {
    unknown_links_.Take(request.client_address);
    return Message(Wish(request).Choose(), 404, &Texts::not_found);
  }

  Response Answer(const Visit& visit, Part part) {
    const CurrentCard& current = visit.current;
    const bool closed = StatusOf(current) == cards::CardStatus::kClosed;
    if (closed || current.member.erased) return Message(visit.texts, 410, &Texts::gone);
    if (StatusOf(current) == cards::CardStatus::kPending) return Pending(visit, part);
    switch (part) {
      case Part::kPage:
        return Page(visit);
      case Part::kBundle:
        return Bundle(visit);
      case Part::kGoogle:
        return Google(visit);
      case Part::kQrSvg:
        return QrSvg(visit);
      case Part::kQrPng:
        return QrPng(visit);
    }
    return Unknown(visit.request);  // Not reached: -Wswitch makes a missing part an error.
  }

  // No pass before the payment; the page is there, so that its link can be given away.
  static Response Pending(const Visit& visit, Part part) {
    return Message(visit.texts, part == Part::kPage ? 200 : 409, &Texts::pending);
  }

  static cards::CardStatus StatusOf(const CurrentCard& current) {
    return cards::EffectiveStatus(current.card, current.now);
  }

  std::string PageUrl(const Visit& visit) const {
    return context_.site.public_url + "/c/" + visit.token();
  }

  Response Page(const Visit& visit) {
    const CurrentCard& current = visit.current;
    auto ready = context_.maker.catalogue().Get(*current.programme, current.card.template_name,
                                                current.design.version);
    if (!ready.ok()) return Failure(visit.texts, ready.error());
    auto card = context_.maker.Render(current);
    if (!card.ok()) return Failure(visit.texts, card.error());

    const design::Design& design = *ready.value()->design;
    const std::size_t language = pages::ChooseCardLanguage(
        design.source().languages, visit.wish.asked, visit.wish.accept, current.member.locale);
    const pages::CardPage facts{.texts = visit.texts,
                                .card = pages::MakeCardView(design, card.value(), language),
                                .first_name = FirstWord(current.member.name),
                                .device = pages::DeviceOf(visit.request.headers.Find("User-Agent")),
                                .url = PageUrl(visit),
                                .token = visit.token(),
                                .has_apple = ready.value()->apple != nullptr,
                                .has_google = ready.value()->google != nullptr,
                                .blocked = StatusOf(current) == cards::CardStatus::kBlocked};
    auto page = pages::RenderCardPage(facts);
    if (!page.ok()) return Failure(visit.texts, page.error());
    return FromPage(200, std::move(page).value());
  }

  Response Bundle(const Visit& visit) {
    auto bundle = context_.maker.Bundle(visit.current);
    if (!bundle.ok()) return WalletFailure(visit, bundle.error());
    Response response{.status = 200, .content_type = kPassType, .body = std::move(bundle).value()};
    AddPrivateHeaders(response);
    response.headers.Add("Last-Modified", FormatHttpDate(visit.current.effective_time()));
    // The name is [a-z0-9-]: nothing to quote.
    response.headers.Add(
        "Content-Disposition",
        "inline; filename=\"" + visit.current.card.template_name.str() + ".pkpass\"");
    return response;
  }

  // HEAD is somebody who looks, not who taps: nothing is made for them.
  Response Google(const Visit& visit) {
    const bool taps = context_.google != nullptr && visit.request.method == "GET";
    auto url = taps ? context_.google->SaveUrl(visit.current)
                    : context_.maker.GoogleSaveUrl(visit.current);
    if (!url.ok()) return WalletFailure(visit, url.error());
    Response response{.status = 302, .content_type = "", .body = ""};
    AddPrivateHeaders(response);
    response.headers.Add("Location", std::move(url).value());
    return response;
  }

  Response QrSvg(const Visit& visit) {
    const auto qr = image::MakeQr(PageUrl(visit));
    if (!qr.ok()) return Failure(visit.texts, qr.error());
    Response response{.status = 200,
                      .content_type = "image/svg+xml",
                      .body = image::QrToSvg(qr.value(), visit.texts.qr_alt)};
    AddPrivateHeaders(response);
    // An SVG that is opened by itself is a page.
    response.headers.Add("Content-Security-Policy", "default-src 'none'");
    return response;
  }

  Response QrPng(const Visit& visit) {
    const auto qr = image::MakeQr(PageUrl(visit));
    if (!qr.ok()) return Failure(visit.texts, qr.error());
    auto png = image::QrToPng(qr.value(), kQrPngScale);
    if (!png.ok()) return Failure(visit.texts, png.error());
    Response response{.status = 200, .content_type = "image/png", .body = std::move(png).value()};
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
