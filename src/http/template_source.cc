#include "http/template_source.h"

#include <set>
#include <utility>
#include <vector>

#include "base/bytes.h"
#include "base/error.h"
#include "base/language.h"
#include "http/decode.h"
#include "json/json.h"
#include "zip/reader.h"
#include "zip/writer.h"

namespace passmint::http {
namespace {

using design::TemplateFiles;

constexpr std::string_view kMainFile = "template.json";
constexpr std::string_view kImages = "images/";
constexpr std::string_view kLocales = "locales/";

// The language of "locales/ru.json"; "" if the path is no such.
std::string_view LanguageOf(std::string_view path) {
  constexpr std::string_view kEnding = ".json";
  if (!path.starts_with(kLocales) || !path.ends_with(kEnding)) return {};
  path.remove_prefix(kLocales.size());
  path.remove_suffix(kEnding.size());
  return IsLanguageTag(path) ? path : std::string_view();
}

bool IsText(std::string_view path) { return path == kMainFile || !LanguageOf(path).empty(); }

std::string_view MediaType(std::string_view content_type) {
  std::string_view type = content_type.substr(0, content_type.find(';'));
  while (type.ends_with(' ')) type.remove_suffix(1);
  return type;
}

void DecodeLocales(const Json& locales, TemplateFiles& files, std::vector<InputProblem>& problems) {
  for (const auto& [language, texts] : locales.items()) {
    if (!IsLanguageTag(language)) {
      problems.push_back({"invalid_locale", json::Child("/locales", language),
                          "not a language tag such as ru or pt-BR"});
      continue;
    }
    if (!texts.is_object()) {
      problems.push_back(
          {"invalid_type", json::Child("/locales", language), "an object is wanted"});
      continue;
    }
    files.emplace(std::string(kLocales) + language + ".json", json::DumpPretty(texts));
  }
}

void DecodeImages(const Json& images, TemplateFiles& files, std::vector<InputProblem>& problems) {
  for (const auto& [path, content] : images.items()) {
    const std::string at = json::Child("/images", path);
    if (!content.is_string()) {
      problems.push_back({"invalid_type", at, "a string with base64 is wanted"});
      continue;
    }
    auto bytes = FromBase64(content.get_ref<const std::string&>());
    if (!bytes.ok()) {
      problems.push_back({"invalid_value", at, "not base64 (RFC 4648 section 4, with padding)"});
    } else if (Status name = zip::CheckName(path); !name.ok()) {
      problems.push_back({"invalid_value", at, name.error().message});
    } else {
      files.emplace(std::string(kImages) + path, std::move(bytes).value());
    }
  }
}

Result<TemplateFiles> DecodeFiles(const Json& document) {
  std::vector<InputProblem> problems;
  ObjectReader reader(document, "", problems);
  TemplateFiles files;
  const Json* main = reader.Object("template");
  if (main != nullptr) files.emplace(kMainFile, json::DumpPretty(*main));
  if (main == nullptr && problems.empty()) reader.Report("template", "required", "is missing");
  if (const Json* locales = reader.Object("locales")) DecodeLocales(*locales, files, problems);
  if (const Json* images = reader.Object("images")) DecodeImages(*images, files, problems);
  reader.Finish();
  if (Status fine = Verdict(std::move(problems)); !fine.ok()) return std::move(fine).error();
  return files;
}

Result<TemplateFiles> DecodeJson(std::string_view body) {
  const auto parsed = json::Parse(body, kSourceBytesMax);
  if (parsed.ok()) return DecodeFiles(parsed.value());
  Error error = parsed.error();
  if (error.code == ErrorCode::kInvalidSyntax) error.reason = "invalid_json";
  return error;
}

Status CheckSizes(const TemplateFiles& files) {
  std::size_t total = 0;
  for (const auto& [name, bytes] : files) total += bytes.size();
  if (files.size() <= design::kTemplateFilesMax && total <= design::kTemplateBytesMax) return {};
  return Error{.code = ErrorCode::kTooLarge,
               .message = "a template has at most 512 files and 32 MiB"};
}

}  // namespace

Result<TemplateFiles> UnpackTemplate(std::string_view body) {
  auto archive = zip::ReadArchive(body, {.entries = design::kTemplateFilesMax,
                                         .entry_bytes = design::kImageBytesMax,
                                         .total_bytes = design::kTemplateBytesMax});
  if (!archive.ok()) {
    const Error& error = archive.error();
    Error refusal = InvalidInput("invalid_value", "", error.message);
    refusal.reason = error.reason;
    refusal.hint = error.hint;
    return refusal;
  }
  TemplateFiles files;
  for (zip::Entry& entry : archive.value().entries) {
    files.emplace(std::move(entry.name), std::move(entry.bytes));
  }
  return files;
}

Result<TemplateFiles> DecodeSource(std::string_view body, std::string_view content_type) {
  const std::string_view type = MediaType(content_type);
  if (type != "application/json" && type != "application/zip") {
    return Error{.code = ErrorCode::kUnsupported,
                 .message = "a template is sent as application/json or application/zip"};
  }
  auto files = type == "application/zip" ? UnpackTemplate(body) : DecodeJson(body);
  if (!files.ok()) return files;
  if (Status sizes = CheckSizes(files.value()); !sizes.ok()) return std::move(sizes).error();
  return files;
}

Result<TemplateFiles> DecodeSourceDocument(const Json& document) {
  auto files = DecodeFiles(document);
  if (!files.ok()) return files;
  if (Status sizes = CheckSizes(files.value()); !sizes.ok()) return std::move(sizes).error();
  return files;
}

void KeepWhatJsonCannotSay(const TemplateFiles& present, TemplateFiles& files) {
  for (const auto& [name, bytes] : present) {
    if (!IsText(name)) {
      if (!name.starts_with(kImages)) files.emplace(name, bytes);
      continue;
    }
    const auto sent = files.find(name);
    if (sent == files.end()) continue;
    const auto before = json::Parse(bytes, design::kLocaleJsonBytesMax);
    const auto after = json::Parse(sent->second, design::kLocaleJsonBytesMax);
    if (before.ok() && after.ok() && before.value() == after.value()) sent->second = bytes;
  }
}

Result<std::string> EncodeSourceJson(const TemplateFiles& files) {
  Json source = {
      {"template", Json::object()}, {"locales", Json::object()}, {"images", Json::object()}};
  for (const auto& [name, bytes] : files) {
    if (name.starts_with(kImages)) {
      source["images"][name.substr(kImages.size())] = ToBase64(bytes);
      continue;
    }
    if (!IsText(name)) continue;
    auto parsed = json::Parse(bytes, design::kLocaleJsonBytesMax);
    if (!parsed.ok()) {
      return Error{.code = ErrorCode::kConflict,
                   .message = name + " is not JSON: fetch the draft as application/zip"};
    }
    const std::string language(LanguageOf(name));
    (language.empty() ? source["template"] : source["locales"][language]) =
        std::move(parsed).value();
  }
  return json::Dump(source);
}

Result<std::string> EncodeSourceZip(const TemplateFiles& files) {
  std::vector<zip::Entry> entries;
  for (const auto& [name, bytes] : files) {
    const bool text = name.ends_with(".json");
    entries.push_back({name, bytes, text ? zip::Compression::kDeflate : zip::Compression::kStore});
  }
  return zip::WriteArchive(entries);
}

}  // namespace passmint::http
