// SPDX-License-Identifier: Apache-2.0
#include "harness/assessment/story.h"

#include <fmt/format.h>

#include "harness/assessment/fate_judge.h"
#include "harness/assessment/fold_state.h"
#include "harness/assessment/wording.h"

namespace entente::harness {
namespace {

void AddStep(std::vector<StoryStep>& steps, std::int64_t at_ns, std::string text) {
  if (at_ns != 0) steps.push_back({at_ns, std::move(text)});
}

std::vector<StoryStep> StepsOf(const Message& message, const FoldState& state) {
  std::vector<StoryStep> steps;
  const std::string origin = message.origin == kNoNode ? "?" : state.plan().node(message.origin).name();
  AddStep(steps, message.composed_ns, fmt::format("composed by {}", origin));
  AddStep(steps, message.received_ns,
          message.refused_by_gateway ? fmt::format("refused by the gateway: {}", state.texts().At(message.reason))
                                     : "its wire unit was received by the gateway");
  AddStep(steps, message.ingested_ns, "decoded by the gateway");
  AddStep(steps, message.accepted_ns, "accepted by the broker");
  AddStep(steps, message.routed_ns, "release decided and routed by the broker");
  return steps;
}

RecipientStory StoryAt(const FateJudge& judge, const FoldState& state, MessageIndex index, NodeIndex to) {
  const Message& message = state.book().at(index);
  FateWithReason fate = judge.Of(index, to);
  RecipientStory story{.node = state.plan().node(to).name(), .fate = fate.fate, .reason = std::move(fate.reason)};
  const Delivery* delivery = message.Find(to);
  if (delivery == nullptr) return story;
  if (delivery->route == Delivery::Route::kReleased) {
    AddStep(story.steps, message.routed_ns, fmt::format("released to {} as delivery {}", story.node, delivery->sequence));
  }
  const bool stopped = delivery->outcome != v1::SEND_OUTCOME_SENT && delivery->outcome != v1::SEND_OUTCOME_UNSPECIFIED;
  AddStep(story.steps, delivery->egressed_ns,
          fmt::format("{} {} by its gateway", stopped ? "not said to" : "handed to the session of", story.node));
  AddStep(story.steps, delivery->understood_ns(), fmt::format("understood by {}", story.node));
  if (delivery->understood) story.latency_ns = delivery->understood_ns() - message.said_ns();
  return story;
}

}  // namespace

std::optional<MessageStory> Explain(const Fold& fold, std::string_view name) {
  const FoldState& state = fold.state();
  MessageIndex index = kNoMessage;
  state.book().ForEach([&](MessageIndex each, const Message& message) {
    if (index == kNoMessage && NameOf(message, state.plan()) == name) index = each;
  });
  if (index == kNoMessage) return std::nullopt;
  const Message& message = state.book().at(index);
  MessageStory story{
      .message = std::string(name), .family = FamilyName(message.family), .label = LabelMarking(state.LabelOf(message))};
  story.steps = StepsOf(message, state);
  const FateJudge judge(state);
  for (NodeIndex to = 0; to < state.plan().nodes().size(); ++to) {
    if (IsPair(state, message, to)) {
      story.recipients.push_back(StoryAt(judge, state, index, to));
    } else if (to != message.origin) {
      story.not_subscribed.push_back(state.plan().node(to).name());
    }
  }
  return story;
}

std::vector<std::string> MessagesLike(const Fold& fold, std::string_view part, std::size_t at_most) {
  std::vector<std::string> names;
  fold.state().book().ForEach([&](MessageIndex, const Message& message) {
    if (names.size() == at_most) return;
    std::string name = NameOf(message, fold.state().plan());
    if (name.contains(part)) names.push_back(std::move(name));
  });
  return names;
}

const v1::Exercise& ExerciseOf(const Fold& fold) {
  return fold.state().plan().exercise();
}

}  // namespace entente::harness
