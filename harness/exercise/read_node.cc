// SPDX-License-Identifier: Apache-2.0
#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>

#include "harness/exercise/link_profiles.h"
#include "harness/exercise/quantity.h"
#include "harness/exercise/read_sections.h"

namespace entente::harness {
namespace {

using std::chrono_literals::operator""s;

constexpr Duration kReportEvery = 5s;

v1::Classification ReadClassification(const std::string& nation, const Section& unit) {
  v1::Classification classification;
  classification.set_standard_identity(unit.Word("identity", v1::STANDARD_IDENTITY_FRIEND));
  classification.set_dimension(unit.Word<v1::Dimension>("dimension"));
  classification.set_function(unit.Text("function"));
  if (unit.Has("dis-type")) {
    *classification.mutable_dis_entity_type() = unit.Value("dis-type", &ParseDisEntityType);
  }
  if (unit.Has("ais-ship-type")) {
    classification.set_ais_ship_type(static_cast<std::uint32_t>(unit.Value("ais-ship-type", &ParseInteger)));
  }
  const std::string nationality = unit.Has("nationality") ? unit.Text("nationality") : nation;
  if (nationality.size() == 3) classification.set_nationality(nationality);
  return classification;
}

v1::TransponderIds ReadTransponderIds(const Section& unit) {
  v1::TransponderIds ids;
  if (unit.Has("mmsi")) ids.set_mmsi(static_cast<std::uint32_t>(unit.Value("mmsi", &ParseInteger)));
  if (unit.Has("imo")) ids.set_imo(static_cast<std::uint32_t>(unit.Value("imo", &ParseInteger)));
  if (unit.Has("radio-callsign")) ids.set_radio_callsign(unit.Text("radio-callsign"));
  return ids;
}

v1::UnitPlan ReadUnit(const std::string& nation, const std::string& id, const Section& unit, const std::string& policy) {
  v1::UnitPlan plan;
  plan.set_id(id);
  plan.set_callsign(unit.Has("callsign") ? unit.Text("callsign") : id);
  *plan.mutable_classification() = ReadClassification(nation, unit);
  for (const auto& node : unit.At("route")) {
    if (const auto point = ReadRoutePoint(node)) *plan.add_route() = *point;
  }
  plan.set_speed_mps(unit.Value("speed", &ParseSpeed));
  plan.set_closed_route(unit.True("closed-route"));
  plan.set_report_every_ns(unit.Value("report-every", &ParseDuration, kReportEvery).count());
  if (unit.Has("mmsi") || unit.Has("imo") || unit.Has("radio-callsign")) {
    *plan.mutable_transponder_ids() = ReadTransponderIds(unit);
  }
  if (unit.Has("label")) *plan.mutable_label() = ReadLabel(unit.At("label"), policy);
  plan.set_precedence(unit.Word<v1::Precedence>("precedence"));
  plan.set_tells_identity(unit.True("tells-identity"));
  return plan;
}

v1::Replay ReadReplay(const Section& section) {
  v1::Replay replay;
  replay.set_file(section.Text("file"));
  replay.set_speed(section.Value("speed", &ParseNumber, 1.0));
  replay.set_interval_ns(section.Value("interval", &ParseDuration).count());
  replay.set_at_most(static_cast<std::uint64_t>(section.Value("at-most", &ParseInteger)));
  replay.set_loop(section.True("loop"));
  replay.set_as_recorded(section.True("as-recorded"));
  return replay;
}

v1::Defects ReadDefects(const Section& section) {
  v1::Defects defects;
  defects.set_muted(section.True("muted"));
  defects.set_deaf(section.True("deaf"));
  for (const auto field : section.Words<v1::Field>("omits")) defects.add_omits(field);
  return defects;
}

v1::Tls ReadTls(const Section& section) {
  v1::Tls tls;
  tls.set_certificate(section.Text("certificate"));
  tls.set_key(section.Text("key"));
  tls.set_authority(section.Text("authority"));
  tls.set_require_peer_certificate(section.True("require-peer-certificate"));
  return tls;
}

const adapter::TransportOffer* OfferOf(const adapter::AdapterInfo& adapter, std::string_view transport) {
  const auto found = std::ranges::find(adapter.transports, transport,
                                       [](const adapter::TransportOffer& offer) { return adapter::TransportName(offer.kind); });
  return found == adapter.transports.end() ? nullptr : &*found;
}

// What the file leaves to the protocol's customs: transport, form, and where nodes meet. Real systems expect the customary port,
// simulated ones take any free one.
void FillFromAdapter(const adapter::AdapterInfo& adapter, v1::NodePlan& plan) {
  if (plan.transport().empty() && !adapter.transports.empty()) {
    plan.set_transport(std::string(adapter::TransportName(adapter.transports.front().kind)));
  }
  const auto* offer = OfferOf(adapter, plan.transport());
  if (offer == nullptr) return;
  if (plan.form().empty()) {
    if (const auto* form = adapter.DefaultForm(adapter::CarrierOf(offer->kind))) plan.set_form(std::string(form->name));
  }
  if (plan.has_listen() || plan.has_dial()) return;
  const bool multicast = offer->kind == adapter::TransportKind::kUdpMulticast;
  v1::Endpoint& endpoint = multicast ? *plan.mutable_dial() : *plan.mutable_listen();
  endpoint.set_host(multicast ? std::string(offer->default_group) : "127.0.0.1");
  endpoint.set_port(multicast || plan.external() ? offer->default_port : 0);
}

void ReadReception(const Section& node, v1::NodePlan& plan) {
  for (const auto family : node.Words<v1::Family>("receives")) plan.add_receives(family);
  for (const std::string& nation : node.Texts("receives-from")) plan.add_receives_from(nation);
  const Section observes = node.Sub("observes");
  for (const auto& [family, evidence] : observes.items()) {
    auto* observability = plan.add_observes();
    observability->set_family(
        static_cast<v1::Family>(ParseWord(*google::protobuf::GetEnumDescriptor<v1::Family>(), family).value_or(0)));
    observability->set_evidence(observes.Word<v1::Evidence>(family));
  }
}

}  // namespace

const adapter::AdapterInfo* FindIn(AdapterList adapters, std::string_view name) {
  const auto found = std::ranges::find(adapters, name, &adapter::AdapterInfo::name);
  return found == adapters.end() ? nullptr : *found;
}

std::string SettingText(const YAML::Node& node) {
  return fmt::format("{}", fmt::join(TextsOf(node), ", "));
}

google::protobuf::RepeatedPtrField<v1::Impairment> ReadImpairments(const YAML::Node& node) {
  google::protobuf::RepeatedPtrField<v1::Impairment> impairments;
  const auto add = [&](const YAML::Node& item) {
    v1::Impairment& impairment = *impairments.Add();
    const Section section(item);
    impairment.set_kind(item.IsScalar() ? item.Scalar() : section.Text(kKindKey));
    for (const auto& [name, value] : section.items()) {
      if (name == kKindKey) continue;
      v1::Setting& setting = *impairment.add_settings();
      setting.set_name(name);
      setting.set_value(SettingText(value));
    }
  };
  if (node.IsSequence()) {
    for (const YAML::Node& item : node) add(item);
  } else if (node.IsDefined() && !node.IsNull()) {
    add(node);
  }
  return impairments;
}

v1::LinkConditions ReadConditions(const YAML::Node& node) {
  v1::LinkConditions conditions;
  const Section section(node);
  const std::string name = node.IsScalar() ? node.Scalar() : section.Text("profile");
  if (const LinkProfile* profile = FindLinkProfile(name)) conditions = ToConditions(*profile);
  if (section.Has("latency")) conditions.set_latency_ns(section.Value("latency", &ParseDuration).count());
  if (section.Has("jitter")) conditions.set_jitter_ns(section.Value("jitter", &ParseDuration).count());
  if (section.Has("loss")) conditions.set_loss(section.Value("loss", &ParseShare));
  if (section.Has("rate")) conditions.set_rate_bps(section.Value("rate", &ParseBitRate));
  for (v1::Impairment& impairment : ReadImpairments(section.At("impairments"))) {
    const auto same = std::ranges::find(*conditions.mutable_impairments(), impairment.kind(), &v1::Impairment::kind);
    // In place of the profile's of that kind.
    (same == conditions.mutable_impairments()->end() ? *conditions.add_impairments() : *same) = std::move(impairment);
  }
  return conditions;
}

std::optional<v1::RoutePoint> ReadRoutePoint(const YAML::Node& node) {
  return node.IsScalar() ? ParseRoutePoint(node.Scalar()) : ParseRouteNumbers(TextsOf(node));
}

v1::NodePlan ReadNode(const std::string& nation, const std::string& name, const Section& node, const std::string& policy,
                      AdapterList adapters) {
  v1::NodePlan plan;
  plan.set_node(nation + '/' + name);
  plan.set_protocol(node.Text("protocol"));
  plan.set_form(node.Text("form"));
  plan.set_transport(node.Text("transport"));
  plan.set_subject(node.Word<v1::Subject>("subject"));
  plan.set_external(node.True("external"));
  if (node.Has("listen")) *plan.mutable_listen() = node.Value("listen", &ParseEndpoint);
  if (node.Has("dial")) *plan.mutable_dial() = node.Value("dial", &ParseEndpoint);
  const Section options = node.Sub("options");
  for (const auto& [option, value] : options.items()) (*plan.mutable_options())[option] = options.Text(option);
  for (const auto& [id, unit] : node.Sub("units").items()) *plan.add_units() = ReadUnit(nation, id, Section(unit), policy);
  if (node.Has("link")) *plan.mutable_link() = ReadConditions(node.At("link"));
  if (node.Has("backbone")) *plan.mutable_backbone() = ReadConditions(node.At("backbone"));
  ReadReception(node, plan);
  if (node.Has("replay")) *plan.mutable_replay() = ReadReplay(node.Sub("replay"));
  if (node.Has("defects")) *plan.mutable_defects() = ReadDefects(node.Sub("defects"));
  if (node.Has("tls")) *plan.mutable_tls() = ReadTls(node.Sub("tls"));
  if (const auto* adapter = FindIn(adapters, plan.protocol())) FillFromAdapter(*adapter, plan);
  return plan;
}

}  // namespace entente::harness
