// SPDX-License-Identifier: Apache-2.0
#include "adapters/cot/qos.h"

namespace entente::cot {
namespace {

v1::Precedence PrecedenceOf(char digit) {
  if (digit >= '8') return v1::PRECEDENCE_FLASH;
  if (digit >= '6') return v1::PRECEDENCE_IMMEDIATE;
  return digit >= '3' ? v1::PRECEDENCE_PRIORITY : v1::PRECEDENCE_ROUTINE;
}

char DigitOf(v1::Precedence precedence) {
  switch (precedence) {
    case v1::PRECEDENCE_FLASH:
      return '9';
    case v1::PRECEDENCE_IMMEDIATE:
      return '7';
    case v1::PRECEDENCE_PRIORITY:
      return '5';
    default:
      return '1';
  }
}

// The schema's 'i' is "independent": neither replaces nor follows.
v1::Overtaking OvertakingOf(char letter) {
  return letter == 'r'   ? v1::OVERTAKING_REPLACE
         : letter == 'f' ? v1::OVERTAKING_FOLLOW
         : letter == 'i' ? v1::OVERTAKING_INTERRUPT
                         : v1::OVERTAKING_UNSPECIFIED;
}

v1::Assurance AssuranceOf(char letter) {
  return letter == 'g'   ? v1::ASSURANCE_GUARANTEED
         : letter == 'd' ? v1::ASSURANCE_DEADLINE
         : letter == 'c' ? v1::ASSURANCE_CONGESTION
                         : v1::ASSURANCE_UNSPECIFIED;
}

// A track's next report replaces it; other messages are each their own.
char LetterOf(v1::Overtaking overtaking, bool track) {
  switch (overtaking) {
    case v1::OVERTAKING_REPLACE:
      return 'r';
    case v1::OVERTAKING_FOLLOW:
      return 'f';
    case v1::OVERTAKING_INTERRUPT:
      return 'i';
    default:
      return track ? 'r' : 'f';
  }
}

char LetterOf(v1::Assurance assurance, bool track) {
  switch (assurance) {
    case v1::ASSURANCE_GUARANTEED:
      return 'g';
    case v1::ASSURANCE_DEADLINE:
      return 'd';
    case v1::ASSURANCE_CONGESTION:
      return 'c';
    default:
      return track ? 'c' : 'd';
  }
}

bool IsQos(std::string_view qos) {
  return qos.size() == 5 && qos[0] >= '0' && qos[0] <= '9' && qos[1] == '-' && qos[3] == '-';
}

}  // namespace

bool ReadQos(std::string_view qos, v1::Envelope& envelope) {
  if (!IsQos(qos)) return false;
  envelope.mutable_id()->set_precedence(PrecedenceOf(qos[0]));
  envelope.set_overtaking(OvertakingOf(qos[2]));
  envelope.set_assurance(AssuranceOf(qos[4]));
  envelope.set_source_precedence(qos.data(), qos.size());
  return true;
}

std::string WriteQos(const v1::Envelope& envelope) {
  const v1::Precedence precedence = envelope.id().precedence();
  if (precedence == v1::PRECEDENCE_UNSPECIFIED) return {};
  if (IsQos(envelope.source_precedence()) && PrecedenceOf(envelope.source_precedence()[0]) == precedence) {
    return envelope.source_precedence();
  }
  const bool track = envelope.has_track();
  return {DigitOf(precedence), '-', LetterOf(envelope.overtaking(), track), '-', LetterOf(envelope.assurance(), track)};
}

bool ReadOpex(std::string_view opex, v1::Envelope& envelope) {
  if (opex.empty() || (opex.size() > 1 && opex[1] != '-')) return false;
  switch (opex[0]) {
    case 'o':
      envelope.set_reality(v1::REALITY_REAL);
      break;
    case 'e':
      envelope.set_reality(v1::REALITY_EXERCISE);
      break;
    case 's':
      envelope.set_reality(v1::REALITY_SIMULATION);
      break;
    default:
      return false;
  }
  if (opex.size() > 2) envelope.set_exercise_name(opex.data() + 2, opex.size() - 2);
  return true;
}

std::string WriteOpex(const v1::Envelope& envelope, adapter::LossLedger& ledger) {
  std::string opex;
  switch (envelope.reality()) {
    case v1::REALITY_REAL:
      opex = "o";
      break;
    case v1::REALITY_EXERCISE:
      opex = "e";
      break;
    case v1::REALITY_SIMULATION:
      opex = "s";
      break;
    case v1::REALITY_TEST:
      ledger.Approximated(v1::FIELD_REALITY, 0,
                          "opex knows no test; said as an exercise named TEST, so that nobody takes it for real");
      return "e-TEST";
    default:
      return {};
  }
  ledger.Kept(v1::FIELD_REALITY);
  if (!envelope.exercise_name().empty()) opex += "-" + envelope.exercise_name();
  return opex;
}

}  // namespace entente::cot
