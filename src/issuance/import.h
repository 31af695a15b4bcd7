#pragma once

#include <cstdint>
#include <functional>
#include <optional>
#include <string>
#include <variant>
#include <vector>

#include "base/result.h"
#include "issuance/customer.h"
#include "issuance/orders.h"
#include "issuance/prepared_order.h"
#include "issuance/site.h"
#include "issuance/store.h"
#include "ledger/command.h"

// Members with their points, and orders, that another system kept before. Everything has an id of
// that system, by which it is taken in once for ever; nobody is told and no rule earns anything.

namespace passmint::issuance {

// Points that live and die together.
struct PointsToImport {
  std::int64_t points = 0;              // > 0.
  std::optional<Timestamp> earned_at;   // Nothing: now. Later than now: pending until then.
  std::optional<Timestamp> expires_at;  // Nothing: never. In the future, after earned_at.
};

struct MemberToImport {
  std::string id;  // The other system's.
  Customer customer;
  std::optional<CardNumber> card_number;  // Of a card that exists already, to be kept.
  std::optional<TemplateName> template_name;
  std::vector<PointsToImport> points;
  std::string content;      // What makes two lines the same.
  std::string fingerprint;  // HMAC of it.
};

// Beside the line of the same index in the order.
struct LineToImport {
  std::int64_t earned = 0;        // Points that it earned there, in the member's balance by now.
  std::int64_t points_value = 0;  // Minor units of its amount that its points paid.
};

struct OrderToImport {
  PreparedOrder order;
  std::vector<LineToImport> lines;
};

using ToImport = std::variant<MemberToImport, OrderToImport>;

enum class Imported { kNew, kKnown };

// Makes the member, or finds them by phone or e-mail, gives them the points and a card.
// Fails with kConflict: "import_conflict" (this id with other content), "number_taken",
// "card_blocked", "member_erased"; kInvalidArgument: "unknown_template", amount_too_large.
Result<Imported> ImportMember(Transaction& transaction, const Site& site,
                              const ProgrammeSite& programme, const MemberToImport& member);

// Records an order so that it is known and can be refunded. Moves no points.
// REQUIRES: order.order.checked is ok.
// Fails with kNotFound ("unknown_member": nobody has the phone, e-mail or card), kConflict
// ("order_conflict").
Result<Imported> ImportOrder(Transaction& transaction, const Site& site,
                             const ProgrammeSite& programme, const OrderToImport& order);

// An item of a batch, and where it stood.
struct ImportItem {
  std::int64_t line = 0;  // From 1.
  ToImport what;
};

struct ImportTally {
  std::int64_t imported = 0;
  std::int64_t known = 0;
  std::int64_t refused = 0;
};

// One transaction for all; if one of them is refused, the batch is halved until that one stands
// alone, so that each item is wholly there or not at all. `on_refusal` is told of each. Fails, with
// what was committed before in `tally`, if the store does not answer.
Status ImportBatch(Store& store, const Site& site, const ProgrammeSite& programme,
                   const std::vector<ImportItem>& batch,
                   const std::function<void(std::int64_t line, const Error&)>& on_refusal,
                   ImportTally& tally);

inline constexpr const char* kImportActor = "import";

}  // namespace passmint::issuance
