// SPDX-License-Identifier: Apache-2.0

// The table of keys of the exercise file, version 1.

#include <algorithm>

#include "base/node_id.h"
#include "base/time.h"
#include "entente/v1/exercise.pb.h"
#include "harness/exercise/label_text.h"
#include "harness/exercise/link_profiles.h"
#include "harness/exercise/quantity.h"
#include "harness/exercise/shape.h"
#include "harness/exercise/words.h"
#include "harness/links/impairment.h"

namespace entente::harness {
namespace {

using Kind = ShapeKind;

template <auto Parse>
bool Parses(std::string_view text) {
  return Parse(text).has_value();
}
bool IsName(std::string_view text) {
  return !text.empty() && text.size() <= 64 &&
         std::ranges::all_of(text, [](char c) { return (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || c == '-'; });
}
bool IsNodeName(std::string_view text) {
  return NodeId::Parse("X0/" + std::string(text)).has_value();
}
bool IsNodeId(std::string_view text) {
  return NodeId::Parse(text).has_value();
}
bool IsNodeOrNation(std::string_view text) {
  return IsNodeId(text) || IsNationCode(text);
}
bool IsSpokenFor(std::string_view text) {
  constexpr std::string_view kAnyNode = "/*";
  if (!text.ends_with(kAnyNode)) return IsNodeId(text);
  text.remove_suffix(kAnyNode.size());
  return IsNationCode(text);
}
bool IsFamily(std::string_view text) {
  return ParseWord(*google::protobuf::GetEnumDescriptor<v1::Family>(), text).has_value();
}
bool IsText(std::string_view text) {
  return !text.empty();
}
bool IsNatural(std::string_view text) {
  const auto number = ParseInteger(text);
  return number && *number >= 0;
}
bool IsPort(std::string_view text) {
  return IsNatural(text) && *ParseInteger(text) <= 65535;
}
bool IsFactor(std::string_view text) {
  const auto number = ParseNumber(text);
  return number && *number >= 0;
}
bool IsPercentile(std::string_view text) {
  const auto number = ParseNumber(text);
  return number && *number > 0 && *number <= 100;
}
bool IsMmsi(std::string_view text) {
  return text.size() == 9 && IsNatural(text);
}
bool IsShipType(std::string_view text) {
  return IsNatural(text) && *ParseInteger(text) >= 1 && *ParseInteger(text) <= 99;
}
bool IsNatsServer(std::string_view text) {
  const bool known = text.starts_with("nats://") || text.starts_with("tls://");
  return known && text.size() > text.find("://") + 3 && text.find_first_of(" ,") == std::string_view::npos;
}
bool IsStream(std::string_view text) {
  const auto fits = [](char c) { return (c >= 'A' && c <= 'Z') || c == '_' || IsName(std::string_view(&c, 1)); };
  return !text.empty() && text.size() <= 64 && std::ranges::all_of(text, fits);
}
bool IsPoint(const std::vector<std::string>& texts) {
  return ParseRouteNumbers(texts).has_value();
}

Shape Scalar(std::string wanted, bool (*accepts)(std::string_view), std::string_view json_type = "string") {
  return {.kind = Kind::kScalar, .wanted = std::move(wanted), .accepts = accepts, .json_type = json_type};
}
Shape Words(std::vector<std::string> words) {
  return {.kind = Kind::kScalar, .wanted = "one of the known words", .words = std::move(words)};
}
template <typename Enum>
Shape WordsOfEnum() {
  return Words(WordsOf(*google::protobuf::GetEnumDescriptor<Enum>()));
}
Shape ListOf(const Shape& item) {
  return {.kind = Kind::kList, .wanted = "a list", .item = &item};
}
Shape OneOrList(const Shape& item, const Shape& list) {
  return {.kind = Kind::kEither, .wanted = "one, or a list", .alternatives = {&item, &list}};
}
Shape Named(std::string wanted_names, bool (*accepts)(std::string_view), const Shape& item) {
  return {.kind = Kind::kNamed, .wanted = std::move(wanted_names), .accepts = accepts, .item = &item};
}
Shape Mapping(std::vector<Key> keys, std::vector<std::string_view> exactly_one_of = {}) {
  return {
      .kind = Kind::kMapping, .wanted = "a mapping of keys", .keys = std::move(keys), .exactly_one_of = std::move(exactly_one_of)};
}

std::vector<std::string> ProfileNames() {
  std::vector<std::string> names;
  for (const LinkProfile& profile : LinkProfiles()) names.emplace_back(profile.name);
  return names;
}

// Those that need no settings.
std::vector<std::string> PlainKinds() {
  std::vector<std::string> names;
  for (const ImpairmentKind* kind : ImpairmentKinds()) {
    if (std::ranges::none_of(kind->parameters, &Parameter::required)) names.emplace_back(kind->name);
  }
  return names;
}

// Of what is added while the exercise runs: without a time it begins at once.
Shape AddedLive(Shape shape) {
  for (Key& key : shape.keys) {
    if (key.name == "at") key.required = false;
  }
  return shape;
}

// Every shape once; they refer to each other by address, so this is neither copied nor moved.
struct Shapes {
  Shape text = Scalar("a text", IsText);
  Shape boolean{.kind = Kind::kScalar, .wanted = "true or false", .words = {"true", "false"}, .json_type = "boolean"};
  Shape yes{.kind = Kind::kScalar, .wanted = "true", .words = {"true"}, .json_type = "boolean"};
  Shape natural = Scalar("a whole number from 0", IsNatural, "integer");
  Shape port = Scalar("a port from 0 to 65535", IsPort, "integer");
  Shape factor = Scalar("a number from 0", IsFactor, "number");
  Shape duration = Scalar("a duration such as \"30 s\", \"250 ms\" or \"1 min 30 s\"", Parses<ParseDuration>);
  Shape share = Scalar("a share such as \"5 %\" or 0.05, from 0 to 1", Parses<ParseShare>, "string or number");
  Shape percentile = Scalar("a percentile above 0 and up to 100", IsPercentile, "number");
  Shape speed = Scalar("a speed such as \"12 kn\", \"30 km/h\" or \"8 m/s\"", Parses<ParseSpeed>);
  Shape bit_rate = Scalar("a rate such as \"64 kbit/s\" or \"2 Mbit/s\"", Parses<ParseBitRate>);
  Shape length = Scalar("a length such as \"300 m\", \"1.5 km\" or \"900 ft\"", Parses<ParseLength>);
  Shape utc = Scalar("a UTC time such as \"2026-06-01T05:30:00Z\"", Parses<ParseUtc>);
  Shape endpoint = Scalar("an endpoint such as \"127.0.0.1:8087\", or a port", Parses<ParseEndpoint>, "string or number");
  Shape dis_type = Scalar("a DIS entity type such as \"1.2.78.50.1\"", Parses<ParseDisEntityType>, "string or number");
  Shape mmsi = Scalar("an MMSI of 9 digits", IsMmsi, "string or number");
  Shape ship_type = Scalar("an AIS ship type from 1 to 99", IsShipType, "integer");
  Shape nation = Scalar("a nation such as DEU", IsNationCode);
  Shape node_id = Scalar("a node such as DEU/brigade", IsNodeId);
  Shape node_or_nation = Scalar("a node such as DEU/brigade, or a nation such as DEU", IsNodeOrNation);
  Shape spoken_for = Scalar("a node such as DEU/brigade, or all of a nation such as DEU/*", IsSpokenFor);
  Shape name = Scalar("a name of a-z, 0-9 and '-'", IsName);
  Shape family = WordsOfEnum<v1::Family>();
  Shape field = WordsOfEnum<v1::Field>();
  Shape precedence = WordsOfEnum<v1::Precedence>();
  Shape identity = WordsOfEnum<v1::StandardIdentity>();
  Shape dimension = WordsOfEnum<v1::Dimension>();
  Shape evidence = WordsOfEnum<v1::Evidence>();
  Shape subject = WordsOfEnum<v1::Subject>();
  Shape alert_event = WordsOfEnum<v1::AlertEvent>();
  Shape alert_status = WordsOfEnum<v1::AlertStatus>();
  Shape weapon_phase = WordsOfEnum<v1::WeaponPhase>();
  Shape control_action = WordsOfEnum<v1::ControlAction>();
  Shape transport = Words({"tcp", "tls", "udp", "multicast"});
  Shape direction = Words({"to-gateway", "to-node", "to-broker", "both"});
  Shape link = WordsOfEnum<v1::LinkKind>();
  Shape outage = Words({"silent", "refuse"});
  Shape profile = Words(ProfileNames());
  Shape role = WordsOfEnum<v1::Role>();
  Shape category_type = Words({"restrictive", "permissive", "informative"});

  Shape texts = ListOf(text);
  Shape one_or_texts = OneOrList(text, texts);
  Shape nations = ListOf(nation);
  Shape one_or_nations = OneOrList(nation, nations);
  Shape node_ids = ListOf(node_id);
  Shape one_or_nodes = OneOrList(node_id, node_ids);
  Shape spoken_fors = ListOf(spoken_for);
  Shape one_or_spoken_fors = OneOrList(spoken_for, spoken_fors);
  Shape selections = ListOf(node_or_nation);
  Shape one_or_selections = OneOrList(node_or_nation, selections);
  Shape families = ListOf(family);
  Shape one_or_families = OneOrList(family, families);
  Shape fields = ListOf(field);
  Shape one_or_fields = OneOrList(field, fields);

  Shape label_text = Scalar("a label such as \"RESTRICTED rel DEU FRA\"", Parses<ParseLabel>);
  Shape category =
      Mapping({{"type", &category_type, "how its values act (ADatP-4774)", true}, {"values", &one_or_texts, "the values", true}});
  Shape categories = Named("the tag of a category", IsText, category);
  Shape label_mapping = Mapping({{"policy", &text, "whose words these are: one that the policy maps; the exercise's if absent"},
                                 {"classification", &text, "one of the policy's classifications", true},
                                 {"releasable-to", &one_or_texts, "nations and communities that may see it"},
                                 {"privacy-mark", &text, "privacy mark"},
                                 {"categories", &categories, "further categories, by tag"}});
  Shape label{.kind = Kind::kEither,
              .wanted = "a label such as \"RESTRICTED rel DEU FRA\", or a mapping",
              .alternatives = {&label_text, &label_mapping}};

  Shape communities = Named("the name of a community", IsText, nations);
  Shape declared_category = Mapping({{"type", &category_type, "how its values act (ADatP-4774)", true},
                                     {"values", &one_or_texts, "those that a label may have; any if absent"}});
  Shape declared_categories = Named("the tag of a category", IsText, declared_category);
  Shape mapped_values = Named("a word of the other policy", IsText, text);
  Shape mapped_category = Mapping({{"to", &text, "the tag of a category here; the same tag if absent"},
                                   {"values", &mapped_values, "what its values are here; what is not said stays as it is"}});
  Shape mapped_categories = Named("the tag of a category there", IsText, mapped_category);
  Shape mapping = Mapping({{"classifications", &mapped_values, "what its classifications are here", true},
                           {"categories", &mapped_categories, "what its categories are here; a label with another is not mapped"}});
  Shape mappings = Named("the name of another policy", IsText, mapping);
  Shape identity_mapping = Mapping({{"role", &role, "what it may do; node if absent"},
                                    {"speaks-for", &one_or_spoken_fors, "nodes that it may attach as, beside its own name"}});
  Shape identities = Named("the name in a certificate, such as DEU/gateway", IsNodeId, identity_mapping);
  Shape policy = Mapping({{"name", &text, "name that labels carry; EXERCISE if absent"},
                          {"classifications", &texts, "lowest first; their order is their level", true},
                          {"communities", &communities, "groups of nations usable after \"rel\""},
                          {"identities", &identities, "holders of certificates that are more than the node that they name"},
                          {"categories", &declared_categories, "what a label may carry besides; if absent, anything"},
                          {"mappings", &mappings, "how labels of other policies are read; what is not said is released to nobody"},
                          {"unlabelled-egress-up-to", &text,
                           "highest classification that may go out over a protocol with no place for a label; absent: none may"},
                          {"unlabelled-egress-nodes", &one_or_nodes, "the only nodes to which that applies; all if absent"}});

  Shape impairment_word = Words(PlainKinds());
  Shape impairment_mapping{.kind = Kind::kImpairment, .wanted = "a mapping of \"kind\" and its settings"};
  Shape impairment{.kind = Kind::kEither,
                   .wanted = "a kind of impairment, or a mapping of \"kind\" and its settings",
                   .alternatives = {&impairment_word, &impairment_mapping}};
  Shape impairments = ListOf(impairment);
  Shape one_or_impairments = OneOrList(impairment, impairments);

  std::vector<Key> condition_keys{{"latency", &duration, "one way"},
                                  {"jitter", &duration, "uniform, 0 to this, added to the latency"},
                                  {"loss", &share, "probability per unit; on a stream it delays, as retransmission does"},
                                  {"rate", &bit_rate, "octets leave no faster"},
                                  {"profile", &profile, "named conditions, in place of what is not said here"},
                                  {"impairments", &one_or_impairments, "of any kind, beside these"}};
  Shape conditions_mapping = Mapping(condition_keys);
  Shape conditions{.kind = Kind::kEither,
                   .wanted = "the name of a link profile, or a mapping of conditions",
                   .alternatives = {&profile, &conditions_mapping}};

  Shape coordinate = Scalar("a number", Parses<ParseNumber>, "number");
  Shape point_text = Scalar("a position such as \"53.55 N 9.99 E\" or \"53.55 N 9.99 E 300 m\"", Parses<ParseRoutePoint>);
  Shape point_list{.kind = Kind::kList,
                   .wanted = "[latitude, longitude] or [latitude, longitude, metres], in degrees",
                   .accepts_list = IsPoint,
                   .item = &coordinate};
  Shape point{.kind = Kind::kEither,
              .wanted = "a position such as \"53.55 N 9.99 E\", or [latitude, longitude] or [latitude, longitude, metres]",
              .alternatives = {&point_text, &point_list}};
  Shape points = ListOf(point);

  Shape unit = Mapping({{"callsign", &text, "as it is said on the air"},
                        {"identity", &identity, "standard identity; friend if absent"},
                        {"dimension", &dimension, "land, air, sea-surface ...", true},
                        {"function", &text, "MIL-STD-2525 function letters, e.g. U-C-I"},
                        {"dis-type", &dis_type, "SISO-REF-010 entity type"},
                        {"ais-ship-type", &ship_type, "ITU-R M.1371-5 table 53"},
                        {"nationality", &nation, "ISO 3166-1 alpha-3; the node's nation if absent"},
                        {"mmsi", &mmsi, "9 digits"},
                        {"imo", &natural, "IMO number"},
                        {"radio-callsign", &text, "of the ship's station"},
                        {"route", &points, "where it goes; one point: it stays there", true},
                        {"speed", &speed, "along the route", false},
                        {"closed-route", &boolean, "goes round; else to and fro"},
                        {"report-every", &duration, "5 s if absent"},
                        {"tells-identity", &boolean, "also sends its static data, every sixth report"},
                        {"label", &label, "the node's, if absent"},
                        {"precedence", &precedence, "of its reports; ROUTINE if absent"}});
  Shape units = Named("a unit's name of a-z, 0-9 and '-'", IsName, unit);

  Shape replay = Mapping({{"file", &text, "relative to the exercise file", true},
                          {"speed", &factor, "of its own timing; 1 if absent"},
                          {"interval", &duration, "between chunks, where the file has no times or speed is 0"},
                          {"at-most", &natural, "chunks; 0: all"},
                          {"loop", &boolean, "begins again at its end"},
                          {"as-recorded", &boolean, "times of the recording stay; else they are rebased to now"}});
  Shape defects = Mapping({{"muted", &boolean, "composes, but never speaks"},
                           {"deaf", &boolean, "never reads"},
                           {"omits", &one_or_fields, "leaves these out of what it says"}});
  Shape observes = Named("a family of messages such as track or chat", IsFamily, evidence);
  Shape tls = Mapping({{"certificate", &text, "PEM file, relative to the exercise file", true},
                       {"key", &text, "PEM file", true},
                       {"authority", &text, "PEM file: CA of the peer"},
                       {"require-peer-certificate", &boolean, "mutual authentication"}});
  Shape options{.kind = Kind::kOptions, .wanted = "a mapping of the protocol's options"};

  Shape node = Mapping({{"protocol", &text, "an adapter of this build", true},
                        {"form", &text, "notation wished for; the customary one if absent"},
                        {"transport", &transport, "the customary one of the protocol if absent"},
                        {"subject", &subject, "what kind of authority it is: for people"},
                        {"external", &boolean, "a real system; else the node is simulated"},
                        {"listen", &endpoint, "where the gateway awaits the node; port 0: any free one"},
                        {"dial", &endpoint, "where the gateway connects to instead; multicast: the group"},
                        {"label", &label, "for what its protocol or its messages carry no label for; the nation's if absent"},
                        {"link", &conditions, "conditions of its access link, both ways"},
                        {"backbone", &conditions, "conditions of its gateway's link to the broker, both ways"},
                        {"options", &options, "of the protocol"},
                        {"units", &units, "of a simulated node, moving along routes"},
                        {"receives", &one_or_families, "families it subscribes to; all if absent"},
                        {"receives-from", &one_or_nations, "origin nations it subscribes to; all if absent"},
                        {"replay", &replay, "a recording speaks for the node"},
                        {"defects", &defects, "what a simulated node does wrong, to show that it is found"},
                        {"observes", &observes, "of an external node: evidence that can be had, per family"},
                        {"tls", &tls, "of transport tls"}});
  Shape nodes = Named("a node's name of a-z, 0-9, '-', '_' and '.'", IsNodeName, node);
  Shape stream_limits = Mapping({{"messages-per-second", &natural, "published"},
                                 {"octets-per-second", &natural, "published"},
                                 {"outstanding-octets", &natural, "published and not yet receipted"},
                                 {"streams", &natural, "attached nodes"}});
  Shape nation_mapping = Mapping({{"clearance", &text, "highest classification it may see", true},
                                  {"holds", &one_or_texts, "values of restrictive categories, as \"<tag>/<value>\""},
                                  {"limits", &stream_limits, "of all its nodes together on the bus; 0 or absent: the broker's own"},
                                  {"label", &label, "of its nodes that say none"},
                                  {"nodes", &nodes, "its command nodes"}});
  Shape all_nations = Named("a nation such as DEU, or an organisation such as NATO", IsNationCode, nation_mapping);

  Shape chat_mapping = Mapping({{"room", &text, "chat room; the protocol's room for everybody if absent"},
                                {"to", &one_or_nodes, "nodes it is for; everybody if absent"},
                                {"text", &text, "what is said", true}});
  Shape chat{
      .kind = Kind::kEither, .wanted = "the text, or a mapping of text, room and to", .alternatives = {&text, &chat_mapping}};
  Shape alert_mapping = Mapping({{"event", &alert_event, "what is the matter", true},
                                 {"status", &alert_status, "active if absent"},
                                 {"unit", &name, "whose position; a unit of the node"}});
  Shape alert{.kind = Kind::kEither,
              .wanted = "an event, or a mapping of event, status and unit",
              .alternatives = {&alert_event, &alert_mapping}};
  Shape weapon = Mapping({{"phase", &weapon_phase, "fire or detonation", true},
                          {"position", &point, "where", true},
                          {"munition", &dis_type, "SISO-REF-010 entity type"},
                          {"firer", &name, "a unit of the node"}});
  Shape inject = Mapping({{"at", &duration, "after STARTEX", true},
                          {"node", &node_id, "who carries it out", true},
                          {"precedence", &precedence, "ROUTINE if absent"},
                          {"label", &label, "the node's if absent"},
                          {"text", &text, "what is said, where the action does not say it; for people"},
                          {"chat", &chat, "says something"},
                          {"alert", &alert, "raises, changes or clears an alert"},
                          {"weapon", &weapon, "fires, or something detonates"},
                          {"control", &control_action, "of the simulation"}},
                         {"chat", "alert", "weapon", "control"});
  Shape live_inject = AddedLive(inject);
  Shape injects = Named("an inject's name of a-z, 0-9 and '-'", IsName, inject);

  Shape damage = Mapping({{"share", &share, "of the units", true},
                          {"rules", &one_or_texts, "damage rules of the node's protocol, or \"mutation\"; all rules if absent"}});
  Shape groups{
      .kind = Kind::kList, .wanted = "a list of groups, each a node or nation, or a list of them", .item = &one_or_selections};
  Shape precedences = ListOf(precedence);
  Shape one_or_precedences = OneOrList(precedence, precedences);
  Shape message_fault = Mapping({{"families", &one_or_families, "all if absent"},
                                 {"from", &one_or_selections, "originators: nodes or nations; all if absent"},
                                 {"precedence", &one_or_precedences, "all if absent"},
                                 {"protocols", &one_or_texts, "of the node on the link; all if absent"},
                                 {"classifications", &one_or_texts, "of the label; all if absent"},
                                 {"releasable-to", &one_or_texts, "of the label: to at least one of these"},
                                 {"impairments", &one_or_impairments, "of kinds that act on messages", true}});
  Shape fault = Mapping({{"at", &duration, "after STARTEX", true},
                         {"for", &duration, "its lease: it ends by itself", true},
                         {"node", &node_id, "whose link, or whose output; of messages: every link if absent"},
                         {"link", &link, "which of the node's links, to its gateway or from there to the broker; access if absent"},
                         {"direction", &direction, "both if absent; of damage: to-gateway"},
                         {"outage", &outage, "silent: octets do not pass; refuse: connections are reset and refused"},
                         {"conditions", &conditions, "in place of the link's own of the same kinds"},
                         {"impairments", &one_or_impairments, "beside what acts on the link already"},
                         {"damage", &damage, "malformed traffic"},
                         {"partition", &groups, "no message passes between nodes of different groups"},
                         {"messages", &message_fault, "impairments of some messages and not of others"}},
                        {"outage", "conditions", "impairments", "damage", "partition", "messages"});
  Shape live_fault = AddedLive(fault);
  Shape faults = Named("a fault's name of a-z, 0-9 and '-'", IsName, fault);

  Shape delivery = Mapping({{"at-least", &share, "of what was composed, released and sayable is understood", true},
                            {"within", &duration, "of being composed; any time before the end if absent"}});
  Shape latency = Mapping({{"percentile", &percentile, "of all latencies", true}, {"at-most", &duration, "its bound", true}});
  Shape recovery = Mapping({{"after", &name, "a fault", true}, {"within", &duration, "of its end", true}});
  Shape survival = Mapping({{"within", &duration, "the next right message is understood", true}});
  Shape all_fields = Words({"all"});
  Shape fidelity{.kind = Kind::kEither, .wanted = "\"all\", or a list of fields", .alternatives = {&all_fields, &fields}};
  Shape expectation = Mapping({{"from", &one_or_selections, "nodes or nations; all if absent"},
                               {"to", &one_or_selections, "nodes or nations; all if absent"},
                               {"families", &one_or_families, "all if absent"},
                               {"precedence", &precedence, "all if absent"},
                               {"delivery", &delivery, "enough arrives"},
                               {"latency", &latency, "it arrives soon enough"},
                               {"recovery", &recovery, "traffic flows again after a fault"},
                               {"no-leak", &yes, "nobody understands what is not releasable to them"},
                               {"survival", &survival, "malformed traffic stops nobody"},
                               {"fidelity", &fidelity, "fields that both protocols can carry arrive within their resolution"},
                               {"silence", &yes, "nothing is understood"}},
                              {"delivery", "latency", "recovery", "no-leak", "survival", "fidelity", "silence"});
  Shape expectations = Named("an expectation's name of a-z, 0-9 and '-'", IsName, expectation);

  Shape nats_server = Scalar("a NATS server such as \"nats://127.0.0.1:4222\"", IsNatsServer);
  Shape nats_servers = ListOf(nats_server);
  Shape one_or_nats_servers = OneOrList(nats_server, nats_servers);
  Shape stream = Scalar("a name of letters, digits, '-' and '_'", IsStream);
  Shape replicas{.kind = Kind::kScalar, .wanted = "1, 3 or 5", .words = {"1", "3", "5"}, .json_type = "integer"};
  Shape bus_mode = Words({"durable", "relay"});
  Shape jetstream = Mapping({{"servers", &one_or_nats_servers, "of one NATS cluster with JetStream", true},
                             {"stream", &stream, "that holds the record; named like the exercise if absent"},
                             {"replicas", &replicas, "as many as servers are named, at most 3, if absent"}});
  Shape bus = Mapping({{"mode", &bus_mode, "receipts once the record has a message, or once it is accepted; durable if absent"},
                       {"jetstream", &jetstream, "the record on NATS JetStream, which several brokers share"}});

  Shape version{.kind = Kind::kScalar, .wanted = "1", .words = {"1"}, .json_type = "integer"};
  Shape exercise = Mapping({{"version", &version, "of this file format: 1", true},
                            {"name", &name, "of the exercise", true},
                            {"description", &text, "the story, for people"},
                            {"seed", &natural, "of everything that is left to chance; 1 if absent"},
                            {"duration", &duration, "STARTEX to ENDEX", true},
                            {"start", &utc, "UTC at STARTEX in a simulated run; 2026-01-01T00:00:00Z if absent"},
                            {"drain", &duration, "after ENDEX, how long what is under way may still arrive; 2 s if absent"},
                            {"await-external", &duration, "how long external nodes are awaited, real time; 2 min if absent"},
                            {"metrics-port", &port, "on loopback; 0 or absent: any free one"},
                            {"bus", &bus, "how it keeps what it accepts"},
                            {"policy", &policy, "who may see what", true},
                            {"nations", &all_nations, "who takes part", true},
                            {"injects", &injects, "the master scenario events list"},
                            {"faults", &faults, "what goes wrong with links and traffic"},
                            {"expectations", &expectations, "how the run must end"}});
};

const Shapes& AllShapes() {
  static const Shapes shapes;
  return shapes;
}

}  // namespace

const Shape& ExerciseShape() {
  return AllShapes().exercise;
}

const Shape& LiveFaultShape() {
  return AllShapes().live_fault;
}

const Shape& LiveInjectShape() {
  return AllShapes().live_inject;
}

}  // namespace entente::harness
