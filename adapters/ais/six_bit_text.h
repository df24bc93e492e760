// SPDX-License-Identifier: Apache-2.0
#pragma once

// Six-bit ASCII, in which AIS says names and texts (ITU-R M.1371-5 Annex 8, table of six-bit ASCII): "@A-Z[\]^_
// !"#$%&'()*+,-./0-9:;<=>?".
// '@' ends a text; trailing spaces do not count.

#include <cstddef>
#include <string>
#include <string_view>

#include "base/bit_reader.h"
#include "base/bit_writer.h"

namespace entente::ais {

// Reads `characters` of six bits each, at most kTextCharacters; what follows the first '@' and trailing spaces are left out.
std::string ReadSixBitText(BitReader& bits, std::size_t characters);
// Pads with '@'. `text` holds six-bit characters only (FoldToSixBit) and at most `characters` of them.
void WriteSixBitText(BitWriter& bits, std::string_view text, std::size_t characters);

// `utf8` as near as six-bit ASCII comes to it: capitals, Latin letters without their accents, '?' for each other character.
// At most `limit` characters, without spaces at the end.
std::string FoldToSixBit(std::string_view utf8, std::size_t limit);

}  // namespace entente::ais
