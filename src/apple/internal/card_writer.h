#pragma once

#include <array>
#include <string>
#include <string_view>
#include <vector>

#include "apple/environment.h"
#include "apple/internal/blocks.h"
#include "apple/internal/field_writer.h"
#include "apple/internal/skeleton.h"
#include "apple/internal/texts.h"
#include "design/rendered_card.h"
#include "design/template.h"
#include "json/json.h"

namespace passmint::apple::internal {

struct CardInput {
  const design::RenderedCard& card;
  const PassIdentity& identity;
  CardStrings& strings;
};

// Writes the members of pass.json that a card decides.
class CardWriter {
 public:
  // Borrows all three for as long as this lives; adds fixed texts of fields to `strings`.
  CardWriter(const design::Template& source, const PassEnvironment& environment,
             FixedStrings& strings);

  // Puts a slot for each such member into `pass`, which has its style objects already.
  void AddSlots(const BlockTexts& texts, Json& pass) const;

  // Appends `member` (`"key":`) and the slot's value to an object being written, behind a comma
  // where one is due; nothing if the card has no such value.
  void Append(Slot slot, std::string_view member, const CardInput& input, std::string& json) const;

 private:
  void AppendBarcodes(std::string_view member, const CardInput& input, std::string& json) const;
  void AppendLegacyBarcode(std::string_view member, const CardInput& input,
                           std::string& json) const;
  void AppendBarcode(const design::RenderedBarcode& barcode, std::string& json) const;
  void AppendLocations(std::string_view member, const CardInput& input, std::string& json) const;
  void AppendNfc(std::string_view member, const CardInput& input, std::string& json) const;
  void AppendBalance(std::string_view member, const CardInput& input, std::string& json) const;
  void AppendVoided(std::string_view member, const CardInput& input, std::string& json) const;
  void AppendClassicFields(design::FieldGroup group, std::string_view member,
                           const CardInput& input, std::string& json) const;
  void AppendPosterFields(design::FieldGroup group, std::string_view member, const CardInput& input,
                          std::string& json) const;
  void AppendField(FieldAt at, const design::RenderedField& field, const CardInput& input,
                   std::string& json) const;
  const std::vector<FieldAt>& PosterGroup(design::FieldGroup group) const;

  const design::Template& source_;
  const PassEnvironment& environment_;
  std::array<std::vector<FieldWriter>, design::kFieldGroups> fields_;
  PosterFields poster_;
};

}  // namespace passmint::apple::internal
