// classTemplateInfo: rows (G08, G28) and the paths of their fields (G09).

#include <array>
#include <optional>
#include <set>
#include <string>
#include <string_view>
#include <vector>

#include "google/lint_report.h"
#include "google/lint_visit.h"
#include "google/places.h"
#include "google/schema.h"

namespace passmint::google {
namespace {

// One step of a path: ".balance", or "['member_since']" behind a list.
struct Step {
  std::string name;
  bool is_id = false;
};

// object.textModulesData['tier'].body -> object, textModulesData, 'tier', body. Nothing if it
// cannot be read.
std::optional<std::vector<Step>> ReadPath(std::string_view path) {
  std::vector<Step> steps;
  while (!path.empty()) {
    if (path.front() == '[') {
      const std::size_t close = path.find("']");
      if (path.size() < 5 || path[1] != '\'' || close == std::string_view::npos || close < 3) {
        return std::nullopt;
      }
      steps.push_back({std::string(path.substr(2, close - 2)), true});
      path.remove_prefix(close + 2);
    } else {
      const std::size_t end = path.find_first_of(".[");
      if (end == 0) return std::nullopt;
      steps.push_back({std::string(path.substr(0, end)), false});
      path.remove_prefix(end == std::string_view::npos ? path.size() : end);
    }
    if (!path.empty() && path.front() == '.') {
      path.remove_prefix(1);
      if (path.empty()) return std::nullopt;
    }
  }
  return steps;
}

// The ids of the text modules that the resource or, for other cards, the layout gives.
std::set<std::string, std::less<>> ModuleIds(const Pair& pair, Side side) {
  std::set<std::string, std::less<>> ids;
  const Json& modules = MemberOf(pair.Of(side), "textModulesData");
  if (modules.is_array()) {
    for (const Json& module : modules) ids.emplace(TextOf(module, "id"));
  }
  for (const auto& group : pair.layout.places) {
    for (const Layout::Place& place : group) {
      const bool here = place.on_class == (side == Side::kClass);
      if (here && !place.module_id.empty()) ids.insert(place.module_id);
    }
  }
  return ids;
}

// What is wrong with a field path, or "".
std::string PathProblem(const Pair& pair, std::string_view path) {
  const auto steps = ReadPath(path);
  if (!steps || steps->empty() ||
      (steps->front().name != "object" && steps->front().name != "class")) {
    return "does not begin with object. or class.";
  }
  const Side side = steps->front().name == "class" ? Side::kClass : Side::kObject;
  const Vertical vertical = pair.layout.vertical;
  const SchemaType* type = side == Side::kClass ? &ClassSchema(vertical) : &ObjectSchema(vertical);
  if (steps->size() == 1) return "names no field";
  bool in_modules = false;
  for (std::size_t i = 1; i < steps->size(); ++i) {
    const Step& step = (*steps)[i];
    if (step.is_id) {
      if (in_modules && ModuleIds(pair, side).count(step.name) == 0) {
        return "names the text module " + Quoted(step.name) + ", which the template does not have";
      }
      continue;
    }
    const SchemaField* const field = type == nullptr ? nullptr : type->Find(step.name);
    if (field == nullptr) {
      return "names " + Quoted(step.name) + ", which " +
             std::string(type == nullptr ? "no text" : type->name) + " does not have";
    }
    in_modules = field->type == "TextModuleData";
    type = FindSchema(field->type);
  }
  return "";
}

void CheckReference(const Pair& pair, const Json& part, const std::string& path,
                    LintReport& report) {
  const std::string_view field = TextOf(part, "fieldPath");
  const std::string problem = PathProblem(pair, field);
  if (problem.empty()) return;
  report.Error("G09", OriginOf(pair, Side::kClass, json::Child(path, "fieldPath")),
               Quoted(field) + " " + problem,
               "Write a path such as object.loyaltyPoints.balance or "
               "object.textModulesData['key'].");
}

void CheckItem(const Pair& pair, const Json& part, const std::string& path, LintReport& report) {
  const bool first = part.contains("firstValue");
  std::string problem;
  if (first && part.contains("predefinedItem")) {
    problem = "both firstValue and predefinedItem";
  } else if (!first && part.contains("secondValue")) {
    problem = "secondValue without firstValue";
  } else if (!first && !part.contains("predefinedItem")) {
    problem = "neither firstValue nor predefinedItem";
  } else {
    return;
  }
  report.Error("G08", OriginOf(pair, Side::kClass, path), "an item with " + problem,
               "Write firstValue, and secondValue only beside it.");
}

void CheckRow(const Pair& pair, const Json& part, const std::string& path, LintReport& report) {
  int kinds = 0;
  for (const std::string_view kind : {"oneItem", "twoItems", "threeItems"}) {
    kinds += part.contains(kind) ? 1 : 0;
  }
  if (kinds == 1) return;
  report.Error("G08", OriginOf(pair, Side::kClass, path),
               "a row with " + std::to_string(kinds) + " of oneItem, twoItems and threeItems",
               "Give it exactly one of them.");
}

void CheckRowCount(const Pair& pair, const Json& part, const std::string& path,
                   LintReport& report) {
  constexpr std::size_t kRecommended = 2;
  const Json& rows = MemberOf(part, "cardRowTemplateInfos");
  const std::string below = json::Child(path, "cardRowTemplateInfos");
  if (!rows.is_array() || rows.size() <= kRecommended) return;
  if (rows.size() > kRowsMax) {
    report.Error("G08", OriginOf(pair, Side::kClass, below), std::to_string(rows.size()) + " rows",
                 "Google takes 3; it recommends 2.");
  } else {
    report.Warn("G28", OriginOf(pair, Side::kClass, below), "three rows",
                "Google recommends at most two: move the least important fields to \"details\".");
  }
}

}  // namespace

void LintCardTemplate(const Pair& pair, LintReport& report) {
  VisitParts(pair.pass_class, ClassSchema(pair.layout.vertical),
             [&](const Json& part, const SchemaType& type, const std::string& path) {
               if (type.name == "FieldReference") CheckReference(pair, part, path, report);
               if (type.name == "TemplateItem") CheckItem(pair, part, path, report);
               if (type.name == "CardRowTemplateInfo") CheckRow(pair, part, path, report);
               if (type.name == "CardTemplateOverride") CheckRowCount(pair, part, path, report);
             });
}

}  // namespace passmint::google
