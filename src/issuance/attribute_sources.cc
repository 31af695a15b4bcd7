#include "issuance/attribute_sources.h"

#include <utility>

namespace passmint::issuance {
namespace {

// Whether the change says something else than what is there.
bool Replaces(const cards::Member& member, const Json& wanted) {
  for (const auto& [name, value] : wanted.items()) {
    const auto found = member.attributes.find(name);
    if (found != member.attributes.end() && *found != value) return true;
  }
  return false;
}

}  // namespace

Result<std::map<std::string, AttributeSource>> SourcesOf(Transaction& transaction,
                                                         const ProgrammeId& programme,
                                                         const cards::Member& member) {
  std::map<std::string, AttributeSource> sources;
  for (const auto& [name, value] : member.attributes.items()) {
    sources[name] = AttributeSource::kShop;
  }
  if (sources.empty()) return sources;
  const auto known = transaction.CardTerms().AttributeSources(programme, member.id);
  if (!known.ok()) return known.error();
  for (const SourcedAttribute& one : known.value()) {
    // One that was removed may have left its source behind.
    if (const auto found = sources.find(one.name); found != sources.end()) {
      found->second = one.source;
    }
  }
  return sources;
}

Result<bool> MergeAttributes(Transaction& transaction, const ProgrammeId& programme,
                             const AttributeChange& change, cards::Member& member) {
  if (change.source == AttributeSource::kShop && !Replaces(member, change.wanted)) {
    json::MergePatch(member.attributes, change.wanted);
    return false;
  }
  const auto sources = SourcesOf(transaction, programme, member);
  if (!sources.ok()) return sources.error();
  bool kept = false;
  for (const auto& [name, value] : change.wanted.items()) {
    const auto given = sources.value().find(name);
    const bool known = given != sources.value().end();
    if (known && given->second > change.source && !change.overwrite) {
      kept = kept || member.attributes[name] != value;
      continue;
    }
    json::MergePatch(member.attributes, Json{{name, value}});
    if (value.is_null() || (known ? given->second : AttributeSource::kShop) == change.source) {
      continue;
    }
    Status put = transaction.CardTerms().PutAttributeSource(
        programme, member.id, {.name = name, .source = change.source});
    if (!put.ok()) return std::move(put).error();
  }
  return kept;
}

}  // namespace passmint::issuance
