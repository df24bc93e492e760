// SPDX-License-Identifier: Apache-2.0
#pragma once

// The envelope that every publisher of a benchmark sends, whatever the bus: a labelled track of 198 octets, written once; sequence
// and sending time are patched into its octets. Receivers look at it in the same way on every bus.

#include <array>
#include <cstdint>
#include <string>
#include <string_view>

#include "base/bytes.h"
#include "entente/v1/message.pb.h"
#include "tests/performance/board.h"

namespace entente::performance {

inline constexpr std::string_view kOrigin = "DEU/sender";
inline constexpr std::uint64_t kIncarnation = 7;
inline constexpr std::size_t kEnvelopeOctets = 198;
// Sequences count from here, so that each takes the same five octets.
inline constexpr std::uint64_t kFirstSequence = std::uint64_t{1} << 28;
// Nations that receive; the first half of them may see a label of LabelSet::kAlternating's second kind.
inline constexpr std::array<std::string_view, 8> kNations = {"FRA", "NLD", "NOR", "BEL", "DNK", "POL", "ITA", "ESP"};

// "FRA/r0", "NLD/r1" …
std::string ReceiverName(std::size_t index);
// The exercise that the broker under test runs: `bus_section` tells how it keeps what it accepts; the first receivers have access
// points of their own for CoT.
std::string LoadExercise(std::string_view bus_section, std::size_t receivers_with_access);

// Where `entente certs` puts what belongs to a name.
struct CertificateFiles {
  std::string certificate;
  std::string key;
  std::string authority;
};
CertificateFiles FilesOf(const std::string& folder, std::string name);

enum class LabelSet {
  kUniform,      // releasable to all nations
  kAlternating,  // every other message to the first half of them only
};

class LoadEnvelope {
 public:
  explicit LoadEnvelope(LabelSet labels);

  // Valid until the next call. `sent_ns` is of the monotonic clock, which the processes of one machine share.
  ByteView Patch(std::uint64_t sequence, std::int64_t sent_ns);

 private:
  struct Template {
    Bytes octets;
    std::size_t sequence_at = 0;
    std::size_t time_at = 0;
  };
  static Template Make(bool to_all);
  std::array<Template, 2> templates_;
};

enum class Look { kSequence, kParse };

// One receiver's checks, counted on its place of the board.
class Receiver {
 public:
  // `expects_all`: sees every sequence; else every other one, from the first.
  Receiver(Board& board, std::size_t place, Look look, bool expects_all)
      : board_(board), place_(board.receivers[place]), samples_(place == 0), look_(look), step_(expects_all ? 1 : 2) {}

  void OnEnvelope(ByteView envelope);
  void OnSequence(std::uint64_t sequence);
  void Ready() {
    place_.ready = 1;
    board_.progress.Increment();
  }

 private:
  Board& board_;
  ReceiverPlace& place_;
  const bool samples_;
  const Look look_;
  const std::uint64_t step_;
  std::uint64_t next_ = kFirstSequence;
  std::uint64_t received_ = 0;
  v1::Envelope parsed_;
};

// When the envelope was sent, by its patched octets.
std::int64_t SentNs(ByteView envelope);
// Adds the time since an envelope was sent to the board's acknowledgements, while the driver asks for samples.
void SampleAcknowledgement(Board& board, std::int64_t sent_ns);

std::int64_t MonotonicNs();

}  // namespace entente::performance
