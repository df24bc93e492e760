// SPDX-License-Identifier: Apache-2.0
#include "broker/record/jetstream/chain_book.h"

#include "base/byte_writer.h"

namespace entente::record {

Placing ChainBook::Place(const std::string& writer, const ChainFrame& frame) {
  const auto at = chains_.find(writer);
  const Chain chain = at != chains_.end() ? at->second : Chain{0, ChainOrigin(writer)};
  if (frame.number <= chain.frames) return Placing::kRepeated;
  if (frame.number > chain.frames + 1) return Placing::kOutOfTurn;
  if (frame.previous != chain.head) return Placing::kForeign;
  chains_[writer] = {frame.number, frame.hash};
  return Placing::kCounts;
}

Digest ChainBook::RecordDigest() const {
  ByteWriter covered;
  covered.Text("entente record of chains 1\n");
  covered.U64Le(chains_.size());
  for (const auto& [writer, chain] : chains_) {
    covered.Varint(writer.size());
    covered.Text(writer);
    covered.U64Le(chain.frames);
    covered.Octets(chain.head);
  }
  return Sha256(covered.view());
}

}  // namespace entente::record
