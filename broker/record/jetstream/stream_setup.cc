// SPDX-License-Identifier: Apache-2.0
#include "broker/record/jetstream/stream_setup.h"

#include <fmt/format.h>

#include <algorithm>
#include <cctype>
#include <thread>

namespace entente::record {
namespace {

constexpr std::size_t kNameLimit = 128;
constexpr std::chrono::milliseconds kBetweenAttempts{100};
// A stream is absent when so many answers running say so.
constexpr int kAbsentAnswers = 5;
constexpr std::chrono::milliseconds kBetweenAbsentAnswers{200};

Status CheckName(const std::string& name, const std::string& where) {
  const bool fits = !name.empty() && name.size() <= kNameLimit && std::ranges::all_of(name, [](unsigned char letter) {
    return std::isalnum(letter) != 0 || letter == '-' || letter == '_';
  });
  if (fits) return {};
  return Fail(ErrorCode::kInvalidArgument, fmt::format("\"{}\" is no name for a stream", name), where,
              fmt::format("use at most {} letters, digits, '-' and '_'", kNameLimit));
}

// What of an existing stream's settings would lose something, or nothing.
std::string Misfit(const jsStreamConfig& config, const StreamPlan& plan, const std::string& subject) {
  if (config.SubjectsLen != 1 || config.Subjects[0] != subject) return "its subject is not " + subject;
  if (config.Storage != js_FileStorage) return "it is kept in memory, not in files";
  if (config.Retention != js_LimitsPolicy) return "its messages go when they are read";
  if (config.Discard != js_DiscardNew) return "it discards its oldest messages when it is full";
  if (config.MaxAge > 0) return "its messages have an age limit";
  if (config.MaxMsgsPerSubject > 0) return "it has a limit of messages per subject";
  if (config.NoAck) return "it acknowledges nothing";
  if (config.Sealed) return "it is sealed";
  if (config.Replicas != plan.replicas) {
    return fmt::format("it has {} replicas, and the exercise asks for {}", config.Replicas, plan.replicas);
  }
  return {};
}

struct Answer {
  NatsOwned<jsStreamInfo> info;
  natsStatus status = NATS_OK;
  jsErrCode code = static_cast<jsErrCode>(0);
};

Answer Ask(const NatsLink& link, const std::string& name) {
  Answer answer;
  jsStreamInfo* info = nullptr;
  answer.status = js_GetStreamInfo(&info, link.jetstream(), name.c_str(), nullptr, &answer.code);
  answer.info.reset(info);
  return answer;
}

Answer Make(const NatsLink& link, const StreamPlan& plan, const std::string& subject) {
  jsStreamConfig config;
  jsStreamConfig_Init(&config);
  const char* subjects[] = {subject.c_str()};
  config.Name = plan.name.c_str();
  config.Description = "Record of an Entente exercise";
  config.Subjects = subjects;
  config.SubjectsLen = 1;
  config.Storage = js_FileStorage;
  config.Retention = js_LimitsPolicy;
  config.Discard = js_DiscardNew;
  config.MaxBytes = plan.max_octets;
  config.Replicas = plan.replicas;
  config.DenyDelete = true;
  config.DenyPurge = true;
  Answer answer;
  jsStreamInfo* info = nullptr;
  answer.status = js_AddStream(&info, link.jetstream(), &config, nullptr, &answer.code);
  answer.info.reset(info);
  return answer;
}

// `attempt` until it gives what will not change by waiting.
template <typename Attempt>
Answer Patiently(std::chrono::milliseconds patience, const Attempt& attempt) {
  const auto until = std::chrono::steady_clock::now() + patience;
  Answer answer = attempt();
  while (answer.status != NATS_OK && MayPass(answer.status, answer.code) && std::chrono::steady_clock::now() < until) {
    std::this_thread::sleep_for(kBetweenAttempts);
    answer = attempt();
  }
  return answer;
}

bool IsAbsent(const Answer& answer) {
  return answer.code == JSStreamNotFoundErr || (answer.status == NATS_NOT_FOUND && answer.code == 0);
}

// A leader that was just elected may not know yet of a stream that is there; a stream made then would take its place, empty.
Answer AskUntilSure(const NatsLink& link, const std::string& name) {
  Answer answer = Ask(link, name);
  for (int answers = 1; IsAbsent(answer) && answers < kAbsentAnswers; ++answers) {
    std::this_thread::sleep_for(kBetweenAbsentAnswers);
    answer = Ask(link, name);
  }
  return answer;
}

std::string Place(const NatsLink& link, const std::string& name) {
  return fmt::format("stream {} on {}", name, link.where());
}

}  // namespace

std::string SubjectOf(const std::string& stream, const std::string& writer) {
  return "entente." + stream + "." + writer;
}

std::string WriterOf(const std::string& stream, std::string_view subject) {
  const std::string prefix = SubjectOf(stream, "");
  return subject.starts_with(prefix) ? std::string(subject.substr(prefix.size())) : std::string();
}

Result<std::uint64_t> EnsureStream(const NatsLink& link, const StreamPlan& plan, std::chrono::milliseconds patience) {
  const std::string where = Place(link, plan.name);
  if (Status named = CheckName(plan.name, where); !named) return std::unexpected(named.error());
  const std::string subject = SubjectOf(plan.name, "*");
  // Between the question and the making, another broker may have made it: the same settings give the same answer.
  const Answer answer = Patiently(patience, [&] {
    Answer asked = AskUntilSure(link, plan.name);
    return IsAbsent(asked) ? Make(link, plan, subject) : std::move(asked);
  });
  if (answer.status != NATS_OK) {
    return std::unexpected(NatsError(answer.status, answer.code, "the stream of the record cannot be opened", where));
  }
  if (const std::string misfit = Misfit(*answer.info->Config, plan, subject); !misfit.empty()) {
    return Fail(ErrorCode::kInvalidArgument, "the stream is there, but cannot hold this record: " + misfit, where,
                "name another stream in the exercise file, or remove that one if nobody needs it");
  }
  return answer.info->State.LastSeq;
}

Result<std::uint64_t> FindStream(const NatsLink& link, const std::string& name, std::chrono::milliseconds patience) {
  const std::string where = Place(link, name);
  if (Status named = CheckName(name, where); !named) return std::unexpected(named.error());
  const Answer answer = Patiently(patience, [&] { return Ask(link, name); });
  if (IsAbsent(answer)) return Fail(ErrorCode::kNotFound, "there is no such stream", where);
  if (answer.status != NATS_OK) {
    return std::unexpected(NatsError(answer.status, answer.code, "the stream cannot be opened", where));
  }
  return answer.info->State.LastSeq;
}

}  // namespace entente::record
