// SPDX-License-Identifier: Apache-2.0
#include "adapters/ais/sentence.h"

#include <algorithm>
#include <array>
#include <bit>

#include "adapters/ais/checksum.h"

namespace entente::ais {
namespace {

using adapter::DecodeCode;
using adapter::DecodeError;

constexpr std::string_view kSentenceClause = "IEC 61162-1, VDM sentence";
constexpr std::string_view kChecksumClause = "IEC 61162-1, checksum field";
constexpr std::string_view kTagClause = "IEC 61162-450, TAG block";
constexpr std::size_t kFields = 7;
// 82 characters of a sentence less "!AIVDM,9,9,9,A," and ",0*hh<CR><LF>".
constexpr std::size_t kPayloadCharacters = 60;

// Each step of parsing gives std::nullopt, or why the line is refused.
using Refusal = std::optional<DecodeError>;

DecodeError Refuse(DecodeCode code, std::size_t offset, std::string_view field, std::string_view clause, std::string text) {
  return {code, offset, std::string(field), std::string(clause), std::move(text)};
}

void Remark(Sentence& sentence, v1::FindingSeverity severity, std::size_t offset, std::string_view field, std::string_view clause,
            std::string text) {
  sentence.findings.push_back({severity, offset, std::string(field), std::string(clause), std::move(text)});
}

// Reads the TAG block, if the line begins with one, and gives the offset of what follows.
std::size_t ReadTag(std::string_view line, Sentence& sentence) {
  if (line.empty() || line.front() != '\\') return 0;
  const std::size_t close = line.find('\\', 1);
  if (close == std::string_view::npos) return 0;
  if (auto tag = ParseTagBlock(line.substr(1, close - 1))) {
    sentence.tag = *tag;
    if (tag->time_in_milliseconds) {
      Remark(sentence, v1::FINDING_SEVERITY_NOTE, 1, "c", kTagClause, "the time is in milliseconds; seconds are the rule");
    }
  } else {
    Remark(sentence, v1::FINDING_SEVERITY_DEVIATION, 1, "TAG block", kTagClause, tag.error() + "; the block is passed over");
  }
  return close + 1;
}

// Where the sentence starts: at once, or behind what a logger wrote before it.
std::size_t FindStart(std::string_view line, std::size_t from, Sentence& sentence) {
  if (from < line.size() && (line[from] == '!' || line[from] == '$')) return from;
  const std::size_t tag = line.find("\\s:", from);
  const std::size_t bang = line.find('!', from);
  if (bang == std::string_view::npos) return bang;
  Remark(sentence, v1::FINDING_SEVERITY_DEVIATION, from, "start of sentence", kSentenceClause,
         "characters before the start of the sentence are passed over");
  if (tag < bang) {
    const std::size_t behind = tag + ReadTag(line.substr(tag), sentence);
    if (behind < line.size() && line[behind] == '!') return behind;
  }
  return bang;
}

// The seven fields of a sentence, as the places of the commas between them.
class SentenceFields {
 public:
  // False unless there are exactly seven.
  bool Split(std::string_view body) {
    body_ = body;
    if (body.size() < kEight) return false;
    std::size_t found = 0;
    // The last eight characters may overlap those before; their commas were seen.
    for (std::size_t at = 0, next = 0; next < body.size(); next = at + kEight) {
      at = std::min(next, body.size() - kEight);
      std::uint64_t commas = Equal(LoadLittleEndian64(body.data() + at), ',') & ~std::uint64_t{0} << 8 * (next - at);
      for (; commas != 0; commas &= commas - 1) {
        if (found == commas_.size()) return false;
        commas_[found++] = at + static_cast<std::size_t>(std::countr_zero(commas)) / 8;
      }
    }
    return found == commas_.size();
  }
  // `i` of 1 to 6.
  std::string_view operator[](std::size_t i) const {
    const std::size_t begin = commas_[i - 1] + 1;
    return body_.substr(begin, (i < commas_.size() ? commas_[i] : body_.size()) - begin);
  }

