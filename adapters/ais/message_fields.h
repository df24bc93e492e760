// SPDX-License-Identifier: Apache-2.0
#pragma once

// The layout of each message, once: Fields(visitor, header, body) calls the visitor with every field in the order of the standard.
// A visitor has Number(name, value, bits), Signed(name, value, bits), Flag(name, value), Text(name, value, characters),
// RestOfText(name, value, most characters) and Spare(name, value, bits). The body is const for visitors that only look.

#include "adapters/ais/message.h"

namespace entente::ais {

template <typename V, typename D>
void DimensionFields(V& v, D& dimensions) {
  v.Number("to_bow", dimensions.to_bow, 9);
  v.Number("to_stern", dimensions.to_stern, 9);
  v.Number("to_port", dimensions.to_port, 6);
  v.Number("to_starboard", dimensions.to_starboard, 6);
}

template <typename V, typename B>
void Fields(V& v, const Header& header, B& body) {
  using Type = std::remove_const_t<B>;
  if constexpr (std::is_same_v<Type, PositionReport>) {
    v.Number("status", body.status, 4);
    v.Signed("turn", body.turn, 8);
    v.Number("speed", body.speed, 10);
    v.Flag("accuracy", body.accuracy);
    v.Signed("lon", body.lon, 28);
    v.Signed("lat", body.lat, 27);
    v.Number("course", body.course, 12);
    v.Number("heading", body.heading, 9);
    v.Number("second", body.second, 6);
    v.Number("maneuver", body.maneuver, 2);
    v.Spare(body.spare, 3);
    v.Flag("raim", body.raim);
    v.Number("radio", body.radio, 19);
  } else if constexpr (std::is_same_v<Type, BaseStationReport>) {
    v.Number("year", body.year, 14);
    v.Number("month", body.month, 4);
    v.Number("day", body.day, 5);
    v.Number("hour", body.hour, 5);
    v.Number("minute", body.minute, 6);
    v.Number("second", body.second, 6);
    v.Flag("accuracy", body.accuracy);
    v.Signed("lon", body.lon, 28);
    v.Signed("lat", body.lat, 27);
    v.Number("epfd", body.epfd, 4);
    v.Spare(body.spare, 10);
    v.Flag("raim", body.raim);
    v.Number("radio", body.radio, 19);
  } else if constexpr (std::is_same_v<Type, StaticVoyageData>) {
    v.Number("ais_version", body.ais_version, 2);
    v.Number("imo", body.imo, 30);
    v.Text("callsign", body.callsign, 7);
    v.Text("shipname", body.shipname, 20);
    v.Number("shiptype", body.shiptype, 8);
    DimensionFields(v, body.dimensions);
    v.Number("epfd", body.epfd, 4);
    v.Number("month", body.month, 4);
    v.Number("day", body.day, 5);
    v.Number("hour", body.hour, 5);
    v.Number("minute", body.minute, 6);
    v.Number("draught", body.draught, 8);
    v.Text("destination", body.destination, 20);
    v.Flag("dte", body.dte);
    v.Flag("spare", body.spare);
  } else if constexpr (std::is_same_v<Type, SarAircraftReport>) {
    v.Number("alt", body.alt, 12);
    v.Number("speed", body.speed, 10);
    v.Flag("accuracy", body.accuracy);
    v.Signed("lon", body.lon, 28);
    v.Signed("lat", body.lat, 27);
    v.Number("course", body.course, 12);
    v.Number("second", body.second, 6);
    v.Flag("barometric", body.barometric);
    v.Spare(body.spare, 7);
    v.Flag("dte", body.dte);
    v.Spare(body.spare2, 3);
    v.Flag("assigned", body.assigned);
    v.Flag("raim", body.raim);
    v.Number("radio", body.radio, 20);
  } else if constexpr (std::is_same_v<Type, SafetyText>) {
    if (header.type == 12) {
      v.Number("seqno", body.sequence, 2);
      v.Number("dest_mmsi", body.dest_mmsi, 30);
      v.Flag("retransmit", body.retransmit);
      v.Spare(body.spare, 1);
      v.RestOfText("text", body.text, 156);
    } else {
      v.Spare(body.spare, 2);
      v.RestOfText("text", body.text, 161);
    }
  } else if constexpr (std::is_same_v<Type, ClassBPositionReport>) {
    v.Number("reserved", body.reserved, 8);
    v.Number("speed", body.speed, 10);
    v.Flag("accuracy", body.accuracy);
    v.Signed("lon", body.lon, 28);
    v.Signed("lat", body.lat, 27);
    v.Number("course", body.course, 12);
    v.Number("heading", body.heading, 9);
    v.Number("second", body.second, 6);
    v.Number("regional", body.regional, 2);
    v.Flag("cs", body.cs);
    v.Flag("display", body.display);
    v.Flag("dsc", body.dsc);
    v.Flag("band", body.band);
    v.Flag("msg22", body.msg22);
    v.Flag("assigned", body.assigned);
    v.Flag("raim", body.raim);
    v.Number("radio", body.radio, 20);
  } else if constexpr (std::is_same_v<Type, ExtendedClassBReport>) {
    v.Number("reserved", body.reserved, 8);
    v.Number("speed", body.speed, 10);
    v.Flag("accuracy", body.accuracy);
    v.Signed("lon", body.lon, 28);
    v.Signed("lat", body.lat, 27);
    v.Number("course", body.course, 12);
    v.Number("heading", body.heading, 9);
    v.Number("second", body.second, 6);
    v.Number("regional", body.regional, 4);
    v.Text("shipname", body.shipname, 20);
    v.Number("shiptype", body.shiptype, 8);
    DimensionFields(v, body.dimensions);
    v.Number("epfd", body.epfd, 4);
    v.Flag("raim", body.raim);
    v.Flag("dte", body.dte);
    v.Flag("assigned", body.assigned);
    v.Spare(body.spare, 4);
  } else if constexpr (std::is_same_v<Type, AidToNavigation>) {
    v.Number("aid_type", body.aid_type, 5);
    v.Text("name", body.name, 20);
    v.Flag("accuracy", body.accuracy);
    v.Signed("lon", body.lon, 28);
    v.Signed("lat", body.lat, 27);
    DimensionFields(v, body.dimensions);
    v.Number("epfd", body.epfd, 4);
    v.Number("second", body.second, 6);
    v.Flag("off_position", body.off_position);
    v.Number("regional", body.regional, 8);
    v.Flag("raim", body.raim);
    v.Flag("virtual_aid", body.virtual_aid);
    v.Flag("assigned", body.assigned);
    v.Flag("spare", body.spare);
    v.Continuation(body.name, 20, 14);
  } else if constexpr (std::is_same_v<Type, StaticDataA>) {
    v.Part(0);
    v.Text("shipname", body.shipname, 20);
  } else if constexpr (std::is_same_v<Type, StaticDataB>) {
    v.Part(1);
    v.Number("shiptype", body.shiptype, 8);
    v.Text("vendorid", body.vendorid, 3);
    v.Number("model", body.model, 4);
    v.Number("serial", body.serial, 20);
    v.Text("callsign", body.callsign, 7);
    if (IsAuxiliaryCraft(header.mmsi)) {
      v.Number("mothership_mmsi", body.mothership_mmsi, 30);
    } else {
      DimensionFields(v, body.dimensions);
    }
    v.Number("epfd", body.epfd, 4);
    v.Spare(body.spare, 2);
  } else if constexpr (std::is_same_v<Type, LongRangeReport>) {
    v.Flag("accuracy", body.accuracy);
    v.Flag("raim", body.raim);
    v.Number("status", body.status, 4);
    v.Signed("lon", body.lon, 18);
    v.Signed("lat", body.lat, 17);
    v.Number("speed", body.speed, 6);
    v.Number("course", body.course, 9);
    v.Flag("gnss", body.gnss);
    v.Flag("spare", body.spare);
  }
}

}  // namespace entente::ais
