#include "design/blocks.h"

#include <algorithm>
#include <string>

namespace passmint::design {
namespace {

using Iterator = std::vector<BlockText>::const_iterator;

Iterator LowerBound(const Template& source, std::string_view pointer) {
  return std::lower_bound(
      source.block_texts.begin(), source.block_texts.end(), pointer,
      [](const BlockText& text, std::string_view key) { return text.pointer < key; });
}

bool IsAtOrBelow(std::string_view candidate, std::string_view pointer) {
  return candidate.starts_with(pointer) &&
         (candidate.size() == pointer.size() || candidate[pointer.size()] == '/');
}

template <class Predicate>
bool AnyBelow(const Template& source, std::string_view pointer, Predicate holds) {
  // Pointers that start with `pointer` stand together, those at or below it among them.
  for (auto text = LowerBound(source, pointer);
       text != source.block_texts.end() && text->pointer.starts_with(pointer); ++text) {
    if (IsAtOrBelow(text->pointer, pointer) && holds(text->text)) return true;
  }
  return false;
}

}  // namespace

const RenderedText* FindBlockText(const Template& source, const RenderedCard& card,
                                  std::string_view pointer) {
  const auto found = LowerBound(source, pointer);
  if (found == source.block_texts.end() || found->pointer != pointer) return nullptr;
  const auto index = static_cast<std::size_t>(found - source.block_texts.begin());
  return index < card.block_texts.size() ? &card.block_texts[index] : nullptr;
}

bool HasBlockTexts(const Template& source, std::string_view pointer) {
  return AnyBelow(source, pointer, [](const Text&) { return true; });
}

bool HasVariableBlockTexts(const Template& source, std::string_view pointer) {
  return AnyBelow(source, pointer, [](const Text& text) { return text.HasVariables(); });
}

Json FillBlock(const Json& block, std::string_view pointer, const Template& source,
               const RenderedCard& card, const std::function<Json(const RenderedText&)>& put) {
  if (block.is_string()) {
    const RenderedText* text = FindBlockText(source, card, pointer);
    return text == nullptr ? block : put(*text);
  }
  if (!block.is_structured() || !HasBlockTexts(source, pointer)) return block;
  Json filled = block;
  if (filled.is_object()) {
    for (auto& [key, value] : filled.items()) {
      value = FillBlock(value, json::Child(pointer, key), source, card, put);
    }
  } else {
    for (std::size_t i = 0; i < filled.size(); ++i) {
      filled[i] = FillBlock(filled[i], json::Child(pointer, i), source, card, put);
    }
  }
  return filled;
}

}  // namespace passmint::design