 private:
  std::string_view body_;
  std::array<std::size_t, kFields - 1> commas_;
};

// One digit from `low` to `high`; -1 otherwise.
int Digit(std::string_view field, char low, char high) {
  return field.size() == 1 && field[0] >= low && field[0] <= high ? field[0] - '0' : -1;
}

Refusal ReadFields(std::string_view line, const SentenceFields& fields, Sentence& sentence) {
  const auto offset = [&](std::size_t field) { return static_cast<std::size_t>(fields[field].data() - line.data()); };
  const int count = Digit(fields[1], '1', '9');
  if (count < 0) {
    return Refuse(DecodeCode::kCount, offset(1), "total number of sentences", kSentenceClause,
                  "\"" + std::string(fields[1]) + "\", but it must be a digit from 1 to 9");
  }
  const int index = Digit(fields[2], '1', '9');
  if (index < 0 || index > count) {
    return Refuse(DecodeCode::kCount, offset(2), "sentence number", kSentenceClause,
                  "\"" + std::string(fields[2]) + "\", but it must be a digit from 1 to " + std::to_string(count));
  }
  sentence.count = static_cast<unsigned>(count);
  sentence.index = static_cast<unsigned>(index);
  sentence.sequence = Digit(fields[3], '0', '9');
  if (sentence.sequence < 0 && (!fields[3].empty() || count > 1)) {
    Remark(sentence, v1::FINDING_SEVERITY_DEVIATION, offset(3), "sequential message identifier", kSentenceClause,
           "\"" + std::string(fields[3]) +
               "\", but a message of several sentences has a digit here, and one of a single sentence nothing");
  }
  sentence.channel = fields[4].empty() ? char{0} : fields[4].front();
  sentence.payload = fields[5];
  const int fill = fields[6].empty() ? 0 : Digit(fields[6], '0', '5');
  if (fill < 0) {
    return Refuse(DecodeCode::kOutOfRange, offset(6), "number of fill bits", kSentenceClause,
                  "\"" + std::string(fields[6]) + "\", but it must be a digit from 0 to 5");
  }
  if (fields[6].empty()) {
    Remark(sentence, v1::FINDING_SEVERITY_DEVIATION, offset(6), "number of fill bits", kSentenceClause, "absent; read as 0");
  }
  sentence.fill_bits = static_cast<unsigned>(fill);
  return std::nullopt;
}

Refusal Parse(std::string_view line, Sentence& sentence) {
  const std::size_t start = FindStart(line, ReadTag(line, sentence), sentence);
  if (start == std::string_view::npos || start == line.size()) {
    return Refuse(DecodeCode::kFraming, 0, "start of sentence", kSentenceClause,
                  "the line holds no \"!\" or \"$\": no sentence begins in it");
  }
  const std::size_t star = line.find('*', start);
  if (star == std::string_view::npos) {
    return Refuse(line.ends_with(',') || line.size() < start + 15 ? DecodeCode::kTruncated : DecodeCode::kFraming, line.size(),
                  "checksum", kChecksumClause, "the sentence has no \"*\" and checksum");
  }
  const std::string_view body = line.substr(start + 1, star - start - 1);
  const auto said = ParseChecksum(line.substr(star + 1, 2));
  if (!said || *said != Checksum(body)) {
    return Refuse(line.size() < star + 3 ? DecodeCode::kTruncated : DecodeCode::kFraming, star + 1, "checksum", kChecksumClause,
                  "said to be \"" + std::string(line.substr(star + 1, 2)) + "\", but the characters give " + ChecksumText(body));
  }
  if (line.size() > star + 3) {
    Remark(sentence, v1::FINDING_SEVERITY_NOTE, star + 3, "end of sentence", kSentenceClause,
           "characters after the checksum are passed over");
  }
  sentence.address = {body.begin(), std::ranges::find(body, ',')};
  if (!sentence.IsAis()) return std::nullopt;
  if (line[start] != '!') {
    return Refuse(DecodeCode::kFraming, start, "start of sentence", kSentenceClause, "a VDM sentence begins with \"!\", not \"$\"");
  }
  SentenceFields fields;
  if (!fields.Split(body)) {
    return Refuse(DecodeCode::kSyntax, start, "fields", kSentenceClause, "a VDM sentence has seven fields between its commas");
  }
  return ReadFields(line, fields, sentence);
}

}  // namespace

adapter::DecodeResult<Sentence> ParseSentence(std::string_view line) {
  adapter::DecodeResult<Sentence> sentence;
  if (auto refusal = Parse(line, *sentence)) sentence = std::unexpected(*std::move(refusal));
  return sentence;
}

std::string FormatSentences(std::string_view payload, unsigned fill_bits, const SentenceStyle& style) {
  const std::size_t count = payload.empty() ? 1 : (payload.size() + kPayloadCharacters - 1) / kPayloadCharacters;
  // Consecutive messages on one channel need different identifiers; derived, so that the same message is always the same octets.
  const std::string sequence = count > 1 ? std::to_string(Checksum(payload) % 10) : std::string();
  std::string out(style.tag_block);
  for (std::size_t i = 0; i < count; ++i) {
    std::string body(style.talker);
    body += style.own_ship ? "VDO," : "VDM,";
    body += std::to_string(count) + ',' + std::to_string(i + 1) + ',' + sequence + ',';
    if (style.channel != 0) body += style.channel;
    body += ',';
    body += payload.substr(i * kPayloadCharacters, kPayloadCharacters);
    body += ',' + std::to_string(i + 1 == count ? fill_bits : 0);
    out += '!' + body + '*' + ChecksumText(body) + "\r\n";
  }
  return out;
}

}  // namespace entente::ais
