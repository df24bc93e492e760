// SPDX-License-Identifier: Apache-2.0
#include "harness/exercise/schema.h"

#include <fmt/format.h>

#include <map>
#include <nlohmann/json.hpp>

#include "harness/exercise/impairments.h"
#include "harness/exercise/shape.h"

namespace entente::harness {
namespace {

using Json = nlohmann::ordered_json;
using Adapters = std::span<const adapter::AdapterInfo* const>;

// Writes each mapping once, under $defs, however often the table refers to it.
class SchemaWriter {
 public:
  explicit SchemaWriter(Adapters adapters) : adapters_(adapters) {}

  Json Write(const Shape& shape, std::string_view name) {
    switch (shape.kind) {
      case ShapeKind::kScalar:
        return Scalar(shape);
      case ShapeKind::kMapping:
        return Reference(shape, name);
      case ShapeKind::kNamed:
        return {{"type", "object"}, {"description", shape.wanted}, {"additionalProperties", Write(*shape.item, name)}};
      case ShapeKind::kList:
        return {{"type", "array"}, {"items", Write(*shape.item, name)}};
      case ShapeKind::kEither: {
        Json alternatives = Json::array();
        for (const Shape* each : shape.alternatives) alternatives.push_back(Write(*each, name));
        return {{"description", shape.wanted}, {"anyOf", std::move(alternatives)}};
      }
      case ShapeKind::kImpairment:
        return Impairment();
      case ShapeKind::kOptions:
        return {{"type", "object"}, {"description", shape.wanted}};
    }
    return {};
  }

  Json TakeDefinitions() { return std::move(definitions_); }

 private:
  static Json Scalar(const Shape& shape) {
    Json json;
    if (shape.json_type == "string or number") {
      json["type"] = Json::array({"string", "number"});
    } else {
      json["type"] = shape.json_type;
    }
    if (shape.words.empty()) {
      json["description"] = shape.wanted;
    } else {
      json["enum"] = Values(shape);
    }
    return json;
  }

  // Booleans and integers are not texts in JSON.
  static Json Values(const Shape& shape) {
    Json values = Json::array();
    for (const std::string& word : shape.words) {
      if (shape.json_type == "string") {
        values.push_back(word);
      } else {
        values.push_back(Json::parse(word));
      }
    }
    return values;
  }

  Json Reference(const Shape& shape, std::string_view name) {
    const auto [known, added] = names_.try_emplace(&shape, std::string(name));
    if (added) {
      while (definitions_.contains(known->second)) known->second += "-mapping";
      definitions_[known->second] = nullptr;  // keeps its place while what it refers to is written
      definitions_[known->second] = Mapping(shape);
    }
    return {{"$ref", "#/$defs/" + known->second}};
  }

  Json Mapping(const Shape& shape) {
    Json properties = Json::object();
    Json required = Json::array();
    bool has_options = false;
    for (const Key& key : shape.keys) {
      properties[std::string(key.name)] = Described(Write(*key.shape, key.name), key.description);
      if (key.required) required.push_back(key.name);
      has_options = has_options || key.shape->kind == ShapeKind::kOptions;
    }
    if (has_options) properties["protocol"]["enum"] = Protocols();
    Json json{{"type", "object"}, {"additionalProperties", false}, {"properties", std::move(properties)}};
    if (!required.empty()) json["required"] = std::move(required);
    if (!shape.exactly_one_of.empty()) json["oneOf"] = ExactlyOneOf(shape);
    if (has_options && !adapters_.empty()) json["allOf"] = OptionsByProtocol();
    return json;
  }

  static Json Described(Json json, std::string_view description) {
    const std::string form = json.contains("description") ? json["description"].get<std::string>() : std::string{};
    json["description"] = form.empty() ? std::string(description) : fmt::format("{}. Write {}", description, form);
    return json;
  }

  static Json ExactlyOneOf(const Shape& shape) {
    Json choices = Json::array();
    for (const std::string_view name : shape.exactly_one_of) choices.push_back({{"required", Json::array({name})}});
    return choices;
  }

  Json Protocols() const {
    Json names = Json::array();
    for (const auto* adapter : adapters_) names.push_back(adapter->name);
    return names;
  }

