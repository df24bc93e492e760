// SPDX-License-Identifier: Apache-2.0
#pragma once

// What may stand where in an exercise file: one table (keys.cc), from which the file is checked (shape_check.h) and its JSON Schema
// made (schema.h).

#include <string>
#include <string_view>
#include <vector>

namespace entente::harness {

struct Shape;

struct Key {
  std::string_view name;
  const Shape* shape = nullptr;
  std::string_view description;
  bool required = false;
};

enum class ShapeKind {
  kScalar,      // one value
  kMapping,     // the keys of the table and no others
  kNamed,       // any names, each with an `item`
  kList,        // of `item`
  kEither,      // one of the alternatives, told apart by scalar, list or mapping
  kImpairment,  // "kind", and the settings of that kind: checked by harness/links
  kOptions,     // options of the node's adapter: checked by adapters/api/node_options.h
};

struct Shape {
  ShapeKind kind = ShapeKind::kScalar;
  // The wanted form, for people: "a duration such as \"30 s\""; of kNamed: of the names.
  std::string wanted = {};
  // kScalar: any, if neither `accepts` nor `words` is given. kNamed: of the names.
  bool (*accepts)(std::string_view text) = nullptr;
  bool (*accepts_list)(const std::vector<std::string>& texts) = nullptr;  // kList of scalars: any, if not given
  std::vector<std::string> words = {};                                    // closed set
  std::string_view json_type = "string";                                  // "string", "integer", "boolean", or "string or number"
  std::vector<Key> keys = {};
  std::vector<std::string_view> exactly_one_of = {};  // keys that exclude each other
  const Shape* item = nullptr;
  std::vector<const Shape*> alternatives = {};
};

// Of the whole file.
const Shape& ExerciseShape();
// Of one fault, of one inject, added while the exercise runs.
const Shape& LiveFaultShape();
const Shape& LiveInjectShape();

}  // namespace entente::harness
