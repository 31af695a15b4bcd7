#include "http/decode_customer.h"

#include <algorithm>

namespace passmint::http {
namespace {

constexpr TextBounds kPhone{1, 40};
constexpr TextBounds kEmail{1, 254};
constexpr TextBounds kName{1, 100};
constexpr TextBounds kDate{1, 32};
constexpr TextBounds kLocale{1, 35};
constexpr TextBounds kTimeZone{1, 64};
constexpr TextBounds kReferral{1, 100};

Error NothingHere(const char* message) {
  return {.code = ErrorCode::kNotFound, .message = message};
}

}  // namespace

issuance::CustomerFacts DecodeCustomer(const Json& object, std::string pointer,
                                       std::vector<InputProblem>& problems) {
  ObjectReader reader(object, std::move(pointer), problems);
  issuance::CustomerFacts facts;
  facts.phone = reader.Text("phone", kPhone);
  facts.email = reader.Text("email", kEmail);
  facts.name = reader.Text("name", kName);
  facts.birthday = reader.Text("birthday", kDate);
  facts.locale = reader.Text("locale", kLocale);
  facts.time_zone = reader.Text("time_zone", kTimeZone);
  facts.opted_in = reader.Boolean("opted_in");
  facts.verified = reader.Boolean("verified").value_or(false);
  facts.referral = reader.Text("referral", kReferral);
  if (const Json* attributes = reader.Object("attributes")) facts.attributes = *attributes;
  reader.Finish();
  return facts;
}

Result<CardNumber> DecodeCardNumber(const std::string& argument) {
  constexpr std::size_t kLengthMax = 32;
  const bool digits =
      argument.size() <= kLengthMax &&
      std::all_of(argument.begin(), argument.end(), [](char c) { return c >= '0' && c <= '9'; });
  if (!digits) return NothingHere("no card with that number");
  return CardNumber(argument);
}

Result<TemplateName> DecodeTemplateName(const std::string& argument) {
  constexpr std::size_t kLengthMax = 64;
  const bool name =
      argument.size() <= kLengthMax && std::all_of(argument.begin(), argument.end(), [](char c) {
        return (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || c == '-';
      });
  if (!name) return NothingHere("no template of that name");
  return TemplateName(argument);
}

}  // namespace passmint::http
