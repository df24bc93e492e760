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

// One walk over a sentence, from behind its first character up to its '*': the fields between its commas, and their checksum.
class SentenceScan {
 public:
  explicit SentenceScan(std::string_view characters) : characters_(characters) {
    std::size_t at = 0;
    while (characters.size() - at >= kEight) {
      if (Take(at, LoadLittleEndian64(characters.data() + at))) return;
      at += kEight;
    }
    Take(at, LoadLast(characters, at));
  }
  [[nodiscard]] bool has_star() const { return has_star_; }
  // What the checksum is of; up to the end where there is no '*'.
  [[nodiscard]] std::string_view body() const { return characters_.substr(0, body_size_); }
  [[nodiscard]] std::uint8_t checksum() const { return ExclusiveOr(sums_); }
  // At most kFields + 1, however many there are.
  [[nodiscard]] std::size_t fields() const { return commas_seen_ + 1; }
  // `i` from 0 on, below fields().
  [[nodiscard]] std::string_view operator[](std::size_t i) const {
    const std::size_t begin = i == 0 ? 0 : commas_[i - 1] + 1;
    return characters_.substr(begin, (i < commas_seen_ ? commas_[i] : body_size_) - begin);
  }

 private:
  // Of the characters from `at` on; true when the '*' is among them.
  bool Take(std::size_t at, std::uint64_t characters) {
    const std::uint64_t stars = Equal(characters, '*');
    std::uint64_t commas = Equal(characters, ',');
    if (stars != 0) {
      has_star_ = true;
      body_size_ = at + FirstOf(stars);
      const std::uint64_t before = ((stars & ~(stars - 1)) >> 7) - 1;
      characters &= before;
      commas &= before;
    }
    sums_ ^= characters;
    for (; commas != 0 && commas_seen_ < commas_.size(); commas &= commas - 1) {
      commas_[commas_seen_++] = at + FirstOf(commas);
    }
    return stars != 0;
  }
  static std::size_t FirstOf(std::uint64_t found) { return static_cast<std::size_t>(std::countr_zero(found)) / 8; }

  std::string_view characters_;
  std::size_t body_size_ = characters_.size();
  std::uint64_t sums_ = 0;
  std::size_t commas_seen_ = 0;
  std::array<std::size_t, kFields> commas_;  // more are not looked for: one more than a VDM sentence has
  bool has_star_ = false;
};

// One digit from `low` to `high`; -1 otherwise.
int Digit(std::string_view field, char low, char high) {
  return field.size() == 1 && field[0] >= low && field[0] <= high ? field[0] - '0' : -1;
}

Refusal ReadFields(std::string_view line, const SentenceScan& fields, Sentence& sentence) {
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
  const SentenceScan scan(line.substr(start + 1));
  if (!scan.has_star()) {
    return Refuse(line.ends_with(',') || line.size() < start + 15 ? DecodeCode::kTruncated : DecodeCode::kFraming, line.size(),
                  "checksum", kChecksumClause, "the sentence has no \"*\" and checksum");
  }
  const std::size_t star = start + 1 + scan.body().size();
  const auto said = ParseChecksum(line.substr(star + 1, 2));
  if (!said || *said != scan.checksum()) {
    return Refuse(
        line.size() < star + 3 ? DecodeCode::kTruncated : DecodeCode::kFraming, star + 1, "checksum", kChecksumClause,
        "said to be \"" + std::string(line.substr(star + 1, 2)) + "\", but the characters give " + ChecksumText(scan.body()));
  }
  if (line.size() > star + 3) {
    Remark(sentence, v1::FINDING_SEVERITY_NOTE, star + 3, "end of sentence", kSentenceClause,
           "characters after the checksum are passed over");
  }
  sentence.address = scan[0];
  if (!sentence.IsAis()) return std::nullopt;
  if (line[start] != '!') {
    return Refuse(DecodeCode::kFraming, start, "start of sentence", kSentenceClause, "a VDM sentence begins with \"!\", not \"$\"");
  }
  if (scan.fields() != kFields) {
    return Refuse(DecodeCode::kSyntax, start, "fields", kSentenceClause, "a VDM sentence has seven fields between its commas");
  }
  return ReadFields(line, scan, sentence);
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
