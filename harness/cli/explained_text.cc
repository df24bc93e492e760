// SPDX-License-Identifier: Apache-2.0
#include "harness/cli/explained_text.h"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>

#include "base/time.h"

namespace entente::cli {
namespace {

using nlohmann::json;

std::string TimeText(std::int64_t utc_ns) {
  return FormatUtc(FromNanoseconds(utc_ns));
}

void AppendSteps(std::string& text, const std::vector<harness::ExplainedStep>& steps) {
  for (const harness::ExplainedStep& step : steps) {
    text += fmt::format("  {:<13}{:<5}{}\n", step.hop, step.passes ? "yes" : "NO", step.why);
  }
}

void AppendSteps(std::string& text, const std::vector<harness::StoryStep>& steps) {
  for (const harness::StoryStep& step : steps) text += fmt::format("  {}  {}\n", TimeText(step.utc_ns), step.text);
}

json ToJson(const std::vector<harness::ExplainedStep>& steps) {
  json array = json::array();
  for (const auto& step : steps) array.push_back({{"hop", step.hop}, {"passes", step.passes}, {"why", step.why}});
  return array;
}

json ToJson(const std::vector<harness::StoryStep>& steps) {
  json array = json::array();
  for (const auto& step : steps) array.push_back({{"at", TimeText(step.utc_ns)}, {"text", step.text}});
  return array;
}

}  // namespace

std::string ToText(const harness::ExplainedRoute& route) {
  std::string text = fmt::format("{} of {}, {}, {}\n", route.family, route.from, route.precedence, route.label);
  AppendSteps(text, route.steps);
  for (const harness::ExplainedRecipient& recipient : route.recipients) {
    text += recipient.gets ? fmt::format("{} gets it\n", recipient.node)
                           : fmt::format("{} does not get it: {}\n", recipient.node, recipient.why);
    AppendSteps(text, recipient.steps);
  }
  return text + fmt::format("{} of {} nodes would get it\n", route.recipients_who_get_it(), route.recipients.size());
}

json ToJson(const harness::ExplainedRoute& route) {
  json recipients = json::array();
  for (const harness::ExplainedRecipient& recipient : route.recipients) {
    recipients.push_back(
        {{"node", recipient.node}, {"gets", recipient.gets}, {"why", recipient.why}, {"steps", ToJson(recipient.steps)}});
  }
  return {{"from", route.from},         {"family", route.family},       {"precedence", route.precedence}, {"label", route.label},
          {"accepted", route.accepted}, {"steps", ToJson(route.steps)}, {"recipients", recipients}};
}

std::string ToText(const harness::MessageStory& story) {
  std::string text = fmt::format("{}: {}, {}\n", story.message, story.family, story.label);
  AppendSteps(text, story.steps);
  for (const harness::RecipientStory& recipient : story.recipients) {
    text += fmt::format("{}: {}", recipient.node, harness::FateName(recipient.fate));
    if (recipient.latency_ns) text += fmt::format(" after {:.3f} s", ToSeconds(Duration(*recipient.latency_ns)));
    if (!recipient.reason.empty()) text += fmt::format(" ({})", recipient.reason);
    text += '\n';
    AppendSteps(text, recipient.steps);
  }
  if (!story.not_subscribed.empty()) text += fmt::format("Not for, or not subscribed: {}\n", fmt::join(story.not_subscribed, ", "));
  const auto understood = std::ranges::count(story.recipients, harness::Fate::kUnderstood, &harness::RecipientStory::fate);
  return text + fmt::format("{} of {} recipients understood it\n", understood, story.recipients.size());
}

json ToJson(const harness::MessageStory& story) {
  json recipients = json::array();
  for (const harness::RecipientStory& recipient : story.recipients) {
    json entry{{"node", recipient.node},
               {"fate", harness::FateName(recipient.fate)},
               {"reason", recipient.reason},
               {"steps", ToJson(recipient.steps)}};
    if (recipient.latency_ns) entry["latency_s"] = ToSeconds(Duration(*recipient.latency_ns));
    recipients.push_back(std::move(entry));
  }
  return {{"message", story.message},     {"family", story.family},   {"label", story.label},
          {"steps", ToJson(story.steps)}, {"recipients", recipients}, {"not_subscribed", story.not_subscribed}};
}

}  // namespace entente::cli
