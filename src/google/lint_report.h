#pragma once

// What the rules of lint share. Internal to this module.

#include <set>
#include <string>
#include <string_view>
#include <tuple>

#include "design/finding.h"
#include "google/environment.h"
#include "google/layout.h"
#include "json/json.h"

namespace passmint::google {

enum class Side { kClass, kObject };

// A class and one object of it, as they would be sent.
struct Pair {
  const Layout& layout;
  const Json& pass_class;
  const Json& object;

  const Json& Of(Side side) const { return side == Side::kClass ? pass_class : object; }
};

// Where in the template a value of a class or object comes from: "fields/header/0/label". `path` is
// a JSON pointer into the resource.
struct Origin {
  std::string file = "template.json";
  std::string pointer;
};
Origin OriginOf(const Pair& pair, Side side, std::string_view path);

// "/fields/header/0" of a field.
std::string FieldPointer(design::FieldGroup group, std::size_t index);

// The pointer of the first field with that use, or "".
std::string FieldWithUse(const Layout& layout, FieldUse use);

// Collects findings, each (rule, place) once: what is wrong with one sample is mostly wrong with
// the others too.
class LintReport {
 public:
  explicit LintReport(design::Findings& findings) : findings_(findings) {}

  // `cause` is a phrase with the value found, `cure` a sentence.
  void Add(std::string_view id, design::Level level, Origin origin, std::string cause,
           std::string cure);
  void Error(std::string_view id, Origin origin, std::string cause, std::string cure) {
    Add(id, design::Level::kError, std::move(origin), std::move(cause), std::move(cure));
  }
  void Warn(std::string_view id, Origin origin, std::string cause, std::string cure) {
    Add(id, design::Level::kWarning, std::move(origin), std::move(cause), std::move(cure));
  }

 private:
  design::Findings& findings_;
  std::set<std::tuple<std::string, std::string, std::string>> seen_;  // Rule, file, place.
};

// `text` in double quotes, cut after 60 code points.
std::string Quoted(std::string_view text);

// The rules, by what they look at.
void LintTemplate(const Layout& layout, LintReport& report);
void LintSchema(const Pair& pair, Side side, LintReport& report);
void LintRules(const Pair& pair, LintReport& report);
void LintCardTemplate(const Pair& pair, LintReport& report);
void LintLimits(const Pair& pair, LintReport& report);
void LintLink(const Pair& pair, const Environment& environment, LintReport& report);

}  // namespace passmint::google
