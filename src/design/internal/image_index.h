#pragma once

#include <map>
#include <string>
#include <string_view>
#include <vector>

#include "design/internal/report.h"
#include "design/template_files.h"
#include "image/png.h"

namespace passmint::design::internal {

// One picture file of a template folder.
struct ImageSource {
  std::string path;                    // "images/ru/strip@2x.png".
  const std::string* bytes = nullptr;  // Of the TemplateFiles.
  int scale = 1;                       // By its name.
  bool scale_named = false;            // False: the name has no @2x or @3x.
  std::string language;                // "" at the top of images/.
  int width = 0;                       // Pixels, 1 to kImageSidePixelsMax.
  int height = 0;
};

// The pictures of a template folder by name without scale and ending: "strip", "strip-vip".
class ImageIndex {
 public:
  // Looks at names and headers alone. Reports what is no picture (P23), too large (T07, P31), in a
  // folder that is no language (P24); `files` outlive the index.
  ImageIndex(const TemplateFiles& files, const std::vector<std::string>& languages, Report& report);

  // Null if there is none. The picture counts as used from now on.
  const std::vector<ImageSource>* Use(std::string_view base);

  bool Has(std::string_view base) const { return images_.contains(base); }
  std::string_view Nearest(std::string_view base) const;

  // Warns of pictures that nothing used (T08). Call it last.
  void ReportUnused(Report& report) const;

 private:
  struct Entry {
    std::vector<ImageSource> sources;
    bool used = false;
  };
  std::map<std::string, Entry, std::less<>> images_;
};

// The rules of names and sizes that hold for every file (T06, T07), and those that nothing reads
// (T08, T11).
void CheckFiles(const TemplateFiles& files, const std::vector<std::string>& languages,
                Report& report);

}  // namespace passmint::design::internal
