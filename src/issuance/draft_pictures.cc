#include "issuance/draft_pictures.h"

#include <algorithm>
#include <utility>

#include "issuance/drafts.h"

namespace passmint::issuance {
namespace {

using design::TemplateFiles;

std::shared_ptr<const TemplateFiles> WithoutTexts(TemplateFiles files) {
  std::erase_if(files, [](const auto& file) {
    return file.first == "template.json" || file.first.starts_with("locales/");
  });
  return std::make_shared<const TemplateFiles>(std::move(files));
}

}  // namespace

std::shared_ptr<const TemplateFiles> DraftPictures::FindKept(const std::string& tag) {
  const std::lock_guard lock(mutex_);
  const auto found = kept_.find(tag);
  if (found == kept_.end()) return nullptr;
  found->second.used = ++uses_;
  return found->second.files;
}

void DraftPictures::Keep(const std::string& tag, std::shared_ptr<const TemplateFiles> files) {
  std::size_t bytes = 0;
  for (const auto& [path, content] : *files) bytes += path.size() + content.size();
  const std::lock_guard lock(mutex_);
  const auto [at, added] = kept_.emplace(tag, Kept{std::move(files), bytes, ++uses_});
  if (!added) return;
  bytes_ += bytes;
  while (bytes_ > bytes_max_) {
    const auto oldest = std::min_element(
        kept_.begin(), kept_.end(),
        [](const auto& a, const auto& b) { return a.second.used < b.second.used; });
    bytes_ -= oldest->second.bytes;
    kept_.erase(oldest);
  }
}

Result<std::shared_ptr<const TemplateFiles>> DraftPictures::Get(const ProgrammeId& programme,
                                                                const TemplateName& name) {
  std::shared_ptr<const TemplateFiles> files;
  const Status read = store_.Read([&](Transaction& transaction) -> Status {
    const auto tag = FindTag(transaction, programme, name);
    if (!tag.ok()) return tag.error();
    files = FindKept(tag.value());
    if (files != nullptr) return {};
    auto view = GetTemplate(transaction, programme, name);
    if (!view.ok()) return std::move(view).error();
    files = WithoutTexts(std::move(view.value().draft.files));
    Keep(view.value().draft.etag, files);
    return {};
  });
  if (!read.ok()) return read.error();
  return files;
}

}  // namespace passmint::issuance
