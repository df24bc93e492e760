// SPDX-License-Identifier: Apache-2.0
// Messages written by ggencoder, one JSON object per line: {"nmea": "!AIVDM,...", "fields": {...}}, the fields in the raw units of
// ITU-R M.1371-5, named as in message_fields.h.
import { createRequire } from 'node:module';

const require = createRequire(process.env.ENTENTE_PEERS_DIR + '/package.json');
const { AisEncode } = require('ggencoder');

// A small generator of repeatable numbers.
let state = 12345;
const below = (bound) => {
  state = (Math.imul(state, 1103515245) + 12345) & 0x7fffffff;
  return Math.floor((state / 0x80000000) * bound);
};
const words = ['KIEL', 'BALTIC STAR', 'X', 'EVERGREEN 12', 'A-B C/D', 'ZULU9'];
const word = (limit) => words[below(words.length)].slice(0, limit).trim();

// ggencoder multiplies and cuts off: give it values just above the step, so that rounding errors do not decide.
const degrees = (raw) => (raw + Math.sign(raw) * 0.25) / 600000;
const tenths = (raw) => (raw + 0.25) / 10;

function movement() {
  const raw = { lon: below(216000000) - 108000000, lat: below(108000000) - 54000000, speed: below(1022), course: below(3600), heading: below(360) };
  return { raw, said: { lon: degrees(raw.lon), lat: degrees(raw.lat), sog: tenths(raw.speed), cog: tenths(raw.course), hdg: raw.heading } };
}

function dimensions() {
  const raw = { to_bow: below(512), to_stern: below(512), to_port: below(64), to_starboard: below(64) };
  return { raw, said: { dimA: raw.to_bow, dimB: raw.to_stern, dimC: raw.to_port, dimD: raw.to_starboard } };
}

function positionReport(type) {
  const { raw, said } = movement();
  const status = below(16);
  const turn = below(255) - 127;
  const maneuver = below(3);
  return { raw: { ...raw, status, turn, maneuver, second: 60 }, said: { ...said, aistype: type, navstatus: status, rot: turn, smi: maneuver } };
}

function classB() {
  const { raw, said } = movement();
  const accuracy = below(2);
  return { raw: { ...raw, accuracy, second: 60 }, said: { ...said, aistype: 18, accuracy } };
}

function voyage() {
  const d = dimensions();
  const raw = {
    ...d.raw, imo: 1000000 + below(9000000), callsign: word(7), shipname: word(20), shiptype: below(100), month: 1 + below(12),
    day: 1 + below(28), hour: below(24), minute: below(60), draught: below(256), destination: word(20), ais_version: 1,
  };
  const said = {
    ...d.said, aistype: 5, imo: raw.imo, callsign: raw.callsign, shipname: raw.shipname, cargo: raw.shiptype, etaMo: raw.month,
    etaDay: raw.day, etaHr: raw.hour, etaMin: raw.minute, draught: tenths(raw.draught), destination: raw.destination,
  };
  return { raw, said };
}

function aid() {
  const { raw: m, said: s } = movement();
  const d = dimensions();
  const raw = { ...d.raw, lon: m.lon, lat: m.lat, aid_type: below(32), name: word(20), accuracy: below(2), off_position: below(2), raim: below(2), virtual_aid: below(2), assigned: below(2), second: 60 };
  return { raw, said: { ...d.said, lon: s.lon, lat: s.lat, aistype: 21, aid_type: raw.aid_type, atonname: raw.name, accuracy: raw.accuracy, off_position: raw.off_position, raim: raw.raim, virtual_aid: raw.virtual_aid, assigned: raw.assigned } };
}

function partA() {
  const shipname = word(20);
  return { raw: { shipname }, said: { aistype: 24, part: 0, shipname } };
}

function partB() {
  const d = dimensions();
  const raw = { ...d.raw, shiptype: below(100), callsign: word(7) };
  return { raw, said: { ...d.said, aistype: 24, part: 1, cargo: raw.shiptype, callsign: raw.callsign } };
}

const kinds = [() => positionReport(1), () => positionReport(2), () => positionReport(3), classB, voyage, aid, partA, partB];
for (let i = 0; i < 400; ++i) {
  const { raw, said } = kinds[i % kinds.length]();
  const mmsi = 200000000 + below(500000000);
  const message = new AisEncode({ ...said, repeat: 0, mmsi });
  console.log(JSON.stringify({ nmea: message.nmea, fields: { type: said.aistype, repeat: 0, mmsi, ...raw } }));
}
