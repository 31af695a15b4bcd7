#include "http/pages/texts.h"

#include <algorithm>
#include <array>
#include <optional>

#include "base/language.h"

namespace passmint::http::pages {
namespace {

constexpr Texts kEnglish = {
    .language = "en",
    .title = "Your card at {}",
    .ready = "Your card is ready",
    .ready_for = "{}, your card is ready",
    .lead_phone = "Keep it in your phone's wallet. One tap, no app, no sign-up.",
    .lead_desktop = "Take it along on your phone. No app, no sign-up.",
    .lead_no_wallet = "Keep this page: it is your card.",
    .wallets = "Add the card to a wallet",
    .blocked_title = "Your card is blocked",
    .blocked_text = "It cannot be used at the till at present. Please ask at {}.",
    .add_to_apple = "Add to Apple Wallet",
    .add_to_google = "Add to Google Wallet",
    .other_wallet = "Another wallet app?",
    .download_pass = "Download the card as a .pkpass file",
    .leave_title_safari = "One step: open this page in Safari",
    .leave_title_chrome = "One step: open this page in Chrome",
    .leave_text = "The browser inside this app often cannot add cards to a wallet.",
    .open_safari = "Open in Safari",
    .open_chrome = "Open in Chrome",
    .copy_address = "Or copy this address and open it there",
    .try_here = "Or try it right here",
    .qr_title_desktop = "Scan with your phone",
    .qr_text_desktop =
        "Point your phone's camera at the code. The card opens there, one tap away from your "
        "wallet.",
    .qr_title_phone = "For another phone",
    .qr_text_phone = "Point its camera at this code.",
    .qr_alt = "QR code with the address of this page",
    .on_this_device = "Or on this device",
    .till_summary = "Show at the till",
    .till_text = "Let the cashier scan this code.",
    .till_alt = "Code of the card {}",
    .private_page = "This page is yours alone: whoever has its address can add your card.",
    .other_language = "Русский",
    .other_language_tag = "ru",
    .invited = {"You are invited", "Give this code to the shop with your first purchase:"},
    .not_found =
        {"There is no card here",
         "The link may be incomplete. Please open it once more from the message or receipt "
         "that it came with."},
    .no_such_wallet = {"This card is not made for that wallet",
                       "Its page shows the ways that there are."},
    .gone = {"This card is closed", "It can no longer be used. The shop can tell you more."},
    .pending = {"This card awaits its payment",
                "It is yours as soon as it is paid for: then this page opens it."},
    .wrong_method = {"That does not work here", "Please open the card's page by its link."},
    .too_many = {"One moment, please",
                 "Very many requests came from your network. Please try again in a few seconds."},
    .unavailable = {"One moment, please", "We cannot reach your card. Please try again shortly."},
    .internal = {"Something went wrong", "It is our mistake, not yours. Please try again later."},
    .back_to_card = "To the card",
};

constexpr Texts kRussian = {
    .language = "ru",
    .title = "Ваша карта {}",
    .ready = "Ваша карта готова",
    .ready_for = "{}, ваша карта готова",
    .lead_phone = "Добавьте её в Кошелёк телефона. Одно касание, без приложений и регистрации.",
    .lead_desktop = "Возьмите её с собой в телефоне. Без приложений и регистрации.",
    .lead_no_wallet = "Сохраните эту страницу: это и есть ваша карта.",
    .wallets = "Добавить карту в кошелёк",
    .blocked_title = "Ваша карта заблокирована",
    .blocked_text = "Пока её нельзя использовать на кассе. Вам поможет продавец: {}.",
    .add_to_apple = "Добавить в Apple Wallet",
    .add_to_google = "Добавить в Google Кошелёк",
    .other_wallet = "Другой кошелёк?",
    .download_pass = "Скачать карту файлом .pkpass",
    .leave_title_safari = "Откройте эту страницу в Safari",
    .leave_title_chrome = "Откройте эту страницу в Chrome",
    .leave_text = "Браузер внутри этого приложения часто не умеет добавлять карты в кошелёк.",
    .open_safari = "Открыть в Safari",
    .open_chrome = "Открыть в Chrome",
    .copy_address = "Или скопируйте этот адрес и откройте его там",
    .try_here = "Или попробуйте прямо здесь",
    .qr_title_desktop = "Отсканируйте телефоном",
    .qr_text_desktop =
        "Наведите камеру телефона на код. Карта откроется на нём, останется одно касание.",
    .qr_title_phone = "На другой телефон",
    .qr_text_phone = "Наведите его камеру на этот код.",
    .qr_alt = "QR-код с адресом этой страницы",
    .on_this_device = "Или на этом устройстве",
    .till_summary = "Показать на кассе",
    .till_text = "Дайте кассиру отсканировать этот код.",
    .till_alt = "Код карты {}",
    .private_page = "Это ваша личная страница: по её адресу карту может добавить любой.",
    .other_language = "English",
    .other_language_tag = "en",
    .invited = {"Вас приглашают", "Назовите магазину этот код при первой покупке:"},
    .not_found = {"Здесь нет карты",
                  "Возможно, ссылка неполная. Откройте её ещё раз из сообщения или чека, в котором "
                  "она пришла."},
    .no_such_wallet = {"Для этого кошелька карты нет", "Возможные способы есть на странице карты."},
    .gone = {"Карта закрыта", "Пользоваться ею больше нельзя. Подробнее расскажет продавец."},
    .pending = {"Карта ждёт оплаты",
                "Она станет вашей, как только её оплатят: тогда эта страница её откроет."},
    .wrong_method = {"Так не получится", "Откройте страницу карты по её ссылке."},
    .too_many = {"Минутку",
                 "Из вашей сети пришло очень много запросов. Повторите через несколько секунд."},
    .unavailable = {"Минутку", "Не получается открыть вашу карту. Повторите чуть позже."},
    .internal = {"Что-то пошло не так", "Это наша ошибка, не ваша. Повторите попытку позже."},
    .back_to_card = "К карте",
};

constexpr std::array kAll = {&kEnglish, &kRussian};

std::string_view Primary(std::string_view tag) { return tag.substr(0, tag.find('-')); }

char Lower(char c) { return c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c; }

bool SameLanguage(std::string_view a, std::string_view b) {
  a = Primary(a);
  b = Primary(b);
  return std::equal(a.begin(), a.end(), b.begin(), b.end(),
                    [](char x, char y) { return Lower(x) == Lower(y); });
}

const Texts* Find(std::string_view tag) {
  for (const Texts* texts : kAll) {
    if (SameLanguage(texts->language, tag)) return texts;
  }
  return nullptr;
}

// All that the customer may want, best first.
std::vector<std::string> Wishes(std::string_view asked, std::string_view accept_language,
                                std::string_view member_locale) {
  std::vector<std::string> wishes{std::string(asked)};
  for (std::string& tag : ParseAcceptLanguage(accept_language)) wishes.push_back(std::move(tag));
  wishes.emplace_back(member_locale);
  return wishes;
}

}  // namespace

const Texts& TextsIn(std::string_view language) {
  const Texts* texts = Find(language);
  return texts == nullptr ? kEnglish : *texts;
}

const Texts& ChooseTexts(std::string_view asked, std::string_view accept_language,
                         std::string_view member_locale,
                         const std::vector<std::string>& programme_languages) {
  for (const std::string& wish : Wishes(asked, accept_language, member_locale)) {
    if (const Texts* texts = Find(wish)) return *texts;
  }
  return programme_languages.empty() ? kEnglish : TextsIn(programme_languages.front());
}

std::size_t ChooseCardLanguage(const std::vector<std::string>& offered, std::string_view asked,
                               std::string_view accept_language, std::string_view member_locale) {
  for (const std::string& wish : Wishes(asked, accept_language, member_locale)) {
    const std::string& best = ChooseLanguage(offered, wish);
    if (!SameLanguage(best, wish)) continue;
    return static_cast<std::size_t>(std::find(offered.begin(), offered.end(), best) -
                                    offered.begin());
  }
  return 0;
}

std::string Fill(std::string_view pattern, std::string_view what) {
  const std::size_t place = pattern.find("{}");
  if (place == std::string_view::npos) return std::string(pattern);
  return std::string(pattern.substr(0, place)) + std::string(what) +
         std::string(pattern.substr(place + 2));
}

}  // namespace passmint::http::pages
