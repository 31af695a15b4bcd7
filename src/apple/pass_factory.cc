#include "apple/pass_factory.h"

#include <algorithm>
#include <utility>
#include <vector>

#include "apple/internal/packed_images.h"
#include "apple/internal/personalization.h"
#include "apple/manifest.h"
#include "apple/verify.h"
#include "zip/prepared_archive.h"

namespace passmint::apple {
namespace {

// Apple reference 4.6: what every router between a phone and us leaves alone.
constexpr std::size_t kSerialBytesMax = 64;

bool IsSafeSerial(const std::string& serial) {
  return !serial.empty() && serial.size() <= kSerialBytesMax &&
         std::all_of(serial.begin(), serial.end(), [](char c) {
           return (c >= '0' && c <= '9') || (c >= 'A' && c <= 'Z') || (c >= 'a' && c <= 'z') ||
                  c == '.' || c == '_' || c == '~' || c == '-';
         });
}

Status CheckCertificate(const crypto::SigningIdentity& identity,
                        const PassEnvironment& environment) {
  if (identity.pass_type() == environment.pass_type && identity.team() == environment.team) {
    return {};
  }
  return Error{.code = ErrorCode::kInvalidArgument,
               .message = "the certificate is for " + identity.pass_type().str() + " of team " +
                          identity.team().str() + ", not for " + environment.pass_type.str() +
                          " of team " + environment.team.str(),
               .reason = "certificate_mismatch"};
}

}  // namespace

struct PassFactory::Rep {
  Rep(std::shared_ptr<const design::Design> its_design,
      std::shared_ptr<const crypto::ManifestSigner> its_signer, PassEnvironment its_environment,
      PassWriter its_writer)
      : design(std::move(its_design)),
        signer(std::move(its_signer)),
        environment(std::move(its_environment)),
        writer(std::move(its_writer)),
        images(*design, writer.fixed_strings(),
               {.count = PassFactory::kPackedMax, .bytes = PassFactory::kPackedBytesMax}) {
    for (const std::string& language : design->source().languages) {
      strings_paths.push_back(internal::StringsPath(language));
    }
  }

  std::shared_ptr<const design::Design> design;
  std::shared_ptr<const crypto::ManifestSigner> signer;
  PassEnvironment environment;
  PassWriter writer;
  internal::PackedImages images;
  std::vector<std::string> strings_paths;  // By language.
};

Result<PassFactory> PassFactory::Make(std::shared_ptr<const design::Design> design,
                                      std::shared_ptr<const crypto::ManifestSigner> signer,
                                      PassEnvironment environment) {
  const Status suits = CheckCertificate(signer->identity(), environment);
  if (!suits.ok()) return suits.error();
  Result<PassWriter> writer = PassWriter::Make(*design, environment);
  if (!writer.ok()) return writer.error();
  PassFactory factory(std::make_unique<Rep>(std::move(design), std::move(signer),
                                            std::move(environment), std::move(writer).value()));
  const Status checked = factory.CheckSpecimens();
  if (!checked.ok()) return checked.error();
  return factory;
}

Status PassFactory::CheckSpecimens() const {
  PassIdentity specimen{.serial = SerialNumber("specimen")};
  Status checked = CheckSpecimen(specimen);
  if (!checked.ok() || !internal::HasPersonalization(rep_->design->source())) return checked;
  constexpr std::size_t kTokenBytes = 32;
  const Secret token(std::string(kTokenBytes, '0'));
  specimen.authentication_token = &token;
  specimen.unassigned = true;
  return CheckSpecimen(specimen);
}

// The sample member's card at the first instant at which the certificates are valid: what it says
// does not matter, only that archive, manifest and signature fit together.
Status PassFactory::CheckSpecimen(const PassIdentity& identity) const {
  const crypto::SigningIdentity& signer = rep_->signer->identity();
  const Timestamp time = std::max(signer.not_before(), signer.wwdr_certificate().not_before());
  const design::Values values =
      design::SampleValues(design::Sample::kTypical, rep_->design->programme().currency);
  const design::RenderedCard card = rep_->design->Render(values, design::CardState::kActive);
  const auto bundle = Build(card, identity, time);
  if (!bundle.ok()) return bundle.error();
  for (const BundleFinding& finding : VerifyBundle(bundle.value()).findings) {
    if (finding.id != "K01" || finding.level != design::Level::kError) continue;
    return Error{.code = ErrorCode::kInternal,
                 .message = "the first bundle of this design does not pass its self-check: " +
                            finding.file + ": " + finding.cause};
  }
  return {};
}

PassFactory::PassFactory(std::unique_ptr<Rep> rep) : rep_(std::move(rep)) {}
PassFactory::PassFactory(PassFactory&&) noexcept = default;
PassFactory& PassFactory::operator=(PassFactory&&) noexcept = default;
PassFactory::~PassFactory() = default;

bool PassFactory::OffersPersonalization(const design::RenderedCard& card,
                                        const PassIdentity& identity) const {
  return !rep_->writer.Write(card, identity).personalization.empty();
}

const PassEnvironment& PassFactory::environment() const { return rep_->environment; }
const design::Design& PassFactory::design() const { return *rep_->design; }

Result<std::string> PassFactory::Build(const design::RenderedCard& card,
                                       const PassIdentity& identity, Timestamp signing_time) const {
  if (!IsSafeSerial(identity.serial.str())) {
    return Error{.code = ErrorCode::kInvalidArgument,
                 .message = "a serial number has 1 to 64 characters of 0-9 A-Z a-z . _ ~ -",
                 .reason = "bad_serial"};
  }
  const PassTexts texts = rep_->writer.Write(card, identity);
  const auto packed = rep_->images.Find(
      card.image_variants,
      {.strings = !texts.strings.empty(), .personalization = !texts.personalization.empty()});
  if (!packed.ok()) return packed.error();

  std::string members = packed.value()->manifest_members;
  std::vector<zip::ChangingEntry> entries;
  entries.reserve(texts.strings.size() + 4);
  const auto add = [&members, &entries](std::string_view path, const std::string& bytes) {
    members += ManifestMember(path, bytes);
    entries.push_back({path, bytes});
  };
  add("pass.json", texts.pass_json);
  if (!texts.personalization.empty()) add("personalization.json", texts.personalization);
  for (std::size_t i = 0; i < texts.strings.size(); ++i) {
    add(rep_->strings_paths[i], texts.strings[i]);
  }
  const std::string manifest = CloseManifest(members);
  const auto signature = rep_->signer->Sign(manifest, signing_time);
  if (!signature.ok()) return signature.error();
  entries.push_back({"manifest.json", manifest});
  entries.push_back({"signature", signature.value()});
  return packed.value()->archive.Append(entries);
}

}  // namespace passmint::apple
