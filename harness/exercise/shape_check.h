// SPDX-License-Identifier: Apache-2.0
#pragma once

// Checks a YAML node against a shape: unknown, missing, repeated and excluding keys, and the form of every value.

#include <yaml-cpp/yaml.h>

#include "harness/exercise/problems.h"
#include "harness/exercise/shape.h"

namespace entente::harness {

void CheckShape(const YAML::Node& node, const Shape& shape, const Place& place, Problems& problems);
// The alternative of an kEither shape that a node means; the shape itself otherwise.
const Shape& Chosen(const YAML::Node& node, const Shape& shape);

}  // namespace entente::harness
