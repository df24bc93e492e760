// SPDX-License-Identifier: Apache-2.0
#include "harness/run/explained_route.h"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>

#include "base/node_id.h"
#include "broker/core/router.h"
#include "broker/policy/label_mapping.h"
#include "broker/policy/marking.h"
#include "harness/run/node_setup.h"
#include "proto/message_id.h"

namespace entente::harness {
namespace {

const v1::NodePlan* FindPlan(const v1::Exercise& exercise, std::string_view node) {
  const auto found = std::ranges::find_if(exercise.nodes(), [&](const v1::NodePlan& plan) { return plan.node() == node; });
  return found == exercise.nodes().end() ? nullptr : &*found;
}

// "cot/xml", and what it can say.
struct Speech {
  std::string form;
  const adapter::Form* capability = nullptr;

  [[nodiscard]] bool label_slot() const { return capability->capability.label_slot; }
};

Result<Speech> SpeechOf(const NodeSetup& setup) {
  const adapter::Form* const form = setup.adapter->FindForm(setup.form);
  if (form == nullptr)
    return Fail(ErrorCode::kNotFound, fmt::format("{} has no form {}", setup.adapter->name, setup.form), setup.node.text());
  return Speech{fmt::format("{}/{}", setup.adapter->name, setup.form), form};
}

ExplainedStep AccessStep(const v1::NodePlan& plan, const Speech& speech, v1::Family family) {
  const adapter::FamilyCapability* const capability = speech.capability->capability.Find(family);
  if (plan.has_replay()) return {"access", true, fmt::format("a recording speaks for it in {}", speech.form)};
  if (capability == nullptr || !capability->decodes) {
    return {"access", false, fmt::format("{} cannot say {}, so its gateway never hears one", speech.form, FamilyName(family))};
  }
  return {"access", true, fmt::format("{} says {}", speech.form, FamilyName(family))};
}

// What the gateway makes of the label, and why.
ExplainedStep LabelStep(const v1::Exercise& exercise, const NodeSetup& setup, const Speech& speech, v1::Envelope& envelope) {
  const v1::Label* const by_default = DefaultLabelOf(exercise.policy(), setup.node.text());
  std::string why = "as the node gives it";
  const bool given = envelope.has_label();
  if (given && speech.label_slot()) {
    const auto has_policy = [](const adapter::NodeOption& option) { return option.name == "label-policy"; };
    if (std::ranges::any_of(setup.adapter->node_options, has_policy)) {
      envelope.mutable_label()->set_policy(setup.options.Text("label-policy"));
    }
  } else {
    why = given ? fmt::format("{} has no place for a label, so the node's default counts", speech.form)
                : "the message carries none, so the node's default counts";
    envelope.clear_label();
    if (by_default != nullptr) *envelope.mutable_label() = *by_default;
  }
  if (!envelope.has_label()) return {"label", false, "none, and the node has no default: nobody else may see it"};
  const std::string said = broker::Marking(envelope.label());
  if (envelope.label().policy() == exercise.policy().name()) return {"label", true, fmt::format("{}: {}", said, why)};
  const auto mapped = broker::MapLabel(exercise.policy(), envelope.label());
  if (!mapped) return {"label", false, fmt::format("{}: {}; the policy does not map it", said, why)};
  *envelope.mutable_label() = *mapped;
  return {"label", true, fmt::format("{}: {}; mapped to {}", said, why, broker::Marking(*mapped))};
}

std::string SubscriptionText(const v1::NodePlan& plan) {
  if (plan.has_replay()) return "a recording reads nothing";
  std::vector<std::string> families;
  for (const int family : plan.receives()) families.push_back(FamilyName(static_cast<v1::Family>(family)));
  std::string text = families.empty() ? "every family" : fmt::format("{}", fmt::join(families, ", "));
  if (!plan.receives_from().empty()) text += fmt::format(" from {}", fmt::join(plan.receives_from(), ", "));
  return text;
}

ExplainedStep EgressStep(const v1::Exercise& exercise, const v1::NodePlan& plan, const v1::Envelope& envelope) {
  const auto setup = SetUpNode(plan);
  const auto speech = setup ? SpeechOf(*setup) : std::unexpected(setup.error());
  if (!speech) return {"egress", false, speech.error().Text()};
  const std::string family = FamilyName(envelope.family());
  const adapter::FamilyCapability* const capability = speech->capability->capability.Find(envelope.family());
  if (capability == nullptr || !capability->encodes)
    return {"egress", false, fmt::format("{} cannot say {}", speech->form, family)};
  if (speech->label_slot()) return {"egress", true, fmt::format("{} says {} with its label", speech->form, family)};
  const v1::Label* const label = envelope.has_label() ? &envelope.label() : nullptr;
  if (broker::MayEgressUnlabelled(exercise.policy(), label, plan.node())) {
    return {"egress", true,
            fmt::format("{} says {}, and the policy lets this label go without a place for it", speech->form, family)};
  }
  return {"egress", false, fmt::format("{} has no place for the label, and the policy does not let it go without", speech->form)};
}

// The broker's answer as a broker would give it, for every node of the exercise.
v1::ExplainReply AskRouter(const v1::Exercise& exercise, const v1::Envelope& envelope) {
  v1::ExplainReply reply;
  const std::string octets = envelope.SerializeAsString();
  const auto header = broker::WalkRoutingHeader(AsBytes(octets));
  if (!header) {
    reply.set_refused(std::string(broker::Text(header.error().refusal)));
    return reply;
  }
  const broker::PolicyGuard guard(exercise.policy());
  broker::Router router(guard, 0);
  for (const v1::NodePlan& plan : exercise.nodes()) {
    const broker::NodeIndex index = router.AddNode(plan.node());
    router.Subscribe(index, SubscriptionsOf(plan));
    if (plan.node() == header->origin) continue;
    const broker::Decision decision = router.Decide(header->has_label, header->label, header->origin, index);
    v1::ExplainedRecipient& recipient = *reply.add_recipients();
    recipient.set_node(plan.node());
    recipient.set_subscribed(router.IsSubscribed(index, *header));
    recipient.set_released(decision.released);
    recipient.set_reason(std::string(decision.reason));
  }
  return reply;
}

ExplainedStep BrokerStep(const v1::Exercise& exercise, const v1::ExplainReply& reply, std::string_view from, bool running) {
  if (!reply.refused().empty()) return {"broker", false, fmt::format("refuses it: {}", reply.refused())};
  for (const v1::IdentityPolicy& identity : exercise.policy().identities()) {
    if (identity.identity() == from && identity.role() == v1::ROLE_OBSERVER) {
      return {"broker", false, fmt::format("refuses it: {} is an observer and never publishes", from)};
    }
  }
  return {"broker", true, running ? "the running broker accepts it" : "accepts it"};
}

ExplainedRecipient ExplainRecipient(const v1::Exercise& exercise, const v1::ExplainedRecipient& answer,
                                    const v1::Envelope& envelope) {
  ExplainedRecipient recipient{.node = answer.node(), .gets = false, .why = {}, .steps = {}};
  const v1::NodePlan* const plan = FindPlan(exercise, answer.node());
  recipient.steps.push_back({"subscription", answer.subscribed(),
                             plan == nullptr ? (answer.subscribed() ? "matches" : "does not match")
                                             : fmt::format("receives {}", SubscriptionText(*plan))});
  recipient.steps.push_back({"release", answer.released(), answer.reason()});
  if (plan != nullptr) recipient.steps.push_back(EgressStep(exercise, *plan, envelope));
  return recipient;
}

void Conclude(ExplainedRecipient& recipient, const ExplainedRoute& route) {
  const auto stop = std::ranges::find(recipient.steps, false, &ExplainedStep::passes);
  recipient.gets = route.accepted && stop == recipient.steps.end();
  if (stop != recipient.steps.end()) {
    recipient.why = stop->hop == "subscription" ? "not subscribed: " + stop->why : stop->why;
  } else if (!route.accepted) {
    recipient.why = "the message does not get as far";
  }
}

}  // namespace

std::size_t ExplainedRoute::recipients_who_get_it() const {
  return static_cast<std::size_t>(std::ranges::count(recipients, true, &ExplainedRecipient::gets));
}

Result<Published> PublishedOf(const v1::Exercise& exercise, const SaidMessage& message) {
  const v1::NodePlan* const plan = FindPlan(exercise, message.from);
  if (plan == nullptr) {
    std::vector<std::string_view> nodes;
    for (const v1::NodePlan& each : exercise.nodes()) nodes.push_back(each.node());
    return Fail(ErrorCode::kNotFound, fmt::format("there is no node \"{}\" in the exercise", message.from), "--from",
                fmt::format("its nodes: {}", fmt::join(nodes, ", ")));
  }
  const auto setup = SetUpNode(*plan);
  if (!setup) return std::unexpected(setup.error());
  const auto speech = SpeechOf(*setup);
  if (!speech) return std::unexpected(speech.error());
  Published published;
  v1::Envelope& envelope = published.envelope;
  *envelope.mutable_id() = ToProto(MessageKey{message.from, 1, message.precedence, 1});
  envelope.set_family(message.family);
  if (message.label) *envelope.mutable_label() = *message.label;
  for (const std::string& to : message.to) envelope.add_addressees()->set_node(to);
  published.steps.push_back(AccessStep(*plan, *speech, message.family));
  published.steps.push_back(LabelStep(exercise, *setup, *speech, envelope));
  // An unlabelled message is still accepted, and seen by its own nation.
  published.steps.back().passes = true;
  return published;
}

ExplainedRoute ExplainRoute(const v1::Exercise& exercise, const Published& message, const v1::ExplainReply* reply) {
  const v1::Envelope& envelope = message.envelope;
  ExplainedRoute route{.from = envelope.id().origin(),
                       .family = FamilyName(envelope.family()),
                       .precedence = std::string(PrecedenceName(envelope.id().precedence())),
                       .label = broker::Marking(envelope.label()),
                       .steps = message.steps,
                       .recipients = {}};
  const v1::ExplainReply own = reply == nullptr ? AskRouter(exercise, envelope) : v1::ExplainReply();
  const v1::ExplainReply& answer = reply == nullptr ? own : *reply;
  route.steps.push_back(BrokerStep(exercise, answer, route.from, reply != nullptr));
  route.accepted = std::ranges::all_of(route.steps, &ExplainedStep::passes);
  for (const v1::ExplainedRecipient& recipient : answer.recipients()) {
    route.recipients.push_back(ExplainRecipient(exercise, recipient, envelope));
  }
  const auto answered = [&](const std::string& node) {
    return std::ranges::find(route.recipients, node, &ExplainedRecipient::node) != route.recipients.end();
  };
  for (const v1::NodePlan& plan : exercise.nodes()) {
    if (plan.node() == route.from || answered(plan.node()) || !answer.refused().empty()) continue;
    route.recipients.push_back({plan.node(), false, {}, {{"subscription", false, "it is not attached to the broker"}}});
  }
  for (ExplainedRecipient& recipient : route.recipients) Conclude(recipient, route);
  return route;
}

}  // namespace entente::harness
