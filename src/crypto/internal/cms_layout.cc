// RFC 5652, DER, what we walk through ("..." is skipped):
//
//   ContentInfo      SEQUENCE { OID signedData, [0] SignedData }
//   SignedData       SEQUENCE { version, digestAlgorithms, encapContentInfo, [0] certificates,
//                               SET { SignerInfo } }
//   SignerInfo       SEQUENCE { version, issuerAndSerialNumber, digestAlgorithm,
//                               [0] { Attribute... }, signatureAlgorithm, OCTET STRING signature }
//   Attribute        SEQUENCE { OID, SET { value } }

#include "crypto/internal/cms_layout.h"

#include <openssl/asn1.h>
#include <openssl/objects.h>

#include <vector>

#include "crypto/internal/openssl.h"

namespace passmint::crypto::internal {
namespace {

// One element of DER: where it begins, where its contents begin and end.
struct Element {
  int tag = 0;
  int tag_class = 0;
  std::size_t offset = 0;
  std::size_t contents = 0;
  std::size_t end = 0;
  bool is_indefinite = false;  // Not DER.

  bool Is(int wanted_tag, int wanted_class = V_ASN1_UNIVERSAL) const {
    return tag == wanted_tag && tag_class == wanted_class;
  }
  CmsLayout::Range whole() const { return {offset, end - offset}; }
  CmsLayout::Range inside() const { return {contents, end - contents}; }
};

std::optional<Element> ReadElement(std::string_view der, std::size_t offset, std::size_t end) {
  const unsigned char* at = Bytes(der) + offset;
  long size = 0;
  Element element{.offset = offset};
  const int kind = ASN1_get_object(&at, &size, &element.tag, &element.tag_class,
                                   static_cast<long>(end - offset));
  // Bit 7: broken. Bit 0: indefinite length, so that the end is unknown.
  if ((kind & 0x80) != 0) {
    (void)TakeOpenSslErrors();
    return std::nullopt;
  }
  element.is_indefinite = (kind & 0x01) != 0;
  element.contents = static_cast<std::size_t>(at - Bytes(der));
  element.end = element.is_indefinite ? end : element.contents + static_cast<std::size_t>(size);
  return element;
}

// The elements inside `parent`; none if there are not exactly `count`.
std::vector<Element> Children(std::string_view der, const Element& parent, std::size_t count) {
  std::vector<Element> children;
  std::size_t at = parent.contents;
  while (at < parent.end && children.size() <= count) {
    const std::optional<Element> child = ReadElement(der, at, parent.end);
    if (!child || child->is_indefinite) return {};
    children.push_back(*child);
    at = child->end;
  }
  if (children.size() != count) return {};
  return children;
}

int NidOf(std::string_view der, const Element& oid) {
  const unsigned char* at = Bytes(der) + oid.offset;
  const std::unique_ptr<ASN1_OBJECT, FreeWith<ASN1_OBJECT_free>> object(
      d2i_ASN1_OBJECT(nullptr, &at, static_cast<long>(oid.end - oid.offset)));
  return object ? OBJ_obj2nid(object.get()) : NID_undef;
}

bool ReadAttribute(std::string_view der, const Element& attribute, CmsLayout& layout) {
  const std::vector<Element> parts = Children(der, attribute, 2);
  if (parts.empty() || !parts[0].Is(V_ASN1_OBJECT) || !parts[1].Is(V_ASN1_SET)) return false;
  const std::vector<Element> values = Children(der, parts[1], 1);
  if (values.empty()) return false;
  switch (NidOf(der, parts[0])) {
    case NID_pkcs9_contentType:
      return values[0].Is(V_ASN1_OBJECT);
    case NID_pkcs9_signingTime:
      layout.signing_time = values[0].inside();
      return values[0].Is(V_ASN1_UTCTIME) && layout.signing_time.size == 13;
    case NID_pkcs9_messageDigest:
      layout.message_digest = values[0].inside();
      return values[0].Is(V_ASN1_OCTET_STRING) && layout.message_digest.size == 32;
    default:
      return false;
  }
}

std::optional<Element> FindSignerInfo(std::string_view der) {
  const std::optional<Element> content_info = ReadElement(der, 0, der.size());
  if (!content_info || content_info->is_indefinite || content_info->end != der.size()) {
    return std::nullopt;
  }
  const std::vector<Element> wrapped = Children(der, *content_info, 2);
  if (wrapped.empty() || NidOf(der, wrapped[0]) != NID_pkcs7_signed) return std::nullopt;
  const std::vector<Element> signed_data = Children(der, wrapped[1], 1);
  if (signed_data.empty()) return std::nullopt;
  const std::vector<Element> fields = Children(der, signed_data[0], 5);
  if (fields.empty() || !fields[4].Is(V_ASN1_SET)) return std::nullopt;
  const std::vector<Element> signers = Children(der, fields[4], 1);
  if (signers.empty()) return std::nullopt;
  return signers[0];
}

}  // namespace

std::optional<CmsLayout> FindCmsLayout(std::string_view der) {
  const std::optional<Element> signer = FindSignerInfo(der);
  if (!signer) return std::nullopt;
  const std::vector<Element> fields = Children(der, *signer, 6);
  if (fields.empty() || !fields[3].Is(0, V_ASN1_CONTEXT_SPECIFIC) ||
      !fields[5].Is(V_ASN1_OCTET_STRING) || fields[5].end != der.size()) {
    return std::nullopt;
  }
  CmsLayout layout;
  layout.signed_attributes = fields[3].whole();
  layout.signature = fields[5].inside();
  const std::vector<Element> attributes = Children(der, fields[3], 3);
  if (attributes.empty()) return std::nullopt;
  for (const Element& attribute : attributes) {
    if (!ReadAttribute(der, attribute, layout)) return std::nullopt;
  }
  if (layout.signing_time.size == 0 || layout.message_digest.size == 0) return std::nullopt;
  return layout;
}

int SignedDataVersion(std::string_view ber) {
  const std::optional<Element> content_info = ReadElement(ber, 0, ber.size());
  if (!content_info) return 0;
  const std::optional<Element> type = ReadElement(ber, content_info->contents, content_info->end);
  if (!type) return 0;
  const std::optional<Element> tagged = ReadElement(ber, type->end, content_info->end);
  if (!tagged) return 0;
  const std::optional<Element> signed_data = ReadElement(ber, tagged->contents, tagged->end);
  if (!signed_data) return 0;
  const std::optional<Element> version = ReadElement(ber, signed_data->contents, signed_data->end);
  if (!version || !version->Is(V_ASN1_INTEGER) || version->inside().size != 1) return 0;
  return static_cast<unsigned char>(ber[version->contents]);
}

}  // namespace passmint::crypto::internal
