#pragma once

#include <cstddef>
#include <cstdint>
#include <map>
#include <memory>
#include <mutex>
#include <string>

#include "base/result.h"
#include "design/template_files.h"
#include "issuance/store.h"

namespace passmint::issuance {

// What a draft has beside its texts, for previews: an editor sends the texts with every keystroke
// and the pictures only with a save. Kept by the draft's tag, which is a digest of its files, so
// nothing is ever stale and a keystroke reads one row. The least recently used go when all take
// more than `bytes_max`. Safe for concurrent calls.
class DraftPictures {
 public:
  // Two drafts of the largest size (design/template_files.h).
  static constexpr std::size_t kBytesMax = 2 * design::kTemplateBytesMax;

  // REQUIRES: the store outlives this.
  explicit DraftPictures(const Store& store, std::size_t bytes_max = kBytesMax)
      : store_(store), bytes_max_(bytes_max) {}

  // All files but template.json and locales/. Fails with kNotFound if there is no such template; as
  // the store.
  Result<std::shared_ptr<const design::TemplateFiles>> Get(const ProgrammeId& programme,
                                                           const TemplateName& name);

 private:
  struct Kept {
    std::shared_ptr<const design::TemplateFiles> files;
    std::size_t bytes = 0;
    std::uint64_t used = 0;
  };

  std::shared_ptr<const design::TemplateFiles> FindKept(const std::string& tag);
  void Keep(const std::string& tag, std::shared_ptr<const design::TemplateFiles> files);

  const Store& store_;
  const std::size_t bytes_max_;
  std::mutex mutex_;  // Guards what follows.
  std::map<std::string, Kept> kept_;
  std::size_t bytes_ = 0;
  std::uint64_t uses_ = 0;
};

}  // namespace passmint::issuance
