#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "design/rendered_card.h"
#include "design/template.h"
#include "json/json.h"

namespace passmint::google {

// Google's LocalizedString: the first language is the default, the others are translations. A text
// that no language changes has no translations.
// REQUIRES: `languages` are those of the template that rendered `text`.
Json Localized(const design::RenderedText& text, const std::vector<std::string>& languages);

// Most texts of loyalty, gift card and offer come as twins, "label" and "localizedLabel". Sets the
// plain one to the first language and, if languages differ, the other one too. Does nothing for an
// empty text.
void SetTwins(Json& target, const char* plain, const char* localized,
              const design::RenderedText& text, const std::vector<std::string>& languages);

// What a field shows as plain text, for places where Google formats nothing: digits in groups,
// amounts with their symbol, dates as each language writes them (numerals for languages that
// we have no pattern for).
design::RenderedText ValueText(const design::RenderedField& field, const design::Field& definition,
                               const std::vector<std::string>& languages);

}  // namespace passmint::google
