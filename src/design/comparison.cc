#include "design/comparison.h"

#include <fmt/format.h>

#include <algorithm>
#include <map>
#include <set>
#include <string_view>
#include <utility>

#include "image/png.h"
#include "json/json.h"

namespace passmint::design {
namespace {

constexpr std::string_view kMain = "template.json";
constexpr std::string_view kLocales = "locales/";
constexpr std::string_view kImages = "images/";

// A text as it is, else JSON; cut at a character's start.
std::string Shown(const Json& value) {
  if (value.is_null()) return "";
  std::string text = value.is_string() ? value.get<std::string>() : json::Dump(value);
  if (text.size() <= kChangeTextMax) return text;
  std::size_t end = kChangeTextMax;
  while (end > 0 && (static_cast<unsigned char>(text[end]) & 0xC0U) == 0x80U) --end;
  return text.substr(0, end) + "…";
}

Json Member(const Json& object, const std::string& key) {
  return object.is_object() && object.contains(key) ? object[key] : Json();
}

std::set<std::string> KeysOf(const Json& one, const Json& other) {
  std::set<std::string> keys;
  for (const Json* object : {&one, &other}) {
    if (!object->is_object()) continue;
    for (const auto& [key, value] : object->items()) keys.insert(key);
  }
  return keys;
}

// A field with the group that it stands in and its place there.
struct PlacedField {
  std::string group;
  std::size_t index = 0;
  Json field;
};

std::map<std::string, PlacedField> FieldsByKey(const Json& main) {
  std::map<std::string, PlacedField> fields;
  const Json groups = Member(main, "fields");
  if (!groups.is_object()) return fields;
  for (const auto& [group, list] : groups.items()) {
    for (std::size_t i = 0; list.is_array() && i < list.size(); ++i) {
      const Json key = Member(list[i], "key");
      if (key.is_string()) fields[key.get<std::string>()] = {group, i, list[i]};
    }
  }
  return fields;
}

class Comparison {
 public:
  Comparison(const TemplateFiles& before, const TemplateFiles& after)
      : before_(before), after_(after) {}

  std::vector<Change> Run() && {
    const Json before = Read(before_, kMain);
    const Json after = Read(after_, kMain);
    CompareMain(before, after);
    ComparePaths(kLocales, [this](const std::string& path) { CompareLocale(path); });
    ComparePaths(kImages, [this](const std::string& path) { ComparePicture(path); });
    CompareOthers();
    return std::move(changes_);
  }

 private:
  // Bytes that are no JSON are a text.
  static Json Read(const TemplateFiles& files, std::string_view path) {
    const auto file = files.find(std::string(path));
    if (file == files.end()) return {};
    auto parsed = json::Parse(file->second, kTemplateJsonBytesMax);
    return parsed.ok() ? std::move(parsed).value() : Json(file->second);
  }

  void Add(Subject subject, std::string name, const Json& before, const Json& after) {
    if (before != after) {
      changes_.push_back({subject, std::move(name), Shown(before), Shown(after)});
    }
  }

  static Subject SubjectOf(const std::string& key) {
    if (key == "organization" || key == "description" || key == "logo_text") return Subject::kText;
    if (key == "barcode") return Subject::kCode;
    if (key == "locations" || key == "beacons") return Subject::kPlaces;
    if (key == "links") return Subject::kLinks;
    return Subject::kOther;
  }

  void CompareMain(const Json& before, const Json& after) {
    if (!before.is_object() || !after.is_object()) {
      Add(Subject::kOther, std::string(kMain), before, after);
      return;
    }
    const Json colors = Member(before, "colors");
    const Json new_colors = Member(after, "colors");
    for (const std::string& key : KeysOf(colors, new_colors)) {
      Add(Subject::kColor, key, Member(colors, key), Member(new_colors, key));
    }
    CompareFields(FieldsByKey(before), FieldsByKey(after));
    for (const std::string& key : KeysOf(before, after)) {
      if (key == "colors" || key == "fields" || key == "$schema") continue;
      Add(SubjectOf(key), key, Member(before, key), Member(after, key));
    }
  }

