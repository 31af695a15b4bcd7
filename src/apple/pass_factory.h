#pragma once

#include <memory>
#include <string>

#include "apple/environment.h"
#include "apple/pass_json.h"
#include "base/result.h"
#include "base/timestamp.h"
#include "crypto/cms.h"
#include "design/design.h"
#include "design/rendered_card.h"

namespace passmint::apple {

// Makes the .pkpass bundles of one published design under one certificate. Make it once per design
// version and keep it: images are hashed and packed, and everything that no card changes is
// serialised once. Immutable to its callers; safe for concurrent use, threads wait for each other
// only while a new combination of pictures is packed.
class PassFactory {
 public:
  // Packed combinations of picture variants that are kept (stamps x tiers of one template are
  // fewer), and their bytes together; beyond either the oldest goes.
  static constexpr std::size_t kPackedMax = 256;
  static constexpr std::size_t kPackedBytesMax = std::size_t{64} << 20;

  // Also builds one specimen and runs the self-check K01 on it (apple/verify.h); with a sign-up
  // form in the design another one, of a card that is nobody's.
  //
  // Fails with
  //   kInvalidArgument  "nfc_certificate_needed" (PassWriter::Make); "certificate_mismatch" if pass
  //                     type or team of the environment are not those of the signer's certificate,
  //   kInternal         the specimen does not pass the self-check.
  static Result<PassFactory> Make(std::shared_ptr<const design::Design> design,
                                  std::shared_ptr<const crypto::ManifestSigner> signer,
                                  PassEnvironment environment);

  PassFactory(PassFactory&&) noexcept;
  PassFactory& operator=(PassFactory&&) noexcept;
  PassFactory(const PassFactory&) = delete;
  PassFactory& operator=(const PassFactory&) = delete;
  ~PassFactory();

  // The bytes of a .pkpass (application/vnd.apple.pkpass). The same arguments give the same bytes;
  // another `signing_time` changes the file `signature` alone.
  //
  // REQUIRES: `card` was rendered by the design of Make.
  // Fails with kInvalidArgument ("bad_serial") if the serial is empty, longer than 64 bytes or has
  // other characters than [0-9A-Za-z._~-] (Apple reference 4.6); with kUnavailable as
  // crypto::ManifestSigner::Sign (an expired certificate); with kInternal.
  Result<std::string> Build(const design::RenderedCard& card, const PassIdentity& identity,
                            Timestamp signing_time) const;

  // Whether that bundle has personalization.json, so that its holder may sign up.
  // REQUIRES: as Build.
  bool OffersPersonalization(const design::RenderedCard& card, const PassIdentity& identity) const;

  const PassEnvironment& environment() const;
  const design::Design& design() const;

 private:
  struct Rep;
  explicit PassFactory(std::unique_ptr<Rep> rep);
  Status CheckSpecimens() const;
  Status CheckSpecimen(const PassIdentity& identity) const;

  std::unique_ptr<Rep> rep_;
};

}  // namespace passmint::apple
