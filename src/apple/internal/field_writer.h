#pragma once

#include <optional>
#include <string>

#include "apple/internal/blocks.h"
#include "apple/internal/texts.h"
#include "design/rendered_card.h"
#include "design/template.h"
#include "json/json.h"

namespace passmint::apple::internal {

// Writes one field of the template as a PassFieldContent dictionary (Apple reference 2.10).
class FieldWriter {
 public:
  // The field at `at` of `source`, which is borrowed for as long as this lives. Adds the field's
  // fixed texts to `strings`.
  FieldWriter(const design::Template& source, FieldAt at, FixedStrings& strings);

  // REQUIRES: `rendered` is this field of `card`.
  void Append(const design::RenderedField& rendered, const design::RenderedCard& card,
              CardStrings& strings, std::string& json) const;

 private:
  void AddSemantics(const design::Field& field, FieldAt at, FixedStrings& strings);
  void SetWhole(const design::Field& field, FixedStrings& strings);
  void AppendValue(const design::RenderedField& rendered, CardStrings& strings,
                   std::string& json) const;
  void AppendNumber(const design::RenderedField& rendered, design::Decimal number,
                    std::string& json) const;

  const design::Template* source_;
  const Json* semantics_ = nullptr;  // If a card changes it.
  std::string semantics_pointer_;
  std::string head_;                  // {"key":"points", and all else that is fixed.
  std::optional<std::string> label_;  // ,"label":"..." or "", if no card changes it.
  std::optional<std::string> change_;
  std::optional<std::string> whole_;  // The whole dictionary, if no card changes anything.
  std::string date_styles_;           // ,"dateStyle":... for a date.
  std::string number_style_;          // ,"numberStyle":... for a number that is no money.
  bool is_percent_ = false;
};

// A back field that holds a link.
void AppendLinkField(std::size_t number, const design::RenderedLink& link, CardStrings& strings,
                     std::string& json);

}  // namespace passmint::apple::internal
