// SPDX-License-Identifier: Apache-2.0
#include "adapters/gateway/core/test/line_protocol.h"

#include <fmt/format.h>

#include <array>
#include <charconv>
#include <deque>
#include <ranges>

namespace entente::gateway::test {
namespace {

std::size_t encode_calls = 0;

std::vector<std::string> Words(std::string_view line) {
  while (line.ends_with('\n')) line.remove_suffix(1);
  std::vector<std::string> words;
  for (const auto word : std::views::split(line, ' ')) words.emplace_back(word.begin(), word.end());
  if (words.empty()) words.emplace_back();
  return words;
}

template <typename Number>
Number NumberOf(const std::string& text) {
  Number number{};
  std::from_chars(text.data(), text.data() + text.size(), number);
  return number;
}

class LineCodec final : public adapter::Codec {
 public:
  adapter::DecodeResult<adapter::DecodedUnit> Decode(ByteView unit, const adapter::DecodeContext& context) const override {
    const std::vector<std::string> words = Words(AsText(unit));
    adapter::DecodedUnit decoded;
    decoded.native_type = words[0];
    if (words[0] == "hello") {
      decoded.role = v1::UNIT_ROLE_CONTROL;
      return decoded;
    }
    adapter::DecodedMessage message;
    if (words[0] == "track" && words.size() >= 4) {
      message.envelope = Track(words, context);
    } else if (words[0] == "flash" && words.size() >= 2) {
      message.envelope.mutable_id()->set_precedence(v1::PRECEDENCE_FLASH);
      message.envelope.mutable_chat()->set_text(words[1]);
    } else {
      return std::unexpected(
          adapter::DecodeError{adapter::DecodeCode::kUnknownType, 0, "first word", "line protocol §1", "neither track nor flash"});
    }
    message.ledger.Kept(v1::FIELD_POSITION);
    decoded.messages.push_back(std::move(message));
    return decoded;
  }

  std::expected<adapter::Encoded, adapter::CannotSay> Encode(const v1::Envelope& message,
                                                             const adapter::EncodeContext& context) const override {
    ++encode_calls;
    adapter::Encoded encoded;
    if (message.has_chat()) {
      encoded.units.push_back(Share(ToBytes("flash " + message.chat().text() + "\n")));
    } else if (message.has_track()) {
      encoded.units.push_back(Share(ToBytes(TrackText(message, context))));
    } else {
      return std::unexpected(adapter::CannotSay{"the line protocol has no such word"});
    }
    encoded.ledger.Kept(v1::FIELD_POSITION);
    return encoded;
  }

 private:
  static v1::Envelope Track(const std::vector<std::string>& words, const adapter::DecodeContext& context) {
    v1::Envelope envelope;
    const bool numbered = words[1].starts_with('#');
    envelope.mutable_native_id()->set_scheme(numbered ? "line-number" : "line-name");
    envelope.mutable_native_id()->set_value(numbered ? words[1].substr(1) : words[1]);
    envelope.mutable_track()->mutable_position()->set_latitude_deg(NumberOf<double>(words[2]));
    v1::Timestamp& observed = *envelope.mutable_times()->mutable_observed();
    observed.set_utc_ns(NumberOf<std::int64_t>(words[3]));
    if (observed.utc_ns() == 0) {
      observed.set_utc_ns(ToNanoseconds(context.now.utc));
      observed.set_completion(v1::TIME_COMPLETION_WHOLE);
    }
    if (words.size() > 4) {
      envelope.mutable_label()->set_classification(words[4]);
      envelope.mutable_label()->set_origin(v1::LABEL_ORIGIN_CARRIED);
    }
    return envelope;
  }

  static std::string TrackText(const v1::Envelope& message, const adapter::EncodeContext& context) {
    const bool by_number = context.options.Text("dialect") == "numbers";
    const std::string name =
        by_number ? fmt::format("#{}", context.ids.Number("line-number", message.object_id(), 1, 9999)) : message.object_id();
    return fmt::format("track {} {} {}{}\n", name, message.track().position().latitude_deg(), message.times().observed().utc_ns(),
                       context.form == "labelled" ? " " + message.label().classification() : "");
  }
};

const LineCodec kCodec;

class LineSession final : public adapter::Session {
 public:
  explicit LineSession(adapter::SessionConfig config) : config_(std::move(config)) {}

