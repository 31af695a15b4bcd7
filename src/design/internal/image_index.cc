#include "design/internal/image_index.h"

#include <algorithm>
#include <optional>
#include <utility>

#include "base/language.h"
#include "base/nearest.h"

namespace passmint::design::internal {
namespace {

constexpr std::string_view kImages = "images/";
constexpr std::string_view kPng = ".png";
// Reference 6.2, P31: what makes a pass slow to download.
constexpr std::size_t kLargeImageBytes = 500 * 1000;
constexpr std::size_t kLargeTemplateBytes = 1000 * 1000;

std::string Size(int width, int height) {
  return std::to_string(width) + " x " + std::to_string(height) + " pixels";
}

// Nothing if the file is no usable picture, which is reported.
bool ReadHeader(ImageSource& source, Report& report) {
  const Place place{"", source.path};
  if (source.bytes->size() > kImageBytesMax) {
    report.Error("T07", place, std::to_string(source.bytes->size()) + " bytes are too many",
                 "A picture may have 4 MiB; save it in its final size.");
    return false;
  }
  const auto info = image::Inspect(*source.bytes);
  if (!info.ok()) {
    report.Error("P23", place, info.error().message, "Save it as PNG.");
    return false;
  }
  if (info.value().width > kImageSidePixelsMax || info.value().height > kImageSidePixelsMax) {
    report.Error("T07", place,
                 std::to_string(info.value().width) + " x " + std::to_string(info.value().height) +
                     " pixels are too many",
                 "A side may have 4096; save it in its final size.");
    return false;
  }
  source.width = static_cast<int>(info.value().width);
  source.height = static_cast<int>(info.value().height);
  if (source.bytes->size() > kLargeImageBytes) {
    report.Warn("P31", place,
                std::to_string(source.bytes->size() / 1000) + " kB for " +
                    Size(source.width, source.height),
                "Keep pictures below 500 kB: phones load the whole pass at every change.");
  }
  return true;
}

// Splits "ru/strip@2x.png" (behind "images/"). Nothing if that is no picture's name.
std::optional<std::pair<std::string, ImageSource>> ReadName(std::string_view name) {
  ImageSource source;
  if (const std::size_t slash = name.find('/'); slash != std::string_view::npos) {
    source.language = std::string(name.substr(0, slash));
    name.remove_prefix(slash + 1);
  }
  if (name.find('/') != std::string_view::npos || !name.ends_with(kPng)) return std::nullopt;
  name.remove_suffix(kPng.size());
  for (const int scale : {1, 2, 3}) {
    const std::string suffix = "@" + std::to_string(scale) + "x";
    if (!name.ends_with(suffix)) continue;
    name.remove_suffix(suffix.size());
    source.scale = scale;
    source.scale_named = true;
  }
  if (name.empty()) return std::nullopt;
  return std::pair(std::string(name), std::move(source));
}

bool IsSafePath(std::string_view path) {
  if (path.empty() || path.size() > kFilePathBytesMax || path.front() == '/' || path.back() == '/')
    return false;
  std::size_t begin = 0;
  while (begin <= path.size()) {
    const std::size_t end = std::min(path.find('/', begin), path.size());
    const std::string_view segment = path.substr(begin, end - begin);
    if (segment.empty() || segment == "." || segment == "..") return false;
    begin = end + 1;
  }
  // One drive letter, backslash or control character would mean another file to someone.
  return std::all_of(path.begin(), path.end(), [](char c) {
    return static_cast<unsigned char>(c) >= 0x20 && c != '\\' && c != ':' && c != 0x7F;
  });
}

bool Contains(const std::vector<std::string>& languages, std::string_view language) {
  return std::find(languages.begin(), languages.end(), language) != languages.end();
}

// Files of the kind that the template reads, whether or not it does.
void CheckKnown(const std::string& path, const std::vector<std::string>& languages,
                Report& report) {
  if (path == "template.json") return;
  constexpr std::string_view kLocales = "locales/";
  constexpr std::string_view kJson = ".json";
  if (path.starts_with(kLocales) && path.ends_with(kJson) && path.size() > 13) {
    const std::string language =
        path.substr(kLocales.size(), path.size() - kLocales.size() - kJson.size());
    if (Contains(languages, language)) return;
    report.Warn("T11", {"", path}, "the template has no language " + Quote(language),
                "Add it to \"languages\", or remove the file.");
    return;
  }
  if (path.starts_with(kImages) && ReadName(std::string_view(path).substr(kImages.size()))) return;
  report.Warn("T08", {"", path}, "nothing reads this file",
              "A template has template.json, images/*.png, images/<language>/*.png and "
              "locales/<language>.json; remove the rest.");
}

}  // namespace

void CheckFiles(const TemplateFiles& files, const std::vector<std::string>& languages,
                Report& report) {
  std::size_t total = 0;
  if (files.size() > kTemplateFilesMax) {
    report.Error("T07", {}, std::to_string(files.size()) + " files are too many",
                 "A template may have 512.");
    return;
  }
  for (const auto& [path, bytes] : files) {
    total += bytes.size();
    if (IsSafePath(path)) {
      CheckKnown(path, languages, report);
    } else {
      report.Error("T06", {}, "the file name " + Quote(path) + " is not allowed",
                   "Use relative names with /, without .., \\, : and control characters.");
    }
  }
  if (total > kTemplateBytesMax) {
    report.Error("T07", {}, std::to_string(total) + " bytes are too many in all",
                 "A template may have 32 MiB.");
  } else if (total > kLargeTemplateBytes) {
    report.Warn("P31", {}, "the files have " + std::to_string(total / 1000) + " kB in all",
                "Keep a pass below 1 MB: phones load it whole at every change.");
  }
}

ImageIndex::ImageIndex(const TemplateFiles& files, const std::vector<std::string>& languages,
                       Report& report) {
  std::int64_t pixels = 0;
  for (const auto& [path, bytes] : files) {
    if (!path.starts_with(kImages) || !IsSafePath(path)) continue;
    auto named = ReadName(std::string_view(path).substr(kImages.size()));
    if (!named) continue;
    ImageSource& source = named->second;
    source.path = path;
    source.bytes = &bytes;
    if (!source.language.empty() && !Contains(languages, source.language)) {
      if (IsLanguageTag(source.language)) {
        report.Warn("P24", {"", path}, "the template has no language " + Quote(source.language),
                    "Add it to \"languages\", or remove the file.");
      } else {
        report.Error("P24", {"", path}, "the folder " + Quote(source.language) + " is no language",
                     "Folders in images/ are languages of the template, such as images/ru/.");
      }
      continue;
    }
    if (!ReadHeader(source, report)) continue;
    std::vector<ImageSource>& sources = images_[named->first].sources;
    const bool twice = std::any_of(sources.begin(), sources.end(), [&](const ImageSource& other) {
      return other.scale == source.scale && other.language == source.language;
    });
    if (twice) {
      report.Error("T18", {"", path}, "there is another file of this scale",
                   "Keep either " + named->first + ".png or " + named->first + "@1x.png.");
      continue;
    }
    pixels += std::int64_t{source.width} * source.height;
    sources.push_back(std::move(source));
  }
  if (pixels > kTemplatePixelsMax) {
    report.Error(
        "T07", {},
        "the pictures have " + std::to_string(pixels / 1'000'000) + " million pixels in all",
        "A template may have 48 million; save pictures in their final size.");
  }
}

const std::vector<ImageSource>* ImageIndex::Use(std::string_view base) {
  const auto found = images_.find(base);
  if (found == images_.end()) return nullptr;
  found->second.used = true;
  return &found->second.sources;
}

std::string_view ImageIndex::Nearest(std::string_view base) const {
  std::vector<std::string_view> bases;
  for (const auto& [name, entry] : images_) bases.emplace_back(name);
  return passmint::Nearest(base, bases);
}

void ImageIndex::ReportUnused(Report& report) const {
  for (const auto& [base, entry] : images_) {
    if (entry.used) continue;
    report.Warn("T08", {"", entry.sources.front().path}, "no slot shows this picture",
                "Name it like a slot (strip.png), or name it in \"images\" or \"stamps\".");
  }
}

}  // namespace passmint::design::internal
