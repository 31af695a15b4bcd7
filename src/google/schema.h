#pragma once

// Google's resource schema as data: which fields a class or object may have, of which type, down to
// the leaves. Source: discovery document walletobjects:v1, as published in the npm package
// @googleapis/walletobjects 13.0.0; what is required or dead is from its field descriptions.

#include <span>
#include <string_view>
#include <vector>

#include "google/vertical.h"

namespace passmint::google {

struct SchemaField {
  std::string_view name;
  std::string_view type;  // Of the elements, if `list`. See FieldKind.
  bool list = false;
  bool required = false;
  bool deprecated = false;
  bool output_only = false;  // Google sets it; writing it has no effect.
};

struct SchemaType {
  std::string_view name;
  std::vector<SchemaField> fields;

  const SchemaField* Find(std::string_view field) const;
};

enum class FieldKind {
  kString,
  kBoolean,
  kDouble,
  kInt32,
  kInt64,     // On the wire a string of decimal digits; numbers are taken too.
  kDate,      // ISO 8601.
  kColor,     // #rgb or #rrggbb.
  kLanguage,  // BCP 47.
  kUri,       // With a scheme.
  kEnum,
  kObject,
  kAny,
};

FieldKind KindOf(std::string_view type);

// "LoyaltyClass", "LoyaltyObject".
const SchemaType& ClassSchema(Vertical vertical);
const SchemaType& ObjectSchema(Vertical vertical);

// The type called `name`, or null: not an object type.
const SchemaType* FindSchema(std::string_view name);

// The values of an enum, in capitals; empty if `name` is no enum.
std::span<const std::string_view> EnumValues(std::string_view name);

// One row of the source tables: "name:type[]!~^ ..." with [] list, ! required, ~ deprecated,
// ^ output only; "+Base" takes over the fields of another row.
struct SchemaSource {
  std::string_view name;
  std::string_view fields;
};
std::span<const SchemaSource> ResourceSources();
std::span<const SchemaSource> PartSources();

}  // namespace passmint::google