  void Start(Now, adapter::SessionSink& sink) override { sink.OnState(adapter::SessionState::kConnected, {}); }
  void Receive(ByteView octets, Now now, adapter::SessionSink& sink) override {
    buffer_.append(AsText(octets));
    for (std::size_t end = 0; closed_because_.empty() && (end = buffer_.find('\n')) != std::string::npos;) {
      const std::string line = buffer_.substr(0, end + 1);
      buffer_.erase(0, end + 1);
      OnLine(line, now, sink);
    }
    if (buffer_.size() > kLineOctets) Close("a line of more than 1,000 octets", sink);
  }
  void End(Now, adapter::SessionSink& sink) override {
    if (!buffer_.empty()) {
      sink.OnRefused({++received_,
                      AsBytes(buffer_),
                      {adapter::DecodeCode::kTruncated, buffer_.size(), "line", "line protocol §1", "no end of line"}});
    }
    buffer_.clear();
  }
  adapter::SendResult Send(const v1::Envelope& message, const adapter::Encoded& encoded, Now) override {
    if (message.has_chat() && message.chat().text() == "superseded") return {v1::SEND_OUTCOME_SUPERSEDED, "no room in time", {}};
    adapter::SendResult result;
    for (const SharedBytes& unit : encoded.units) {
      result.units.push_back({++sent_, unit});
      output_.push_back({unit, sent_});
    }
    return result;
  }
  std::optional<adapter::Output> NextOutput() override {
    if (output_.empty()) return std::nullopt;
    adapter::Output output = std::move(output_.front());
    output_.pop_front();
    return output;
  }
  std::optional<Instant> NextDeadline() const override { return deadline_; }
  void OnDeadline(Now, adapter::SessionSink& sink) override {
    deadline_.reset();
    sink.OnState(adapter::SessionState::kSilent, "nothing for 10 s");
  }
  std::string_view form() const override { return config_.form; }
  std::string_view closed_because() const override { return closed_because_; }

 private:
  static constexpr std::size_t kLineOctets = 1000;

  void OnLine(const std::string& line, Now now, adapter::SessionSink& sink) {
    deadline_ = now.instant + std::chrono::seconds(10);
    if (line == "goodbye\n") return Close("goodbye was said", sink);
    const ByteView octets = AsBytes(line);
    auto unit = kCodec.Decode(octets, {config_.form, config_.options, now});
    if (!unit) return sink.OnRefused({++received_, octets, unit.error()});
    sink.OnUnit({++received_, octets, unit->role, unit->native_type});
    if (unit->role == v1::UNIT_ROLE_CONTROL) {
      output_.push_back({Share(ToBytes("welcome\n")), 0});
      sink.OnState(adapter::SessionState::kNegotiated, "hello was said");
    }
    for (auto& message : unit->messages) sink.OnMessage(std::move(message), {&octets, 1});
  }
  void Close(std::string_view reason, adapter::SessionSink& sink) {
    closed_because_ = reason;
    sink.OnState(adapter::SessionState::kClosed, reason);
  }

  adapter::SessionConfig config_;
  std::string buffer_;
  std::deque<adapter::Output> output_;
  std::uint64_t received_ = 0;
  std::uint64_t sent_ = 0;
  std::optional<Instant> deadline_;
  std::string closed_because_;
};

std::vector<adapter::AdapterInfo::RecordedChunk> SplitLines(ByteView file) {
  std::vector<adapter::AdapterInfo::RecordedChunk> chunks;
  for (const auto part : std::views::split(AsText(file), '\n')) {
    const std::string line(part.begin(), part.end());
    if (!line.empty()) chunks.push_back({ToBytes(line + '\n'), std::nullopt});
  }
  return chunks;
}

const std::array kForms{
    adapter::Form{"plain", adapter::Carrier::kStream, "lines", {{}, false}},
    adapter::Form{"labelled", adapter::Carrier::kStream, "lines with a classification", {{}, true}},
    adapter::Form{"datagram", adapter::Carrier::kDatagram, "a line a datagram", {{}, true}},
};
const std::array kOptions{adapter::NodeOption{
    .name = "dialect", .type = adapter::OptionType::kText, .unit = "", .default_text = "names", .description = "names or numbers"}};

}  // namespace

const adapter::AdapterInfo& LineProtocol() {
  static const adapter::AdapterInfo info{
      .name = "line",
      .standard = "line protocol",
      .edition = "1",
      .transports = {},
      .forms = kForms,
      .node_options = kOptions,
      .damage_rules = {},
      .unit_limit_octets = 1000,
      .codec = &kCodec,
      .make_session = [](adapter::SessionConfig config) -> std::unique_ptr<adapter::Session> {
        return std::make_unique<LineSession>(std::move(config));
      },
      .split_recording = SplitLines,
  };
  return info;
}

std::size_t EncodeCalls() {
  return encode_calls;
}

std::string TrackLine(std::string_view name, std::string_view latitude, std::int64_t observed_ns) {
  return fmt::format("track {} {} {}\n", name, latitude, observed_ns);
}

v1::Envelope TrackEnvelope(std::string_view object_id, double latitude_deg, std::int64_t observed_ns) {
  v1::Envelope envelope;
  envelope.set_family(v1::FAMILY_TRACK);
  envelope.set_object_id(std::string(object_id));
  envelope.mutable_track()->mutable_position()->set_latitude_deg(latitude_deg);
  envelope.mutable_times()->mutable_observed()->set_utc_ns(observed_ns);
  return envelope;
}

}  // namespace entente::gateway::test
