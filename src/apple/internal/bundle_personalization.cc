// personalization.json of a bundle (Apple reference 2.13).

#include <algorithm>
#include <set>

#include "apple/internal/bundle_check.h"
#include "apple/internal/personalization.h"
#include "apple/strings.h"

namespace passmint::apple::internal {
namespace {

constexpr const char* kFile = "personalization.json";
constexpr std::string_view kNoForm = "Wallet does not offer to sign up";

// Terms and conditions of a whole contract have some 50 kB.
constexpr std::size_t kFormBytesMax = 1024 * 1024;

class FormCheck {
 public:
  explicit FormCheck(BundleCheck& check) : check_(check) {}

  void Form(const Json& form, const std::vector<LanguageStrings>& strings) {
    CheckText(form, "description", strings);
    if (TextOf(form, "description").empty()) {
      Error("/description", "the description is missing or empty", "say what signing up gives");
    }
    CheckText(form, "termsAndConditions", strings);
    CheckFields(form);
  }

  void Pass(const Json& pass) {
    if (Find(pass, "nfc") == nullptr) {
      Error("", "the pass has no nfc", "add nfc, or leave personalization.json out");
    }
    if (TextOf(pass, "webServiceURL").empty()) {
      Error("", "the pass has no web service to sign up at",
            "add webServiceURL, or leave personalization.json out");
    }
  }

  void Error(std::string pointer, std::string cause, std::string cure) {
    check_.report.findings.push_back({"P25", design::Level::kError, kFile, std::move(pointer),
                                      std::move(cause), std::string(kNoForm), std::move(cure)});
  }

 private:
  void CheckText(const Json& form, const char* key, const std::vector<LanguageStrings>& strings) {
    const Json* value = Find(form, key);
    if (value == nullptr) return;
    if (!value->is_string()) {
      Error(json::Child("", key), "this is no text: " + Shown(*value), "write a string");
      return;
    }
    const auto& text = value->get_ref<const std::string&>();
    if (!text.starts_with(kStringsKeyPrefix)) return;
    const bool translated = std::any_of(
        strings.begin(), strings.end(),
        [&text](const LanguageStrings& language) { return language.texts.contains(text); });
    if (translated) return;
    check_.Warn("P24", kFile, "the key " + text + " has no translation", "the key itself is shown",
                "add it to every pass.strings");
  }

  void CheckFields(const Json& form) {
    const Json* fields = Find(form, "requiredPersonalizationFields");
    if (fields == nullptr || !fields->is_array() || fields->empty()) {
      Error("/requiredPersonalizationFields", "the form asks for nothing",
            "list at least one of PKPassPersonalizationFieldName, ...PostalCode, ...EmailAddress, "
            "...PhoneNumber");
      return;
    }
    for (std::size_t i = 0; i < fields->size(); ++i) {
      const Json& field = (*fields)[i];
      if (field.is_string() && IsPersonalizationField(field.get_ref<const std::string&>())) {
        continue;
      }
      Error(json::Child("/requiredPersonalizationFields", i),
            "Wallet knows no field " + Shown(field),
            "PKPassPersonalizationField with Name, PostalCode, EmailAddress or PhoneNumber");
    }
  }

  BundleCheck& check_;
};

}  // namespace

void CheckPersonalization(BundleCheck& check, const Json& pass,
                          const std::vector<LanguageStrings>& strings,
                          const std::set<std::string>& images) {
  const bool has_logo = images.contains(std::string(kPersonalizationLogo));
  const std::string* bytes = check.Find(kFile);
  if (bytes == nullptr) {
    if (has_logo) {
      check.Warn("P25", "personalizationLogo.png", "a picture for a sign-up form that is not there",
                 "it is never shown", "add personalization.json, or remove it");
    }
    return;
  }
  FormCheck form_check(check);
  const auto form = json::Parse(*bytes, kFormBytesMax);
  if (!form.ok() || !form.value().is_object()) {
    form_check.Error("", form.ok() ? "this is no JSON object" : form.error().message,
                     "write one JSON object in UTF-8, without comments");
    return;
  }
  form_check.Form(form.value(), strings);
  form_check.Pass(pass);
  if (!has_logo) {
    form_check.Error("", "the bundle has no personalizationLogo",
                     "add personalizationLogo.png, @2x and @3x, at most 150 x 40 points");
  }
}

}  // namespace passmint::apple::internal
