#pragma once

#include <map>
#include <memory>
#include <string>
#include <string_view>

#include "apple/environment.h"
#include "apple/pass_factory.h"
#include "crypto/cms.h"
#include "crypto/test_authority.h"
#include "design/design.h"
#include "json/json.h"

namespace passmint::apple::test {

// Issues what the tests sign with; made once for the process.
const crypto::TestAuthority& Authority();

// Of pass.com.example.test and TEAM123456, valid around Now().
std::shared_ptr<const crypto::ManifestSigner> Signer();
std::shared_ptr<const crypto::ManifestSigner> NfcSigner();

// Another leaf of the same authority.
std::shared_ptr<const crypto::ManifestSigner> SignerOf(crypto::PassCertificateOptions options);
crypto::PassCertificateOptions GoodLeaf();

PassEnvironment Environment();
Timestamp Now();  // 2026-11-21T10:00:00Z.
const Secret& Token();
PassIdentity Identity();

// A loyalty card in English and Russian with twelve fields that lints without a finding.
design::TemplateFiles CoffeeFiles();
// The same with an RFC 7396 patch of template.json, as JSON text.
design::TemplateFiles Coffee(std::string_view template_patch);
// A ticket, a gift card and a boarding pass of the smallest kind.
design::TemplateFiles Ticket(std::string_view template_patch = "{}");
design::TemplateFiles Gift(std::string_view template_patch = "{}");
design::TemplateFiles Boarding(std::string_view template_patch = "{}");

// REQUIRES: the files compile; the test fails with the findings otherwise.
std::shared_ptr<const design::Design> MustCompile(const design::TemplateFiles& files);

design::RenderedCard Render(const design::Design& design,
                            design::Sample sample = design::Sample::kTypical,
                            design::CardState state = design::CardState::kActive);

// pass.json of a sample as JSON.
Json PassOf(const design::TemplateFiles& files, design::Sample sample = design::Sample::kTypical,
            design::CardState state = design::CardState::kActive);

// The bundle of the coffee card; REQUIRES: nothing fails.
std::string Bundle(const std::shared_ptr<const design::Design>& design);
PassFactory MustMake(const std::shared_ptr<const design::Design>& design);

// File name -> bytes, and back without any rule.
std::map<std::string, std::string> Unpack(std::string_view bundle);
std::string Pack(const std::map<std::string, std::string>& files);

// The files with a new manifest and a new signature.
std::map<std::string, std::string> SignAgain(std::map<std::string, std::string> files,
                                             const crypto::ManifestSigner& signer);

std::string Png(int width, int height);

}  // namespace passmint::apple::test
