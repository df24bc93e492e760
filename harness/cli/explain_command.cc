// SPDX-License-Identifier: Apache-2.0
#include <fmt/format.h>
#include <fmt/ranges.h>
#include <google/protobuf/util/json_util.h>

#include <filesystem>
#include <memory>

#include "base/io/files.h"
#include "base/io/system_clock.h"
#include "base/limits.h"
#include "broker/certificates/credentials.h"
#include "broker/client/explain_client.h"
#include "broker/policy/marking.h"
#include "harness/cli/commands.h"
#include "harness/cli/exit_code.h"
#include "harness/cli/explained_text.h"
#include "harness/cli/record_fold.h"
#include "harness/cli/tls_options.h"
#include "harness/exercise/words.h"
#include "harness/run/prepared_run.h"

namespace entente::cli {
namespace {

constexpr Duration kAnswerWithin = std::chrono::seconds(10);
constexpr std::size_t kSuggested = 8;

struct ExplainOptions {
  std::string message;
  std::string run;
  std::string exercise;
  std::string envelope;
  std::string from;
  std::string family = "track";
  std::string label;
  std::string precedence = "ROUTINE";
  std::vector<std::string> to;
  std::string broker;
  TlsOptions tls;
  bool json = false;
};

int Complain(const Error& error) {
  fmt::print(stderr, "entente: {}\n", error.Text());
  return kExitUsage;
}

template <typename Explained>
int Print(const Explained& explained, bool json) {
  if (json) {
    fmt::print("{}\n", ToJson(explained).dump(-1, ' ', false, nlohmann::json::error_handler_t::replace));
  } else {
    fmt::print("{}", ToText(explained));
  }
  return kExitPass;
}

// A message that the record has.
int ExplainRecorded(const ExplainOptions& options) {
  if (options.run.empty()) {
    return Complain({ErrorCode::kInvalidArgument, "a message of which run?", options.message,
                     "add --run with the folder that the run left behind"});
  }
  const auto fold = FoldRecord(RecordFolderOf(options.run), harness::Keeping::kEverything);
  if (!fold) return Complain(fold.error());
  if (const auto story = harness::Explain(*fold, options.message)) return Print(*story, options.json);
  auto like = harness::MessagesLike(*fold, options.message, kSuggested);
  if (like.empty()) like = harness::MessagesLike(*fold, {}, kSuggested);
  return Complain({ErrorCode::kNotFound, fmt::format("the record has no message \"{}\"", options.message), options.run,
                   like.empty() ? "it has no message at all" : fmt::format("it has, among others: {}", fmt::join(like, ", "))});
}

// The exercise that decides: its file's, or the one of a run as the record has it; an empty one when neither is named.
Result<v1::Exercise> ExerciseFrom(const ExplainOptions& options) {
  if (!options.exercise.empty()) {
    auto plan = harness::PrepareRunFile(options.exercise, {});
    if (!plan) return std::unexpected(plan.error());
    return std::move(plan->exercise);
  }
  if (options.run.empty()) return v1::Exercise();
  const auto fold = FoldRecord(RecordFolderOf(options.run), harness::Keeping::kEverything);
  if (!fold) return std::unexpected(fold.error());
  return harness::ExerciseOf(*fold);
}

template <typename Enum>
Result<Enum> WordOption(const std::string& text, const char* option) {
  const auto& words = *google::protobuf::GetEnumDescriptor<Enum>();
  if (const auto known = harness::ParseWord(words, text)) return static_cast<Enum>(*known);
  const std::vector<std::string> all = harness::WordsOf(words);
  const std::string_view nearest = harness::Nearest(text, all);
  return Fail(ErrorCode::kInvalidArgument, fmt::format("\"{}\" is not known", text), option,
              nearest.empty() ? fmt::format("known: {}", fmt::join(all, ", ")) : fmt::format("did you mean \"{}\"?", nearest));
}

Result<harness::Published> Said(const ExplainOptions& options, const v1::Exercise& exercise) {
  const auto family = WordOption<v1::Family>(options.family, "--family");
  if (!family) return std::unexpected(family.error());
  const auto precedence = WordOption<v1::Precedence>(options.precedence, "--precedence");
  if (!precedence) return std::unexpected(precedence.error());
  harness::SaidMessage message{.from = options.from, .family = *family, .precedence = *precedence, .to = options.to};
  if (!options.label.empty()) {
    auto label = broker::ParseMarking(options.label, exercise.policy());
    if (!label) return std::unexpected(label.error());
    message.label = *std::move(label);
  }
  return harness::PublishedOf(exercise, message);
}

// An envelope as octets, or in protobuf's JSON form.
Result<harness::Published> FromFile(const std::string& path) {
  const auto content = ReadFile(path, limits::kEnvelopeOctets);
  if (!content) return std::unexpected(content.error());
  harness::Published published;
  const bool is_json = !content->empty() && content->front() == '{';
  const bool parsed = is_json ? google::protobuf::util::JsonStringToMessage(std::string(AsText(*content)), &published.envelope).ok()
                              : published.envelope.ParseFromArray(content->data(), static_cast<int>(content->size()));
  if (parsed && published.envelope.has_id()) {
    published.steps.push_back({"access", true, "given as an envelope: taken as it stands"});
    return published;
  }
  return Fail(ErrorCode::kDataLoss, "is no entente.v1.Envelope with an id", path,
              "write it as protobuf octets or as protobuf's JSON");
}

Result<v1::ExplainReply> AskBroker(const ExplainOptions& options, const v1::Envelope& envelope) {
  const auto tls = options.tls.Files();
  if (!tls) return std::unexpected(tls.error());
  if (!*tls) return broker::AskExplain(options.broker, envelope, kAnswerWithin);
  static const SystemClock clock;  // outlives every handshake
  auto credentials = broker::MakeChannelCredentials(**tls, {}, clock);
  if (!credentials) return std::unexpected(credentials.error());
  return broker::AskExplain(options.broker, envelope, kAnswerWithin, *std::move(credentials));
}

// A message that nobody sends.
int ExplainHypothetical(const ExplainOptions& options) {
  const bool alone = options.exercise.empty() && options.run.empty();
  if (alone && (options.envelope.empty() || options.broker.empty())) {
    return Complain({ErrorCode::kInvalidArgument, "by which policy?", {}, "add --exercise FILE or --run FOLDER"});
  }
  const auto exercise = ExerciseFrom(options);
  if (!exercise) return Complain(exercise.error());
  const auto published = options.envelope.empty() ? Said(options, *exercise) : FromFile(options.envelope);
  if (!published) return Complain(published.error());
  if (options.broker.empty()) return Print(harness::ExplainRoute(*exercise, *published), options.json);
  const auto reply = AskBroker(options, published->envelope);
  if (!reply) {
    Complain(reply.error());
    return kExitHarness;
  }
  return Print(harness::ExplainRoute(*exercise, *published, &*reply), options.json);
}

int Explain(const ExplainOptions& options) {
  const int given = (options.message.empty() ? 0 : 1) + (options.envelope.empty() ? 0 : 1) + (options.from.empty() ? 0 : 1);
  if (given != 1) {
    return Complain({ErrorCode::kInvalidArgument,
                     given == 0 ? "which message?" : "more than one message",
                     {},
                     "name a message of a run, or an --envelope, or say --from which node one would come"});
  }
  return options.message.empty() ? ExplainHypothetical(options) : ExplainRecorded(options);
}

}  // namespace

Command AddExplain(CLI::App& program) {
  auto options = std::make_shared<ExplainOptions>();
  CLI::App* command = program.add_subcommand(
      "explain", "Where a message went, or would go, hop by hop: who gets it, who not, and why; nothing is sent");
  command->add_option("MESSAGE", options->message,
                      "Id of a message of a run, such as DEU/brigade#1.F.3, or a part of it to look for");
  command->add_option("--run", options->run, "Folder that a run left behind");
  command->add_option("--exercise", options->exercise,
                      "Exercise file (YAML): its policy and nodes decide about a message not sent");
  command->add_option("--envelope", options->envelope, "File with a message as it is published, octets or JSON");
  command->add_option("--from", options->from, "Node that would say the message");
  command->add_option("--family", options->family, "What it would say: track, chat, alert ...")->capture_default_str();
  command->add_option("--label", options->label,
                      "Its label, such as \"RESTRICTED REL DEU, FRA\"; without it, the message carries none");
  command->add_option("--precedence", options->precedence, "FLASH, IMMEDIATE, PRIORITY, ROUTINE")->capture_default_str();
  command->add_option("--to", options->to, "Nodes or nations that it would be addressed to");
  command->add_option("--broker", options->broker, "Ask the broker that runs there, as 127.0.0.1:7400, and not only the file");
  options->tls.AddTo(*command);
  command->add_flag("--json", options->json, "One JSON object");
  return [options] { return Explain(*options); };
}

}  // namespace entente::cli
