#pragma once

#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "base/result.h"
#include "base/timestamp.h"
#include "design/finding.h"
#include "design/rendered_card.h"
#include "design/template.h"
#include "design/template_files.h"
#include "design/values.h"

namespace passmint::design {

// What a template does not say and the programme's settings do.
struct ProgrammeFacts {
  std::string name;
  std::string currency = "RUB";   // ISO 4217.
  std::string time_zone = "UTC";  // IANA.
};

// One PNG of a slot, at one scale, in one language.
struct ImageFile {
  int scale = 1;         // 1, 2 or 3: "", "@2x", "@3x".
  std::string language;  // "" at the root of the bundle, else of that language alone.
  std::shared_ptr<const std::string> png;
  unsigned width = 0;  // Pixels.
  unsigned height = 0;
};

// One of the pictures that a slot may show: one per row of "images", or one per count of stamps
// (count 0 first); with both, all counts of the first row, then of the next. All scales are there:
// missing ones were derived from the largest.
struct ImageVariant {
  std::vector<ImageFile> files;
};

struct ImageSlot {
  std::string
      name;  // As in the bundle: "icon", "logo", "strip", ...; "google-logo", "google-hero".
  std::vector<ImageVariant> variants;  // At least one.
};

// A template that can make cards: parsed, linted, its images derived. Immutable; safe for
// concurrent use.
class Design {
 public:
  virtual ~Design() = default;

  virtual const Template& source() const = 0;
  virtual const ProgrammeFacts& programme() const = 0;

  // The slots that have pictures, sorted by name.
  virtual const std::vector<ImageSlot>& slots() const = 0;

  // Warnings that stood when it was compiled.
  virtual const Findings& findings() const = 0;

  // SHA-256 in hex over the names and bytes of the folder's files: equal folders have equal hashes.
  virtual const std::string& hash() const = 0;

  // Expands every text and makes every choice for one card. Pure and total: a value that does not
  // suit its field (a text where a number is due) leaves the field out, since lint has tried all
  // types before.
  virtual RenderedCard Render(const Values& values, CardState state) const = 0;
};

// Reads a folder. Either a Design, or findings with at least one error. Never fails otherwise:
// whatever the bytes, the answer is a list of findings. Platform rules (P.., G..) are apple::Lint
// and google::Lint.
struct Compiled {
  std::shared_ptr<const Design> design;  // Null if `findings` has an error.
  Findings findings;
};
Compiled Compile(const TemplateFiles& files, const ProgrammeFacts& programme);

// The findings that Compile would have, without decoding or drawing a picture: fast enough for each
// keystroke in an editor. What only the pixels can show (a damaged PNG behind a good header) is
// found by Compile alone.
Findings LintFiles(const TemplateFiles& files, const ProgrammeFacts& programme);

// As Compile, without its pictures: slots, variants and sizes are there, every png and the hash are
// "". It cannot make cards but renders and lints like the whole one, but for damaged pixels, within
// milliseconds however large the pictures are: for previews while somebody types.
Compiled CompileOutline(const TemplateFiles& files, const ProgrammeFacts& programme);

// One picture of the folder as a card shows it, PNG at its largest scale: `variant` as
// RenderedCard::image_variants counts. Fails with kNotFound if there is no such slot or variant,
// with kInvalidArgument if the folder has errors or the picture cannot be read.
Result<std::string> DrawPicture(const TemplateFiles& files, const ProgrammeFacts& programme,
                                std::string_view slot, std::size_t variant,
                                std::string_view language);

// Whether `next` may be published in the place of `published`: a template never changes its kind,
// since a card keeps its wallet style and its Google class for life. Fails with kInvalidArgument,
// reason "kind_changed".
Status CheckSuccessor(const Template& published, const Template& next);

}  // namespace passmint::design
