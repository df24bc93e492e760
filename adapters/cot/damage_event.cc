// SPDX-License-Identifier: Apache-2.0
// Rules of the CoT base event and of the customary details, in XML.
#include <array>

#include "adapters/cot/damaged_event.h"

namespace entente::cot {
namespace {

using adapter::DamageCategory;
using adapter::DamageRule;
using adapter::Reaction;

// An event of a type that needs its point, and whose details are all looked at.
bool IsTrack(ByteView unit) {
  return AsText(unit).find(" type=\"a-") < AsText(unit).find('>');
}

DamagedEvent NoUid(ByteView unit, Prng&) {
  return WithoutAttribute(unit, "<event", "uid");
}
DamagedEvent EmptyUid(ByteView unit, Prng&) {
  return WithValue(unit, "<event", "uid", "");
}
DamagedEvent NoType(ByteView unit, Prng&) {
  return WithoutAttribute(unit, "<event", "type");
}
DamagedEvent NoTime(ByteView unit, Prng&) {
  return WithoutAttribute(unit, "<event", "time");
}
DamagedEvent NoStart(ByteView unit, Prng&) {
  return WithoutAttribute(unit, "<event", "start");
}
DamagedEvent NoStale(ByteView unit, Prng&) {
  return WithoutAttribute(unit, "<event", "stale");
}
DamagedEvent NoHow(ByteView unit, Prng&) {
  return WithoutAttribute(unit, "<event", "how");
}
DamagedEvent NoVersion(ByteView unit, Prng&) {
  return WithoutAttribute(unit, "<event", "version");
}
DamagedEvent NoPoint(ByteView unit, Prng&) {
  return IsTrack(unit) ? WithoutElement(unit, "<point", "/>") : std::nullopt;
}
DamagedEvent NoLatitude(ByteView unit, Prng&) {
  return WithoutAttribute(unit, "<point", "lat");
}
DamagedEvent NoCircularError(ByteView unit, Prng&) {
  return WithoutAttribute(unit, "<point", "ce");
}
DamagedEvent NoSpeed(ByteView unit, Prng&) {
  return IsTrack(unit) ? WithoutAttribute(unit, "<track", "speed") : std::nullopt;
}
DamagedEvent SecondPoint(ByteView unit, Prng&) {
  return WithInside(unit, "</event>", "<point lat=\"0.0\" lon=\"0.0\" hae=\"0.0\" ce=\"1.0\" le=\"1.0\"/>");
}
DamagedEvent SecondDetail(ByteView unit, Prng&) {
  return WithInside(unit, "</event>", "<detail/>");
}
DamagedEvent TextInEvent(ByteView unit, Prng&) {
  return WithInside(unit, "</event>", "loose words");
}
DamagedEvent TextInDetail(ByteView unit, Prng&) {
  return WithInside(unit, "</detail>", "loose words");
}
DamagedEvent LatitudeBeyondPole(ByteView unit, Prng& prng) {
  return WithValue(unit, "<point", "lat", prng.Chance(0.5) ? "91.5" : "-90.1");
}
DamagedEvent LongitudeBeyondAntimeridian(ByteView unit, Prng& prng) {
  return WithValue(unit, "<point", "lon", prng.Chance(0.5) ? "180.5" : "-361.0");
}
DamagedEvent LatitudeInDegreesAndMinutes(ByteView unit, Prng&) {
  return WithValue(unit, "<point", "lat", "48 08 N");
}
DamagedEvent ExponentInLatitude(ByteView unit, Prng&) {
  return WithValue(unit, "<point", "lat", "4.8e1");
}
DamagedEvent NotANumber(ByteView unit, Prng&) {
  return WithValue(unit, "<point", "ce", "NaN");
}
DamagedEvent NegativeError(ByteView unit, Prng&) {
  return WithValue(unit, "<point", "le", "-5.0");
}
DamagedEvent CourseBeyondCircle(ByteView unit, Prng&) {
  return IsTrack(unit) ? WithValue(unit, "<track", "course", "360.0") : std::nullopt;
}
DamagedEvent TimeInWords(ByteView unit, Prng&) {
  return WithValue(unit, "<event", "time", "yesterday");
}
DamagedEvent ThirtiethOfFebruary(ByteView unit, Prng&) {
  return WithValue(unit, "<event", "start", "2026-02-30T12:00:00.000Z");
}
DamagedEvent NoTimeZone(ByteView unit, Prng&) {
  return WithValue(unit, "<event", "stale", "2099-01-01T00:00:00.000");
}
DamagedEvent StaleBeforeStart(ByteView unit, Prng&) {
  return WithValue(unit, "<event", "stale", "1999-12-31T23:59:59.000Z");
}
DamagedEvent TimeInFuture(ByteView unit, Prng&) {
  return AsText(unit).contains("stale=\"9999") ? std::nullopt : WithValue(unit, "<event", "time", "9998-01-01T00:00:00.000Z");
}
DamagedEvent TypeWithSpaces(ByteView unit, Prng&) {
  return WithValue(unit, "<event", "type", "friendly ground unit");
}
DamagedEvent VersionOne(ByteView unit, Prng&) {
  return WithValue(unit, "<event", "version", "1.1");
}
DamagedEvent DefaultNamespace(ByteView unit, Prng&) {
  return WithAttribute(unit, "<event", " xmlns=\"urn:cot:another\"");
}
DamagedEvent ForgedSender(ByteView unit, Prng&) {
  return AsText(unit).contains("<__chat") ? WithValue(unit, "<chatgrp", "uid0", "somebody-else") : std::nullopt;
}

constexpr std::string_view kUid = "CoT Base-Event Schema 2.0, uid";
constexpr std::string_view kType = "CoT Base-Event Schema 2.0, type";
constexpr std::string_view kTime = "CoT Base-Event Schema 2.0, time";
constexpr std::string_view kStart = "CoT Base-Event Schema 2.0, start";
constexpr std::string_view kStale = "CoT Base-Event Schema 2.0, stale";
constexpr std::string_view kHow = "CoT Base-Event Schema 2.0, how";
constexpr std::string_view kVersion = "CoT Base-Event Schema 2.0, version";
constexpr std::string_view kEvent = "CoT Base-Event Schema 2.0, event";
constexpr std::string_view kDetail = "CoT Base-Event Schema 2.0, detail";
constexpr std::string_view kPoint = "CoT Base-Event Schema 2.0, point";
constexpr std::string_view kLatitude = "CoT Base-Event Schema 2.0, lat";
constexpr std::string_view kLongitude = "CoT Base-Event Schema 2.0, lon";
constexpr std::string_view kCircularError = "CoT Base-Event Schema 2.0, ce";
constexpr std::string_view kLinearError = "CoT Base-Event Schema 2.0, le";

constexpr std::array kRules = {
    DamageRule{"cot.no-uid", DamageCategory::kMissing, kUid, "the event has no uid", Reaction::kRefused, NoUid},
    DamageRule{"cot.empty-uid", DamageCategory::kIdentity, kUid, "the event's uid is empty", Reaction::kRefused, EmptyUid},
    DamageRule{"cot.no-type", DamageCategory::kMissing, kType, "the event has no type", Reaction::kRefused, NoType},
    DamageRule{"cot.no-time", DamageCategory::kMissing, kTime, "the event does not say when it was made", Reaction::kRefused,
               NoTime},
    DamageRule{"cot.no-start", DamageCategory::kMissing, kStart, "the event has no start time", Reaction::kRefused, NoStart},
    DamageRule{"cot.no-stale", DamageCategory::kMissing, kStale, "the event has no stale time", Reaction::kRefused, NoStale},
    DamageRule{"cot.no-how", DamageCategory::kMissing, kHow, "the event does not say how it came about", Reaction::kTolerated,
               NoHow},
    DamageRule{"cot.no-version", DamageCategory::kMissing, kVersion, "the event has no version", Reaction::kTolerated, NoVersion},
    DamageRule{"cot.no-point", DamageCategory::kMissing, kPoint, "a track without a point", Reaction::kRefused, NoPoint},
    DamageRule{"cot.no-latitude", DamageCategory::kMissing, kLatitude, "the point has no latitude", Reaction::kRefused, NoLatitude},
    DamageRule{"cot.no-circular-error", DamageCategory::kMissing, kCircularError, "the point has no circular error",
               Reaction::kTolerated, NoCircularError},
    DamageRule{"cot.no-speed", DamageCategory::kMissing, "CoT Track Schema, track", "a <track> without a speed",
               Reaction::kTolerated, NoSpeed},
    DamageRule{"cot.second-point", DamageCategory::kRepeated, kEvent, "the event has two points", Reaction::kTolerated,
               SecondPoint},
    DamageRule{"cot.second-detail", DamageCategory::kRepeated, kEvent, "the event has two details", Reaction::kTolerated,
               SecondDetail},
    DamageRule{"cot.text-in-event", DamageCategory::kOrder, kEvent, "words between the elements of <event>", Reaction::kTolerated,
               TextInEvent},
    DamageRule{"cot.text-in-detail", DamageCategory::kOrder, kDetail, "words between the elements of <detail>",
               Reaction::kTolerated, TextInDetail},
    DamageRule{"cot.latitude-beyond-pole", DamageCategory::kRange, kLatitude, "a latitude beyond a pole", Reaction::kRefused,
               LatitudeBeyondPole},
    DamageRule{"cot.longitude-beyond-antimeridian", DamageCategory::kRange, kLongitude, "a longitude beyond 180 degrees",
               Reaction::kRefused, LongitudeBeyondAntimeridian},
    DamageRule{"cot.latitude-in-minutes", DamageCategory::kEncoding, kLatitude, "a latitude in degrees and minutes",
               Reaction::kRefused, LatitudeInDegreesAndMinutes},
    DamageRule{"cot.exponent-in-latitude", DamageCategory::kEncoding, kLatitude, "an exponent in an xs:decimal",
               Reaction::kTolerated, ExponentInLatitude},
    DamageRule{"cot.not-a-number", DamageCategory::kEncoding, kCircularError, "a circular error of NaN", Reaction::kTolerated,
               NotANumber},
    DamageRule{"cot.negative-error", DamageCategory::kRange, kLinearError, "a linear error below zero", Reaction::kTolerated,
               NegativeError},
    DamageRule{"cot.course-beyond-circle", DamageCategory::kRange, "CoT Track Schema, course",
               "a course of 360 degrees, which is 0", Reaction::kTolerated, CourseBeyondCircle},
    DamageRule{"cot.time-in-words", DamageCategory::kTime, kTime, "a time that is no xs:dateTime", Reaction::kRefused, TimeInWords},
    DamageRule{"cot.thirtieth-of-february", DamageCategory::kTime, kStart, "a start on a day that does not exist",
               Reaction::kRefused, ThirtiethOfFebruary},
    DamageRule{"cot.no-time-zone", DamageCategory::kTime, kStale, "a stale time without a zone", Reaction::kTolerated, NoTimeZone},
    DamageRule{"cot.stale-before-start", DamageCategory::kTime, kStale, "the event was stale before it started",
               Reaction::kTolerated, StaleBeforeStart},
    DamageRule{"cot.time-in-future", DamageCategory::kTime, kTime, "the event was made after it will be stale",
               Reaction::kTolerated, TimeInFuture},
    DamageRule{"cot.type-with-spaces", DamageCategory::kEnumeration, kType, "a type that is not words joined by '-'",
               Reaction::kRefused, TypeWithSpaces},
    DamageRule{"cot.version-1", DamageCategory::kState, kVersion, "an event of version 1.1 among those of 2.0", Reaction::kRefused,
               VersionOne},
    DamageRule{"cot.default-namespace", DamageCategory::kXml, "CoT Base-Event Schema 2.0, xmlns",
               "the event is of a namespace, where CoT's is of none", Reaction::kTolerated, DefaultNamespace},
    DamageRule{"cot.forged-sender", DamageCategory::kIdentity, "TAK chat schema, chatgrp",
               "a text whose group names another sender than its link", Reaction::kTolerated, ForgedSender},
};

}  // namespace

std::span<const DamageRule> EventDamage() {
  return kRules;
}

}  // namespace entente::cot
