#pragma once

#include <cstddef>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "apple/internal/texts.h"
#include "design/rendered_card.h"
#include "design/template.h"
#include "json/json.h"

namespace passmint::apple::internal {

// A field of the template by group and index.
using FieldAt = std::pair<design::FieldGroup, std::size_t>;

// Where the texts inside blocks come from (design/blocks.h), and where translations go.
struct BlockTexts {
  const design::Template& source;
  const design::RenderedCard& card;
  StringsSink& strings;
};

// A card that knows the block texts which are the same on every card, and nothing else.
design::RenderedCard FixedBlockTexts(const design::Template& source);

// A copy of `block` at `pointer` of template.json with its texts filled in, in the first language:
// for what phones do not look up in pass.strings (dates, URLs, semantic tags). An empty text is
// null.
Json FillWithLiterals(const Json& block, std::string_view pointer, const BlockTexts& texts);

// The native patch with its texts filled in, translated where phones look them up.
Json FillPatch(const BlockTexts& texts);

// What the blocks of template.json that stay JSON (poster, event, boarding, relevant, beacons, app,
// actions) say for pass.json. A value of the wrong type is carried over as it is, so that lint
// finds it on the final pass.json like everything else. Members are merged into `pass`.
void AddBlocks(const BlockTexts& texts, Json& pass);

// The native form of `nfc`; null without.
Json NfcMembers(const BlockTexts& texts);

// Whether one card's blocks differ from another's, `nfc` and the semantics of fields aside.
bool HasVariableBlocks(const design::Template& source);

// "/fields/header/0".
std::string FieldPointer(FieldAt at);

// The fields that posterGeneric shows, by its own groups; empty without a poster.
struct PosterFields {
  bool present = false;
  std::vector<FieldAt> header, primary, footer, back;
};
PosterFields ChoosePosterFields(const design::Template& source);

// Whether the design asks for posterGeneric.
bool HasPosterGeneric(const design::Template& source);

}  // namespace passmint::apple::internal