  void CompareFields(const std::map<std::string, PlacedField>& before,
                     const std::map<std::string, PlacedField>& after) {
    for (const auto& [key, field] : before) {
      if (!after.contains(key)) Add(Subject::kField, key, field.field["key"], Json());
    }
    for (const auto& [key, field] : after) {
      const auto old = before.find(key);
      if (old == before.end()) {
        Add(Subject::kField, key, Json(), Member(field.field, "value"));
        continue;
      }
      for (const std::string& part : KeysOf(old->second.field, field.field)) {
        Add(Subject::kField, fmt::format("{}: {}", key, part), Member(old->second.field, part),
            Member(field.field, part));
      }
      const auto place = [](const PlacedField& one) {
        return Json(fmt::format("{} {}", one.group, one.index + 1));
      };
      Add(Subject::kField, key + ": place", place(old->second), place(field));
    }
  }

  template <class Compare>
  void ComparePaths(std::string_view folder, Compare compare) const {
    std::set<std::string> paths;
    for (const TemplateFiles* files : {&before_, &after_}) {
      for (const auto& [path, bytes] : *files) {
        if (path.starts_with(folder)) paths.insert(path);
      }
    }
    for (const std::string& path : paths) compare(path);
  }

  void CompareLocale(const std::string& path) {
    const Json before = Read(before_, path);
    const Json after = Read(after_, path);
    const std::string language = path.substr(kLocales.size(), path.find('.') - kLocales.size());
    for (const std::string& key : KeysOf(before, after)) {
      Add(Subject::kTranslation, fmt::format("{}: {}", language, key), Member(before, key),
          Member(after, key));
    }
    const bool odd =
        (!before.is_null() && !before.is_object()) || (!after.is_null() && !after.is_object());
    if (odd) Add(Subject::kOther, path, before, after);
  }

  static Json PictureText(const TemplateFiles& files, const std::string& path) {
    const auto file = files.find(path);
    if (file == files.end()) return {};
    const auto info = image::Inspect(file->second);
    constexpr std::size_t kKilo = 1024;
    const std::size_t kilobytes = (file->second.size() + kKilo - 1) / kKilo;
    return info.ok()
               ? fmt::format("{} × {}, {} kB", info.value().width, info.value().height, kilobytes)
               : fmt::format("{} kB", kilobytes);
  }

  static bool SameBytes(const TemplateFiles& one, const TemplateFiles& other,
                        const std::string& path) {
    const auto a = one.find(path);
    const auto b = other.find(path);
    return a != one.end() && b != other.end() && a->second == b->second;
  }

  void ComparePicture(const std::string& path) {
    if (SameBytes(before_, after_, path)) return;
    changes_.push_back({Subject::kPicture, path.substr(kImages.size()),
                        Shown(PictureText(before_, path)), Shown(PictureText(after_, path))});
  }

  void CompareOthers() {
    ComparePaths("", [this](const std::string& path) {
      const bool seen = path == kMain || path.starts_with(kLocales) || path.starts_with(kImages);
      if (seen || SameBytes(before_, after_, path)) return;
      changes_.push_back({Subject::kOther, path, Shown(PictureText(before_, path)),
                          Shown(PictureText(after_, path))});
    });
  }

  const TemplateFiles& before_;
  const TemplateFiles& after_;
  std::vector<Change> changes_;
};

}  // namespace

std::string_view Name(Subject subject) {
  static constexpr std::string_view kNames[] = {
      "color", "text", "field", "translation", "picture", "code", "places", "links", "other"};
  return kNames[static_cast<std::size_t>(subject)];
}

std::vector<Change> Compare(const TemplateFiles& before, const TemplateFiles& after) {
  return Comparison(before, after).Run();
}

}  // namespace passmint::design
