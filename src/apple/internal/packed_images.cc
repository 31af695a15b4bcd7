#include "apple/internal/packed_images.h"

#include <mutex>
#include <utility>

#include "apple/internal/personalization.h"
#include "apple/manifest.h"
#include "zip/entry.h"

namespace passmint::apple::internal {
namespace {

constexpr std::string_view kGooglePrefix = "google-";

// "strip", "ru", 2 -> "ru.lproj/strip@2x.png".
std::string ImagePath(const std::string& slot, const design::ImageFile& file) {
  std::string path = file.language.empty() ? "" : file.language + ".lproj/";
  path += slot;
  if (file.scale > 1) path += '@' + std::to_string(file.scale) + 'x';
  return path + ".png";
}

}  // namespace

std::string StringsPath(const std::string& language) { return language + ".lproj/pass.strings"; }

PackedImages::PackedImages(const design::Design& design, std::vector<std::string> strings,
                           Limits limits)
    : languages_(design.source().languages), strings_(std::move(strings)), limits_(limits) {
  for (std::size_t i = 0; i < strings_.size(); ++i) {
    if (strings_[i].empty()) continue;
    strings_members_ += ManifestMember(StringsPath(languages_[i]), strings_[i]);
  }
  for (std::size_t i = 0; i < design.slots().size(); ++i) {
    const design::ImageSlot& source = design.slots()[i];
    if (source.name.starts_with(kGooglePrefix)) continue;
    Slot& slot = slots_.emplace_back();
    slot.index = i;
    slot.of_personalization = source.name == kPersonalizationLogo;
    for (const design::ImageVariant& variant : source.variants) {
      std::vector<File>& files = slot.variants.emplace_back();
      for (const design::ImageFile& file : variant.files) {
        const std::string path = ImagePath(source.name, file);
        files.push_back({path, file.png, ManifestMember(path, *file.png)});
      }
    }
  }
}

PackedKey PackedImages::KeyOf(const std::vector<std::size_t>& image_variants,
                              const CardFiles& own) const {
  PackedKey key{
      .variants = {}, .with_strings = !own.strings, .with_personalization = own.personalization};
  key.variants.reserve(slots_.size());
  for (const Slot& slot : slots_) {
    const std::size_t chosen = slot.index < image_variants.size() ? image_variants[slot.index] : 0;
    key.variants.push_back(chosen < slot.variants.size() ? chosen : 0);
  }
  return key;
}

const std::vector<PackedImages::File>* PackedImages::FilesOf(std::size_t slot,
                                                             const PackedKey& key) const {
  if (slots_[slot].variants.empty()) return nullptr;
  if (slots_[slot].of_personalization && !key.with_personalization) return nullptr;
  return &slots_[slot].variants[key.variants[slot]];
}

Result<std::shared_ptr<const Packed>> PackedImages::Find(
    const std::vector<std::size_t>& image_variants, const CardFiles& own) const {
  const PackedKey key = KeyOf(image_variants, own);
  {
    const std::shared_lock lock(mutex_);
    const auto found = kept_.find(key);
    if (found != kept_.end()) return found->second;
  }
  // Two threads may pack the same; the first that is done is kept.
  auto packed = Pack(key);
  if (packed.ok()) Keep(key, packed.value());
  return packed;
}

Result<std::shared_ptr<const Packed>> PackedImages::Pack(const PackedKey& key) const {
  std::vector<zip::Entry> entries;
  std::string members;
  for (std::size_t i = 0; i < slots_.size(); ++i) {
    const std::vector<File>* files = FilesOf(i, key);
    if (files == nullptr) continue;
    for (const File& file : *files) {
      entries.push_back({.name = file.path, .bytes = *file.png});
      members += file.manifest_member;
    }
  }
  if (key.with_strings) {
    members += strings_members_;
    for (std::size_t i = 0; i < strings_.size(); ++i) {
      if (strings_[i].empty()) continue;
      entries.push_back({.name = StringsPath(languages_[i]),
                         .bytes = strings_[i],
                         .compression = zip::Compression::kDeflate});
    }
  }
  auto archive = zip::PreparedArchive::Make(entries);
  if (!archive.ok()) return std::move(archive).error();
  return std::make_shared<const Packed>(Packed{std::move(archive).value(), std::move(members)});
}

std::size_t PackedImages::BytesOf(const PackedKey& key) const {
  std::size_t bytes = 0;
  for (std::size_t i = 0; i < slots_.size(); ++i) {
    const std::vector<File>* files = FilesOf(i, key);
    if (files == nullptr) continue;
    for (const File& file : *files) bytes += file.png->size();
  }
  return bytes;
}

void PackedImages::Keep(const PackedKey& key, std::shared_ptr<const Packed> packed) const {
  const std::unique_lock lock(mutex_);
  if (!kept_.emplace(key, std::move(packed)).second) return;
  order_.push_back(key);
  kept_bytes_ += BytesOf(key);
  // The newest stays, however large it is.
  while (order_.size() > 1 && (order_.size() > limits_.count || kept_bytes_ > limits_.bytes)) {
    kept_bytes_ -= BytesOf(order_.front());
    kept_.erase(order_.front());
    order_.pop_front();
  }
}

}  // namespace passmint::apple::internal
