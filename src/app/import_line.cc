#include "app/import_line.h"

#include <algorithm>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "base/points.h"
#include "cards/card_number.h"
#include "http/decode.h"
#include "http/decode_customer.h"
#include "http/order_json.h"
#include "issuance/fingerprint.h"
#include "issuance/prepared_order.h"
#include "json/json.h"

namespace passmint::app {
namespace {

using http::kCallerId;
using http::ObjectReader;
using http::TextBounds;
using issuance::LineToImport;
using issuance::MemberToImport;
using issuance::OrderLine;
using issuance::OrderRequest;
using issuance::OrderToImport;
using issuance::PointsToImport;
using issuance::ToImport;

using Problems = std::vector<InputProblem>;

constexpr TextBounds kInstant{1, 64};
constexpr TextBounds kNumber{1, 40};
constexpr TextBounds kTemplate{1, 64};
constexpr TextBounds kCurrency{1, 8};
constexpr TextBounds kLineName{1, 256};
constexpr std::size_t kLotsMax = 1000;

std::optional<Timestamp> ReadInstant(ObjectReader& reader, std::string_view name) {
  const auto text = reader.Text(name, kInstant);
  if (!text) return std::nullopt;
  const auto instant = ParseRfc3339(*text);
  if (instant.ok()) return instant.value();
  reader.Report(name, "invalid_time", instant.error().message);
  return std::nullopt;
}

PointsToImport ReadPoints(const Json& object, std::string pointer, Timestamp now,
                          Problems& problems) {
  ObjectReader reader(object, std::move(pointer), problems);
  PointsToImport points;
  points.points = reader.RequiredInteger("points", 1, Points::kMax);
  points.earned_at = ReadInstant(reader, "earned_at");
  points.expires_at = ReadInstant(reader, "expires_at");
  if (points.expires_at && *points.expires_at <= now) {
    reader.Report("expires_at", "not_in_future", "these points have expired already");
  } else if (points.expires_at && points.earned_at && *points.expires_at <= *points.earned_at) {
    reader.Report("expires_at", "invalid_value", "is not after earned_at");
  }
  reader.Finish();
  return points;
}

ToImport ReadMember(ObjectReader& reader, const cards::Programme& programme, Timestamp now,
                    Problems& problems) {
  MemberToImport member;
  member.id = reader.RequiredText("id", kCallerId);
  if (const Json* customer = reader.Object("customer")) {
    const auto facts = http::DecodeCustomer(*customer, "/customer", problems);
    member.customer = issuance::CheckCustomer(facts, programme, "/customer", problems);
    member.customer.source = "import";
    if (!facts.phone && !facts.email) {
      reader.Report("customer", "no_identity", "a customer has a phone or an e-mail");
    }
  } else if (!reader.Has("customer")) {
    reader.Report("customer", "required", "is missing");
  }
  if (const auto number = reader.Text("card_number", kNumber)) {
    auto parsed = cards::ParseCardNumber(*number, programme.card_number);
    if (parsed.ok())
      member.card_number = std::move(parsed).value();
    else
      reader.Report("card_number", "invalid_card_number", parsed.error().message);
  }
  if (auto name = reader.Text("template", kTemplate)) {
    member.template_name = TemplateName(*std::move(name));
  }
  if (const Json* array = reader.Array("points", kLotsMax)) {
    for (std::size_t i = 0; i < array->size(); ++i) {
      member.points.push_back(
          ReadPoints((*array)[i], json::Child(reader.PointerTo("points"), i), now, problems));
    }
  }
  return member;
}

struct ReadLine {
  OrderLine line;
  LineToImport history;
};

ReadLine ReadOrderLine(const Json& object, std::string pointer, Problems& problems) {
  ObjectReader reader(object, std::move(pointer), problems);
  ReadLine read;
  read.line.line_id = reader.RequiredText("line_id", kCallerId);
  read.line.sku = reader.Text("sku", kCallerId).value_or("");
  read.line.category = reader.Text("category", kCallerId).value_or("");
  read.line.name = reader.Text("name", kLineName).value_or("");
  read.line.quantity = http::DecodeQuantity(reader, "quantity", "1");
  read.line.amount = reader.RequiredInteger("amount", 0, Points::kMax);
  read.line.points = reader.Integer("points", 0, Points::kMax).value_or(0);
  read.history.points_value = reader.Integer("points_value", 0, Points::kMax).value_or(0);
  read.history.earned = reader.Integer("earned", 0, Points::kMax).value_or(0);
  if ((read.line.points > 0) != (read.history.points_value > 0)) {
    reader.Report("points_value", "invalid_value", "points and their worth come together");
  } else if (read.history.points_value > read.line.amount) {
    reader.Report("points_value", "out_of_range", "is more than the line's amount");
  } else if (read.history.earned > 0 && read.history.points_value == read.line.amount) {
    reader.Report("earned", "invalid_value", "what money did not pay earns nothing");
  }
  reader.Finish();
  return read;
}

ToImport ReadOrder(ObjectReader& reader, const issuance::Site& site,
                   const issuance::ProgrammeSite& programme, Timestamp now, Problems& problems) {
  OrderRequest order;
  std::vector<LineToImport> lines;
  order.id = OrderId(reader.RequiredText("order_id", kCallerId));
  order.source = OrderSource(reader.RequiredText("source", http::kSource));
  order.paid_at = reader.RequiredText("paid_at", kInstant);
  order.currency = reader.RequiredText("currency", kCurrency);
  order.total = reader.RequiredInteger("total", 0, Points::kMax);
  if (const Json* customer = reader.Object("customer")) {
    order.customer = http::DecodeCustomer(*customer, "/customer", problems);
    order.customer.source = "import";
  }
  order.card_number = reader.Text("card_number", kNumber);
  order.location = reader.Text("location", kCallerId).value_or("");
  order.actor = issuance::kImportActor;
  if (const Json* array = reader.Array("lines", issuance::kOrderLinesMax)) {
    for (std::size_t i = 0; i < array->size(); ++i) {
      ReadLine read =
          ReadOrderLine((*array)[i], json::Child(reader.PointerTo("lines"), i), problems);
      order.lines.push_back(std::move(read.line));
      lines.push_back(read.history);
    }
  }
  // However long ago it was paid; the other checks are those of any order.
  const auto paid_at = ParseRfc3339(order.paid_at);
  const Timestamp at = paid_at.ok() ? std::min(now, paid_at.value()) : now;
  OrderToImport imported{issuance::PrepareOrder(site, programme, std::move(order), at),
                         std::move(lines)};
  if (!imported.order.checked.ok() && problems.empty()) {
    problems = imported.order.checked.error().problems;
  }
  return imported;
}

}  // namespace

Result<ToImport> ReadImportLine(std::string_view line, const issuance::Site& site,
                                const issuance::ProgrammeSite& programme, Timestamp now) {
  const auto json = json::Parse(line, kImportLineBytesMax);
  if (!json.ok()) return json.error();
  Problems problems;
  ObjectReader reader(json.value(), "", problems);
  const auto type = reader.Choice("type", {"member", "order"});
  if (!type && problems.empty()) reader.Report("type", "required", "is missing");
  if (!type) return http::Verdict(std::move(problems)).error();
  ToImport read = *type == 0 ? ReadMember(reader, programme.programme, now, problems)
                             : ReadOrder(reader, site, programme, now, problems);
  reader.Finish();
  if (Status fine = http::Verdict(std::move(problems)); !fine.ok()) return std::move(fine).error();
  if (auto* member = std::get_if<MemberToImport>(&read)) {
    // As parsed, so that spaces and the order of fields make no difference.
    member->content = json::Dump(json.value());
    member->fingerprint = issuance::Fingerprint(*site.keys, member->content);
  }
  return read;
}

}  // namespace passmint::app