  // One alternative for each kind.
  Json Impairment() {
    constexpr std::string_view kName = "impairment";
    if (!definitions_.contains(kName)) {
      Json kinds = Json::array();
      for (const ImpairmentKind* kind : ImpairmentKinds()) kinds.push_back(OfKind(*kind));
      definitions_[std::string(kName)] = {{"oneOf", std::move(kinds)}};
    }
    return {{"$ref", fmt::format("#/$defs/{}", kName)}};
  }

  static Json OfKind(const ImpairmentKind& kind) {
    Json properties{{"kind", {{"const", kind.name}}}};
    Json required = Json::array({"kind"});
    for (const Parameter& parameter : kind.parameters) {
      properties[std::string(parameter.name)] = Setting(parameter);
      if (parameter.required) required.push_back(parameter.name);
    }
    return {{"type", "object"},
            {"description", kind.summary},
            {"additionalProperties", false},
            {"properties", std::move(properties)},
            {"required", std::move(required)}};
  }

  static Json Setting(const Parameter& parameter) {
    Json json;
    switch (parameter.type) {
      case ParameterType::kShare:
        json["type"] = Json::array({"string", "number"});
        break;
      case ParameterType::kOctets:
      case ParameterType::kCount:
        json["type"] = "integer";
        break;
      case ParameterType::kNumber:
        json["type"] = "number";
        break;
      case ParameterType::kChoice:
        json["enum"] = parameter.choices;
        break;
      case ParameterType::kDurations:
        json["type"] = Json::array({"string", "array"});
        break;
      default:
        json["type"] = "string";
        break;
    }
    const std::string initial = DefaultText(parameter);
    json["description"] = fmt::format("{}. Write {}{}", parameter.description, WantedOf(parameter),
                                      initial.empty() ? std::string() : fmt::format("; \"{}\" if absent", initial));
    return json;
  }

  // What a node may choose depends on its protocol.
  Json OptionsByProtocol() const {
    Json rules = Json::array();
    for (const auto* adapter : adapters_) {
      Json options = Json::object();
      for (const auto& option : adapter->node_options) options[std::string(option.name)] = Option(option);
      Json forms = Json::array();
      for (const auto& form : adapter->forms) forms.push_back(form.name);
      Json transports = Json::array();
      for (const auto& offer : adapter->transports) transports.push_back(adapter::TransportName(offer.kind));
      const Json properties{{"form", {{"enum", forms}}},
                            {"transport", {{"enum", transports}}},
                            {"options", {{"additionalProperties", false}, {"properties", options}}}};
      rules.push_back(
          {{"if", {{"properties", {{"protocol", {{"const", adapter->name}}}}}}}, {"then", {{"properties", properties}}}});
    }
    return rules;
  }

  static Json Option(const adapter::NodeOption& option) {
    Json json;
    std::string description(option.description);
    if (!option.unit.empty()) description += fmt::format(", in {}", option.unit);
    switch (option.type) {
      case adapter::OptionType::kInteger:
        json = {{"type", "integer"},
                {"minimum", static_cast<std::int64_t>(option.minimum)},
                {"maximum", static_cast<std::int64_t>(option.maximum)}};
        break;
      case adapter::OptionType::kNumber:
        json = {{"type", "number"}, {"minimum", option.minimum}, {"maximum", option.maximum}};
        break;
      case adapter::OptionType::kBoolean:
        json = {{"type", "boolean"}};
        break;
      case adapter::OptionType::kText:
        json = {{"type", Json::array({"string", "number"})}};
        if (!option.choices.empty()) json["enum"] = option.choices;
        break;
    }
    json["description"] = fmt::format("{}; \"{}\" if absent", description, option.default_text);
    return json;
  }

  Adapters adapters_;
  std::map<const Shape*, std::string> names_;
  Json definitions_ = Json::object();
};

}  // namespace

std::string ExerciseSchema(Adapters adapters) {
  SchemaWriter writer(adapters);
  Json root = writer.Write(ExerciseShape(), "exercise");
  const Json schema{{"$schema", "https://json-schema.org/draft/2020-12/schema"},
                    {"title", "Entente exercise file, version 1"},
                    {"$ref", root["$ref"]},
                    {"$defs", writer.TakeDefinitions()}};
  return schema.dump(2) + "\n";
}

}  // namespace entente::harness
