#include "issuance/draft_pass.h"

#include <charconv>
#include <utility>
#include <vector>

#include "base/bytes.h"
#include "crypto/digest.h"
#include "issuance/designs.h"
#include "json/json.h"

namespace passmint::issuance {
namespace {

constexpr std::string_view kPurpose = "draft-link/1";
constexpr std::size_t kTokenBytesMax = 512;
constexpr std::size_t kSerialDigits = 24;
constexpr char kMark[] = "DRAFT · ";

Result<std::string> Mac(const Site& site, std::string_view claims) {
  auto key = site.keys->Derive(site.keys->current_key_id(), kPurpose);
  if (!key.ok()) return std::move(key).error();
  return ToHex(crypto::HmacSha256(key.value(), claims));
}

Error NoSuchLink() {
  return {.code = ErrorCode::kNotFound,
          .message = "this link to a draft is over: make a new one in the studio",
          .reason = "no_such_link"};
}

std::vector<std::string_view> Split(std::string_view text) {
  std::vector<std::string_view> parts;
  while (true) {
    const auto dot = text.find('.');
    parts.push_back(text.substr(0, dot));
    if (dot == std::string_view::npos) return parts;
    text.remove_prefix(dot + 1);
  }
}

// "DRAFT · " before the text in every language.
void MarkText(Json& main, design::TemplateFiles& files, const char* key) {
  static constexpr char kOurKey[] = "passmint_draft_mark";
  const Json old = main.contains(key) ? main[key] : Json("");
  const std::string text = old.is_string() ? old.get<std::string>() : std::string();
  if (!text.starts_with('@') || text.starts_with("@@")) {
    main[key] = kMark + (text.starts_with("@@") ? text.substr(1) : text);
    return;
  }
  for (auto& [path, bytes] : files) {
    if (!path.starts_with("locales/")) continue;
    auto locale = json::Parse(bytes, design::kLocaleJsonBytesMax);
    if (!locale.ok() || !locale.value().is_object()) continue;
    Json& texts = locale.value();
    const std::string found = text.substr(1);
    if (!texts.contains(found) || !texts[found].is_string()) continue;
    texts[kOurKey] = kMark + texts[found].get<std::string>();
    bytes = json::Dump(texts);
  }
  main[key] = std::string("@") + kOurKey;
}

// The folder of a card that says what it is and ends soon. What cannot be read stays, and lint says
// so.
design::TemplateFiles Marked(design::TemplateFiles files, Timestamp ends) {
  const auto file = files.find("template.json");
  if (file == files.end()) return files;
  auto parsed = json::Parse(file->second, design::kTemplateJsonBytesMax);
  if (!parsed.ok() || !parsed.value().is_object()) return files;
  Json main = std::move(parsed).value();
  MarkText(main, files, "logo_text");
  main["expires"] = FormatRfc3339(ends);
  if (main.contains("poster") && !main["poster"].is_null()) {
    if (!main["poster"].is_object()) main["poster"] = Json::object();
    main["poster"]["logo_text"] = "DRAFT";
  }
  if (main.contains("apple") && main["apple"].is_object()) {
    for (const char* key : {"logoText", "expirationDate", "eventLogoText"})
      main["apple"].erase(key);
  }
  files["template.json"] = json::Dump(main);
  return files;
}

}  // namespace

Result<Secret> SignDraftLink(const Site& site, const DraftLink& link, Timestamp now) {
  const std::string claims = link.programme.str() + "." + link.name.str() + "." +
                             std::string(design::Name(link.sample)) + "." +
                             std::to_string(ToUnixSeconds(now + kDraftLinkLife));
  auto mac = Mac(site, claims);
  if (!mac.ok()) return std::move(mac).error();
  return Secret(claims + "." + mac.value());
}

Result<DraftLink> ReadDraftLink(const Site& site, std::string_view token, Timestamp now) {
  const auto dot = token.rfind('.');
  if (token.size() > kTokenBytesMax || dot == std::string_view::npos) return NoSuchLink();
  const std::string_view claims = token.substr(0, dot);
  auto mac = Mac(site, claims);
  if (!mac.ok()) return std::move(mac).error();
  if (!crypto::ConstantTimeEquals(mac.value(), token.substr(dot + 1))) return NoSuchLink();
  constexpr std::size_t kParts = 4;
  const std::vector<std::string_view> parts = Split(claims);
  if (parts.size() != kParts) return NoSuchLink();
  std::int64_t ends = 0;
  const auto [stop, error] =
      std::from_chars(parts[3].data(), parts[3].data() + parts[3].size(), ends);
  const bool read = error == std::errc() && stop == parts[3].data() + parts[3].size();
  if (!read || ends <= ToUnixSeconds(now)) return NoSuchLink();
  DraftLink link{.programme = ProgrammeId(std::string(parts[0])),
                 .name = TemplateName(std::string(parts[1]))};
  for (std::size_t i = 0; i < design::kSamples; ++i) {
    const auto sample = static_cast<design::Sample>(i);
    if (design::Name(sample) == parts[2]) link.sample = sample;
  }
  return link;
}

Result<std::string> BuildDraftPass(const design::TemplateFiles& files, const Site& site,
                                   const ProgrammeSite& programme, const DraftLink& link,
                                   Timestamp now) {
  if (programme.apple == nullptr) {
    return Error{.code = ErrorCode::kConflict,
                 .message = "the programme has no Apple certificate",
                 .reason = "no_certificate",
                 .hint = "passmint cert csr, then cert import"};
  }
  const Timestamp ends = std::chrono::floor<std::chrono::seconds>(now + kDraftPassLife);
  auto publishable = PreparePublish(Marked(files, ends), site, programme, now);
  if (!publishable.ok()) return std::move(publishable).error();
  const auto design = publishable.value().design;
  auto factory =
      apple::PassFactory::Make(design, programme.apple, AppleEnvironment(site, programme));
  if (!factory.ok()) return std::move(factory).error();
  const design::RenderedCard card =
      design->Render(design::SampleValues(link.sample, programme.programme.currency.code()),
                     design::CardState::kActive);
  const std::string whose = link.programme.str() + "/" + link.name.str();
  return factory.value().Build(
      card, {.serial = SerialNumber("draft-" + crypto::Sha256Hex(whose).substr(0, kSerialDigits))},
      now);
}

bool IsForPhones(const ProgrammeSite& programme) {
  return programme.apple != nullptr &&
         programme.apple->identity().wwdr_certificate().issuer_common_name().starts_with(
             "Apple Root CA");
}

}  // namespace passmint::issuance
