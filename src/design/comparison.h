#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "design/template_files.h"

namespace passmint::design {

// What a part of a template is about, for whoever words it.
enum class Subject {
  kColor,
  kText,
  kField,
  kTranslation,
  kPicture,
  kCode,
  kPlaces,
  kLinks,
  kOther
};

// "color", "text", "field", "translation", "picture", "code", "places", "links", "other".
std::string_view Name(Subject subject);

// One difference between two versions of a template, as a person would name it.
struct Change {
  Subject subject = Subject::kOther;
  std::string name;    // "background"; "points: label" (a field by its key); "ru: website"; a path.
  std::string before;  // As it stands in the file; "" if it was not there. Pictures: their size.
  std::string after;

  friend bool operator==(const Change&, const Change&) = default;
};

// The differences, in the order in which a card is read; none if both say the same, however it is
// spelt. Fields are the same by key, wherever they stand. Total: a file that is no JSON is compared
// as bytes. Texts are cut after kChangeTextMax bytes.
inline constexpr std::size_t kChangeTextMax = 400;
std::vector<Change> Compare(const TemplateFiles& before, const TemplateFiles& after);

}  // namespace passmint::design
