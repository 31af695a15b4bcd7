#include "issuance/phones.h"

#include <algorithm>
#include <optional>
#include <utility>

#include "issuance/current_card.h"
#include "issuance/design_choice.h"
#include "issuance/update_tag.h"

namespace passmint::issuance {
namespace {

// How long before a tag changes still count as new to the phone: a write takes its time at its
// begin and gives up after 30 s, clocks of several processes are a second apart at most.
constexpr std::chrono::seconds kTagOverlap{60};

Error NotTheOwner() {
  return {.code = ErrorCode::kUnauthenticated,
          .message = "no such pass, or not its authenticationToken"};
}

// Null if no programme has it.
const ProgrammeSite* FindByPassType(const Site& site, const PassTypeIdentifier& pass_type) {
  for (const auto& [id, programme] : site.programmes) {
    if (programme.apple != nullptr && programme.apple->identity().pass_type() == pass_type) {
      return &programme;
    }
  }
  return nullptr;
}

// Whether the token is that of the pass. A pass that does not exist costs the same work.
Result<bool> Proves(const PassClaim& claim, const Site& site, const ProgrammeSite* programme,
                    const std::optional<PassState>& pass) {
  const std::string& key = pass ? pass->card.key_id : site.keys->current_key_id();
  auto token = site.keys->AuthenticationToken(key, claim.pass_type, claim.serial);
  if (!token.ok()) return Annotate(std::move(token).error(), "authentication token");
  const bool matches = token.value().Matches(claim.token);
  return matches && pass && programme != nullptr && pass->programme == programme->programme.id;
}

bool IsDue(const PassState& pass, Timestamp now) {
  return cards::BlockIsOver(pass.card, now) || pass.next_due <= now;
}

Result<PassState> FindOwnPass(Transaction& transaction, const Site& site, const PassClaim& claim) {
  auto pass = transaction.FindPass(claim.serial);
  if (!pass.ok()) return std::move(pass).error();
  const auto proves = Proves(claim, site, FindByPassType(site, claim.pass_type), pass.value());
  if (!proves.ok()) return proves.error();
  if (!proves.value()) return NotTheOwner();
  return *std::move(pass).value();
}

// The pass, if its owner asks for it.
Result<PassState> ReadOwnPass(const Store& store, const Site& site, const PassClaim& claim) {
  PassState own;
  Status read = store.Read([&](Transaction& transaction) -> Status {
    auto pass = FindOwnPass(transaction, site, claim);
    if (!pass.ok()) return std::move(pass).error();
    own = std::move(pass).value();
    return {};
  });
  if (!read.ok()) return std::move(read).error();
  return own;
}

Result<Timestamp> LastModified(const PassState& pass) {
  const auto design = ChooseDesign(pass.designs, pass.card);
  if (design) return EffectiveTime(pass.card, *design);
  return Error{.code = ErrorCode::kInternal,
               .message = "no published version of template \"" + pass.card.template_name.str() +
                          "\" reaches a card of it"};
}

Result<PassVersion> VersionOf(const PassState& pass, Timestamp now) {
  const auto last_modified = LastModified(pass);
  if (!last_modified.ok()) return last_modified.error();
  return PassVersion{.programme = pass.programme,
                     .card = pass.card.id,
                     .revision = pass.card.revision,
                     .last_modified = last_modified.value(),
                     .now = now};
}

// A card that too many phones are registered for loses the one that was silent for longest.
Status ForgetSilentPhones(Transaction& transaction, const ProgrammeId& programme,
                          const std::string& card) {
  auto phones = transaction.PhonesOfCard(programme, card, kPhonesOfCardMax + 1);
  if (!phones.ok()) return std::move(phones).error();
  if (phones.value().size() <= static_cast<std::size_t>(kPhonesOfCardMax)) return {};
  auto deleted = transaction.DeleteRegistration(programme, phones.value().back().device, card);
  return deleted.ok() ? Status() : Status(std::move(deleted).error());
}

Result<std::vector<PassState>> ReadPasses(const Store& store, const ProgrammeId& programme,
                                          const DeviceLibraryIdentifier& device, Timestamp& now) {
  std::vector<PassState> passes;
  Status read = store.Read([&](Transaction& transaction) -> Status {
    auto found = transaction.PassesOfDevice(programme, device, kPassesOfPhoneMax);
    if (!found.ok()) return std::move(found).error();
    passes = std::move(found).value();
    now = transaction.Now();
    return {};
  });
  if (!read.ok()) return std::move(read).error();
  return passes;
}

// Posts what is due on the passes; true if anything was. While nothing can be written it stays due
// and is told later.
Result<bool> PostDue(Store& store, const Site& site, const std::vector<PassState>& passes,
                     Timestamp now) {
  bool posted = false;
  for (const PassState& pass : passes) {
    if (!IsDue(pass, now)) continue;
    auto current = FindBySerial(store, site, pass.card.serial);
    if (!current.ok()) return std::move(current).error();
    posted = true;
  }
  return posted;
}

}  // namespace

Result<bool> RegisterPhone(Store& store, const Site& site, const PassClaim& claim,
                           const DeviceLibraryIdentifier& device, const PushToken& push_token) {
  const auto own = ReadOwnPass(store, site, claim);
  if (!own.ok()) return own.error();
  const PassState& pass = own.value();
  bool is_new = false;
  Status written = store.Write([&](Transaction& transaction) -> Status {
    auto put = transaction.PutRegistration(pass.programme, device, push_token, pass.card.id);
    if (!put.ok()) return std::move(put).error();
    is_new = put.value();
    return is_new ? ForgetSilentPhones(transaction, pass.programme, pass.card.id) : Status();
  });
  if (!written.ok()) return std::move(written).error();
  return is_new;
}

Status UnregisterPhone(Store& store, const Site& site, const PassClaim& claim,
                       const DeviceLibraryIdentifier& device) {
  const auto own = ReadOwnPass(store, site, claim);
  if (!own.ok()) return own.error();
  const PassState& pass = own.value();
  return store.Write([&](Transaction& transaction) -> Status {
    auto deleted = transaction.DeleteRegistration(pass.programme, device, pass.card.id);
    return deleted.ok() ? Status() : Status(std::move(deleted).error());
  });
}

Result<FoundPass> FindPass(Store& store, const Site& site, const PassClaim& claim,
                           const std::function<bool(const PassVersion&)>& wants_card) {
  FoundPass found;
  bool due = false;
  // Posting may fail while nothing can be written: what is due then stays so, and shows.
  const auto read = [&](bool even_if_due) {
    return store.Read([&](Transaction& transaction) -> Status {
      found = {};
      auto pass = FindOwnPass(transaction, site, claim);
      if (!pass.ok()) return std::move(pass).error();
      due = IsDue(pass.value(), transaction.Now());
      if (due && !even_if_due) return {};
      auto version = VersionOf(pass.value(), transaction.Now());
      if (!version.ok()) return std::move(version).error();
      found.version = std::move(version).value();
      if (!wants_card(found.version)) return {};
      auto card = LoadCard(transaction, site, pass.value());
      if (!card.ok()) return std::move(card).error();
      found.card = std::move(card).value();
      return {};
    });
  };
  if (Status first = read(false); !first.ok()) return std::move(first).error();
  if (!due) return found;
  auto posted = FindBySerial(store, site, claim.serial);
  if (!posted.ok()) return std::move(posted).error();
  if (Status second = read(true); !second.ok()) return std::move(second).error();
  return found;
}

Result<UpdatedPasses> ListUpdatedPasses(Store& store, const Site& site,
                                        const DeviceLibraryIdentifier& device,
                                        const PassTypeIdentifier& pass_type,
                                        std::string_view since) {
  UpdatedPasses updated;
  const ProgrammeSite* programme = FindByPassType(site, pass_type);
  if (programme == nullptr) return updated;
  updated.programme = programme->programme.id;
  auto passes = ReadPasses(store, updated.programme, device, updated.now);
  if (!passes.ok()) return std::move(passes).error();
  const auto posted = PostDue(store, site, passes.value(), updated.now);
  if (!posted.ok()) return posted.error();
  if (posted.value()) passes = ReadPasses(store, updated.programme, device, updated.now);
  if (!passes.ok()) return std::move(passes).error();

  const auto tag = UpdateTag::Parse(since);
  const bool everything = !tag || tag->clock() > updated.now;
  for (PassState& pass : passes.value()) {
    const auto last_modified = LastModified(pass);
    if (!last_modified.ok()) return last_modified.error();
    if (everything || last_modified.value() > tag->clock() - kTagOverlap) {
      updated.serials.push_back(std::move(pass.card.serial));
    }
  }
  updated.tag = UpdateTag::At(updated.now, tag).ToText();
  return updated;
}

}  // namespace passmint::issuance
