// SPDX-License-Identifier: Apache-2.0
#pragma once

// The life of one message as the record tells it: each step with its time, and the fate at each recipient with its reason. For
// `entente explain` and the board.

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "entente/v1/exercise.pb.h"
#include "harness/assessment/fate.h"
#include "harness/assessment/fold.h"
#include "proto/message_id.h"

namespace entente::harness {

struct StoryStep {
  std::int64_t utc_ns = 0;
  std::string text;  // "composed by DEU/brigade", "accepted by the broker", "sent to FRA/hq in 1 wire unit"
};

struct RecipientStory {
  std::string node;
  Fate fate = Fate::kUnexplained;
  std::string reason;
  std::vector<StoryStep> steps{};
  std::optional<std::int64_t> latency_ns{};
};

struct MessageStory {
  std::string message;  // id as text; what never reached the broker has "DEU/brigade (composed no. 17)"
  std::string family;
  std::string label;
  std::vector<StoryStep> steps{};
  std::vector<RecipientStory> recipients{};
  std::vector<std::string> not_subscribed{};  // nodes that the message was never meant for
};

// std::nullopt when the record has no such message. `message` is the id's text.
std::optional<MessageStory> Explain(const Fold& fold, std::string_view message);

// Ids of the record's messages that contain this text, the first `at_most` of them: for who does not know the whole.
std::vector<std::string> MessagesLike(const Fold& fold, std::string_view part, std::size_t at_most);
// The exercise as the record has it.
const v1::Exercise& ExerciseOf(const Fold& fold);

}  // namespace entente::harness
