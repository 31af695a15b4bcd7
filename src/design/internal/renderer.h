#pragma once

#include <cstddef>
#include <optional>
#include <string>
#include <vector>

#include "calendar/time_zone.h"
#include "design/design.h"
#include "design/internal/expander.h"
#include "design/internal/template_parser.h"

namespace passmint::design::internal {

// Which variant of a slot's pictures a card shows: the first row whose conditions all hold, and
// among its variants that of the count.
struct VariantChooser {
  struct Condition {
    std::size_t variable = 0;
    std::string name;
    std::string text;
  };
  std::vector<std::vector<Condition>> rows;  // Empty: as one row that always holds.
  bool by_count = false;
  std::size_t variable = 0;
  std::string name;
  int of = 0;
};

// Expands one template for one card after another. Everything that can be decided without the card
// was decided when it was made. Immutable; safe for concurrent use.
class Renderer {
 public:
  // Without a known zone of the programme, UTC is taken (the caller has reported it).
  // `choosers` are parallel to Design::slots().
  Renderer(ParsedTemplate parsed, const ProgrammeFacts& programme,
           std::vector<VariantChooser> choosers);

  // What no value says of stamps, "stamps.of" and "stamps.left", follows from the template.
  RenderedCard Render(const Values& values, CardState state) const;

  const Template& source() const { return source_; }

 private:
  // What is fixed about one field.
  struct FieldPlan {
    bool has_variable = false;  // Its value is exactly one variable.
    std::size_t variable = 0;
    std::string name;
    std::optional<RenderedValue> constant;
    std::optional<Currency> currency;
    calendar::TimeZone zone;
  };

  RenderedCard RenderKnown(const Values& values, CardState state) const;
  FieldPlan PlanField(const Field& field, const ProgrammeFacts& programme) const;
  void RenderFields(const Values& values, RenderedCard& card) const;
  void RenderLists(const Values& values, RenderedCard& card) const;
  bool RenderField(const Field& field, const FieldPlan& plan, const Values& values,
                   RenderedField& out) const;
  RenderedText RenderUrl(const Text& text, const Values& values) const;
  std::optional<Timestamp> RenderExpiry(const Values& values) const;
  std::size_t Choose(const VariantChooser& chooser, const Values& values) const;
  std::size_t ChooseRow(const VariantChooser& chooser, const Values& values) const;

  Template source_;
  std::vector<Form> block_forms_;
  Expander expander_;
  std::vector<FieldPlan> plans_[kFieldGroups];
  std::vector<VariantChooser> choosers_;
};

// The value as a field of that type shows it; nothing if it does not suit.
std::optional<RenderedValue> TypedValue(FieldType type, const Value& value,
                                        const std::optional<Currency>& currency,
                                        const calendar::TimeZone& zone);

// A zone that the database surely has.
calendar::TimeZone FindZoneOrUtc(const std::string& name);

}  // namespace passmint::design::internal
