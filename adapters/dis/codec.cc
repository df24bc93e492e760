// SPDX-License-Identifier: Apache-2.0
#include "adapters/dis/codec.h"

#include <fmt/format.h>

#include "adapters/dis/control_mapping.h"
#include "adapters/dis/message_frame.h"
#include "adapters/dis/options.h"
#include "adapters/dis/pdu_reader.h"
#include "adapters/dis/pdu_type.h"
#include "adapters/dis/pdu_writer.h"
#include "adapters/dis/track_decoding.h"
#include "adapters/dis/track_encoding.h"
#include "adapters/dis/weapon_mapping.h"
#include "proto/message_id.h"

namespace entente::dis {
namespace {

using adapter::CannotSay;
using adapter::DecodeCode;
using adapter::DecodeContext;
using adapter::DecodedMessage;
using adapter::DecodedUnit;
using adapter::DecodeError;
using adapter::DecodeResult;
using adapter::EncodeContext;
using adapter::Encoded;

constexpr auto kHeaderClause = "IEEE 1278.1-2012 §6.2.66";

std::optional<DecodeError> CheckHeader(const Header& header, std::int64_t exercise) {
  if (exercise != 0 && header.exercise != exercise) {
    return DecodeError{
        DecodeCode::kState, 1, "Exercise ID", kHeaderClause,
        fmt::format("is of exercise {}, but this node takes part in {} (option exercise_id)", header.exercise, exercise)};
  }
  if (!IsKnownType(header.type)) {
    return DecodeError{DecodeCode::kUnknownType, 2, "PDU Type", "SISO-REF-010 [UID 4]",
                       fmt::format("type {} is not assigned", header.type)};
  }
  return std::nullopt;
}

// Octets of one version under the label of the other, and what else the header says amiss.
void FindHeaderDeviations(const Header& header, ByteView unit, const DecodeContext& context, DecodedMessage& message) {
  const auto deviation = [&](std::size_t offset, const char* field, const char* clause, std::string text) {
    AddFinding(message, v1::FINDING_SEVERITY_DEVIATION, offset, field, clause, std::move(text));
  };
  const std::uint8_t wished = context.form == "v6" ? 6 : 7;
  if (header.version != wished) {
    deviation(0, "Protocol Version", kHeaderClause, fmt::format("says version {} where {} is spoken", header.version, wished));
  }
  if (header.version == 6 && (header.status != 0 || header.padding != 0)) {
    deviation(10, "Padding", "IEEE 1278.1A-1998 §5.2.24",
              fmt::format("padding is {:#04x} {:#04x}: version 7 octets (PDU status) labelled 6", header.status, header.padding));
  }
  if (header.version == 7 && header.padding != 0) {
    deviation(11, "Padding", kHeaderClause, fmt::format("padding is {:#04x}: not a version 7 header", header.padding));
  }
  if (header.version == 6 && IsVersion7Only(header.type)) {
    deviation(2, "PDU Type", "SISO-REF-010 [UID 4]", TypeName(header.type) + " came with version 7, but the header says 6");
  }
  const std::uint8_t family = FamilyOfType(header.type);
  if (family != 0 && header.family != family) {
    deviation(3, "Protocol Family", "SISO-REF-010 [UID 5]",
              fmt::format("family {} is not that of {}, {}", header.family, TypeName(header.type), family));
  }
  if (unit.size() > header.length) {
    deviation(header.length, "Length", kHeaderClause,
              fmt::format("{} octets follow the PDU that are no PDU", unit.size() - header.length));
  }
}

// The PDU's length minus what its own counts say; 0 where they agree.
void FindSurplus(std::size_t said, ByteView pdu, DecodedMessage& message) {
  if (pdu.size() <= said) return;
  AddFinding(message, v1::FINDING_SEVERITY_DEVIATION, said, "Length", kHeaderClause,
             fmt::format("the length field says {} octets, but fields and counts fill only {}", pdu.size(), said));
}

DecodedMessage DecodeOpaque(const Header& header, ByteView pdu, const Now& now) {
  DecodedMessage message;
  DecodeFrame(header, v1::FAMILY_OPAQUE, now, message);
  v1::Opaque& opaque = *message.envelope.mutable_opaque();
  opaque.set_native_type(TypeName(header.type));
  opaque.set_octets(ToText(pdu));
  message.ledger.Kept(v1::FIELD_EXTENSIONS);
  AddFinding(message, v1::FINDING_SEVERITY_NOTE, 2, "PDU Type", "SISO-REF-010 [UID 4]",
             TypeName(header.type) + " is carried whole for DIS nodes, and not read");
  return message;
}

// Reads with `read`, maps with `map`, and compares `said` octets with the PDU's length.
template <typename Read, typename Map, typename Said>
DecodeResult<DecodedMessage> Understand(ByteView pdu, Read read, Map map, Said said) {
  const auto parsed = read(pdu);
  if (!parsed) return std::unexpected(parsed.error());
  DecodeResult<DecodedMessage> message = map(*parsed);
  if (message) FindSurplus(said(*parsed), pdu, *message);
  return message;
}

DecodeResult<DecodedMessage> DecodeBody(const Header& header, ByteView pdu, const Now& now) {
  const auto whole = [&](const auto&) { return pdu.size(); };
  const auto with_parameters = [](std::size_t fixed) {
    return [fixed](const auto& parsed) { return fixed + parsed.variable_parameters.size(); };
  };
  switch (static_cast<PduType>(header.type)) {
    case PduType::kEntityState:
      return Understand(pdu, ReadEntityState, [&](const auto& p) { return DecodeTrack(p, now); }, with_parameters(144));
    case PduType::kEntityStateUpdate:
      return Understand(pdu, ReadEntityStateUpdate, [&](const auto& p) { return DecodeTrack(p, now); }, with_parameters(72));
    case PduType::kFire:
      return Understand(
          pdu, ReadFire, [&](const auto& p) { return DecodeWeaponEvent(p, now); }, [](const auto&) { return std::size_t{96}; });
    case PduType::kDetonation:
      return Understand(pdu, ReadDetonation, [&](const auto& p) { return DecodeWeaponEvent(p, now); }, with_parameters(104));
    case PduType::kCreateEntity:
    case PduType::kRemoveEntity:
    case PduType::kStartResume:
    case PduType::kStopFreeze:
    case PduType::kAcknowledge:
      return Understand(pdu, ReadSimulationManagement, [&](const auto& p) { return DecodeControl(p, now); }, whole);
    case PduType::kComment:
      return Understand(pdu, ReadComment, [&](const auto& p) { return DecodeComment(p, pdu, now); }, whole);
  }
  return DecodeOpaque(header, pdu, now);
}

// A whole PDU for a DIS receiver, in the receiver's exercise.
std::expected<Bytes, CannotSay> GiveBack(const v1::Envelope& message, ByteView pdu, const Options& options,
                                         adapter::LossLedger& ledger) {
  if (!message.provenance().protocol().empty() && message.provenance().protocol() != "dis") {
    return std::unexpected(
        CannotSay{"it is content of " + message.provenance().protocol() + " that only that protocol understands"});
  }
  const auto header = ReadHeader(pdu);
  if (!header || header->length != pdu.size()) return std::unexpected(CannotSay{"its octets are not one PDU"});
  Bytes octets = ToBytes(pdu);
  octets[1] = options.sent_exercise();
  ledger.Kept(v1::FIELD_EXTENSIONS);
  return octets;
}

std::expected<Bytes, CannotSay> EncodeBody(const v1::Envelope& message, const EncodeContext& context, const Options& options,
                                           adapter::LossLedger& ledger) {
  switch (message.body_case()) {
    case v1::Envelope::kTrack: {
      const auto state = EncodeTrack(message, context, options, ledger);
      if (!state) return std::unexpected(state.error());
      auto octets = Write(*state);
      if (!octets) return std::unexpected(CannotSay{"it has more variable parameters than an Entity State can hold"});
      return *std::move(octets);
    }
    case v1::Envelope::kWeaponEvent:
      return EncodeWeaponEvent(message, context, options, ledger);
    case v1::Envelope::kSimulationControl:
      if (const ByteView pdu = FindExtension(message, kPduExtension); !pdu.empty()) return GiveBack(message, pdu, options, ledger);
      return EncodeControl(message, context, options, ledger);
    case v1::Envelope::kChat:
      return EncodeChat(message, context, options, ledger);
    case v1::Envelope::kOpaque:
      return GiveBack(message, AsBytes(message.opaque().octets()), options, ledger);
    case v1::Envelope::kAlert:
      return std::unexpected(CannotSay{"IEEE 1278.1 has no PDU for alerts"});
    case v1::Envelope::kIdentity:
      return std::unexpected(CannotSay{"IEEE 1278.1 says an entity's identity only with its state"});
    default:
      return std::unexpected(CannotSay{"IEEE 1278.1 has no PDU for " + FamilyName(message.family()) + " messages"});
  }
}

}  // namespace

DecodeResult<DecodedUnit> Codec::Decode(ByteView unit, const DecodeContext& context) const {
  const auto header = ReadHeader(unit);
  if (!header) return std::unexpected(header.error());
  if (auto error = CheckHeader(*header, context.options.Integer("exercise_id"))) return std::unexpected(*std::move(error));
  auto message = DecodeBody(*header, unit.first(header->length), context.now);
  if (!message) return std::unexpected(message.error());
  FindHeaderDeviations(*header, unit, context, *message);
  DecodedUnit decoded;
  decoded.native_type = TypeName(header->type);
  decoded.messages.push_back(*std::move(message));
  return decoded;
}

std::expected<Encoded, CannotSay> Codec::Encode(const v1::Envelope& message, const EncodeContext& context) const {
  Encoded encoded;
  auto octets = EncodeBody(message, context, ReadOptions(context.options), encoded.ledger);
  if (!octets) return std::unexpected(octets.error());
  encoded.units.push_back(Share(*std::move(octets)));
  return encoded;
}

}  // namespace entente::dis
