#pragma once

#include <cstddef>
#include <deque>
#include <map>
#include <memory>
#include <shared_mutex>
#include <string>
#include <tuple>
#include <vector>

#include "base/result.h"
#include "design/design.h"
#include "zip/prepared_archive.h"

namespace passmint::apple::internal {

// The files of a bundle that cards share, packed and hashed.
struct Packed {
  zip::PreparedArchive archive;
  std::string manifest_members;  // As ManifestMember makes them.
};

// Which fixed files a card's bundle has.
struct PackedKey {
  std::vector<std::size_t> variants;  // Of the slots that Apple knows and that have a choice.
  bool with_strings = false;  // The design's own pass.strings; else they come with the card.
  bool with_personalization = false;  // The picture of the sign-up form.

  friend bool operator<(const PackedKey& a, const PackedKey& b) {
    return std::tie(a.variants, a.with_strings, a.with_personalization) <
           std::tie(b.variants, b.with_strings, b.with_personalization);
  }
};

// What a card brings along, and so what else it needs of the design.
struct CardFiles {
  bool strings = false;          // pass.strings of its own.
  bool personalization = false;  // personalization.json.
};

// The packed combinations of a design's pictures, made when a card first shows them and kept within
// limits. Safe for concurrent use: readers share a lock for a look-up, packing holds none.
class PackedImages {
 public:
  struct Limits {
    std::size_t count = 0;
    std::size_t bytes = 0;  // Of all pictures in all kept combinations.
  };

  // Hashes every picture. `strings` are by language; "" is no file. `design` is borrowed.
  PackedImages(const design::Design& design, std::vector<std::string> strings, Limits limits);

  // `image_variants` is RenderedCard::image_variants. Fails as zip::PreparedArchive::Make.
  Result<std::shared_ptr<const Packed>> Find(const std::vector<std::size_t>& image_variants,
                                             const CardFiles& own) const;

 private:
  struct File {
    std::string path;
    std::shared_ptr<const std::string> png;
    std::string manifest_member;
  };
  struct Slot {
    std::size_t index = 0;  // Into Design::slots().
    bool of_personalization = false;
    std::vector<std::vector<File>> variants;
  };

  PackedKey KeyOf(const std::vector<std::size_t>& image_variants, const CardFiles& own) const;
  // The files of a slot under that key; null if it shows none.
  const std::vector<File>* FilesOf(std::size_t slot, const PackedKey& key) const;
  Result<std::shared_ptr<const Packed>> Pack(const PackedKey& key) const;
  std::size_t BytesOf(const PackedKey& key) const;
  void Keep(const PackedKey& key, std::shared_ptr<const Packed> packed) const;

  const std::vector<std::string>& languages_;
  std::vector<std::string> strings_;
  std::string strings_members_;
  std::vector<Slot> slots_;
  Limits limits_;

  mutable std::shared_mutex mutex_;  // Guards what follows.
  mutable std::map<PackedKey, std::shared_ptr<const Packed>> kept_;
  mutable std::deque<PackedKey> order_;  // Oldest first.
  mutable std::size_t kept_bytes_ = 0;
};

// "ru.lproj/pass.strings".
std::string StringsPath(const std::string& language);

}  // namespace passmint::apple::internal
