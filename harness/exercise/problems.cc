// SPDX-License-Identifier: Apache-2.0
#include "harness/exercise/problems.h"

#include <fmt/format.h>

#include <algorithm>
#include <tuple>

#include "harness/exercise/exercise_file.h"
#include "harness/exercise/words.h"

namespace entente::harness {

Place Place::At(const YAML::Node& node, std::string_view key) const {
  return {node.Mark(), path.empty() ? std::string(key) : fmt::format("{}.{}", path, key)};
}

void Problems::Add(ErrorCode code, const Place& place, std::string_view what, std::string advice) {
  std::string where = file_name_;
  if (!place.mark.is_null()) where += fmt::format(":{}:{}", place.mark.line + 1, place.mark.column + 1);
  std::string text = place.path.empty() ? std::string(what) : fmt::format("{}: {}", place.path, what);
  found_.push_back({place.mark, found_.size(), {code, std::move(text), std::move(where), std::move(advice)}});
}

void Problems::AddUnknown(const Place& place, std::string_view what, std::string_view text, const std::vector<std::string>& known) {
  constexpr std::size_t kFew = 40;
  std::string advice;
  if (const std::string_view nearest = Nearest(text, known); !nearest.empty()) {
    advice = fmt::format("did you mean \"{}\"?", nearest);
  } else if (known.empty()) {
    advice = "there is none to choose from";
  } else if (known.size() <= kFew) {
    advice = fmt::format("known: {}", fmt::join(known, ", "));
  }
  Add(ErrorCode::kNotFound, place, what, std::move(advice));
}

std::vector<Error> Problems::InOrder() const {
  std::vector<Found> sorted = found_;
  std::ranges::sort(sorted, {}, [](const Found& found) { return std::tuple(found.mark.line, found.mark.column, found.number); });
  std::vector<Error> errors;
  for (const Found& found : sorted) {
    if (errors.size() == kProblemsListed) {
      errors.push_back({ErrorCode::kInvalidArgument, fmt::format("and {} more", sorted.size() - kProblemsListed), file_name_,
                        "correct the first ones and try again"});
      break;
    }
    errors.push_back(found.error);
  }
  return errors;
}

}  // namespace entente::harness
