#pragma once

namespace passmint::apns::internal {

// What a TLS alert of the peer says about our certificate, as a reason: "CertificateExpired". Null
// if it is about something else, or there was none. RFC 8446 section 6.2.
inline const char* CertificateAlert(int alert) {
  switch (alert) {
    case 42:
      return "BadCertificate";
    case 43:
      return "UnsupportedCertificate";
    case 44:
      return "CertificateRevoked";
    case 45:
      return "CertificateExpired";
    case 46:
      return "CertificateUnknown";
    case 48:
      return "UnknownCertificateAuthority";
    case 49:
      return "AccessDenied";
    case 116:
      return "CertificateRequired";
    default:
      return nullptr;
  }
}

}  // namespace passmint::apns::internal
