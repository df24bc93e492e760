// SPDX-License-Identifier: Apache-2.0
// Sentences on standard input, one JSON object per understood message on standard output: what ais-stream-decoder or ggencoder
// (first argument) make of them, in the raw units of ITU-R M.1371-5, named as in message_fields.h. A value they hold back as "not
// available" is left out.
import { createRequire } from 'node:module';
import { readFileSync } from 'node:fs';

const require = createRequire(process.env.ENTENTE_PEERS_DIR + '/package.json');
const lines = readFileSync(0, 'latin1').split('\n').map((line) => line.trim()).filter((line) => line.length > 0);

const scaled = (value, steps) => (typeof value === 'number' && Number.isFinite(value) ? Math.round(value * steps) : undefined);
const flag = (value) => (value === undefined || value === null ? undefined : Number(value));
const print = (fields) => console.log(JSON.stringify(fields, (_, value) => (value === null ? undefined : value)));

const dimensions = (bow, stern, port, starboard) => ({ to_bow: bow, to_stern: stern, to_port: port, to_starboard: starboard });

function fromStreamDecoder(m) {
  return {
    type: m.type, repeat: m.repeat, mmsi: m.mmsi,
    status: m.navStatus, speed: scaled(m.speedOverGround, 10), accuracy: flag(m.accuracy),
    lon: scaled(m.lon, 600000), lat: scaled(m.lat, 600000), course: scaled(m.courseOverGround, 10), heading: m.heading,
    second: m.utcSecond ?? m.second, maneuver: m.specialManoeuvre, raim: flag(m.raim), radio: m.radio,
    regional: m.regional, cs: flag(m.unitFlag), display: flag(m.displayFlag), dsc: flag(m.dscFlag), band: flag(m.bandFlag),
    msg22: flag(m.msg22Flag), assigned: flag(m.modeFlag),
    year: m.year, month: m.month ?? m.etaMonth, day: m.day ?? m.etaDay, hour: m.hour ?? m.etaHour, minute: m.minute ?? m.etaMinute,
    epfd: m.epfd, ais_version: m.aisVersion, imo: m.imo, callsign: m.callsign, shipname: m.name, shiptype: m.typeAndCargo,
    ...dimensions(m.dimBow, m.dimStern, m.dimPort, m.dimStarboard),
    draught: scaled(m.draught, 10), destination: m.destination, dte: flag(m.dte), model: m.model, serial: m.serial,
    mothership_mmsi: m.mothershipMMSI, vendorid: m.vendorId,
  };
}

function withStreamDecoder() {
  const AisDecoder = require('ais-stream-decoder').default;
  const decoder = new AisDecoder({ silent: true });
  decoder.on('data', (text) => print(fromStreamDecoder(JSON.parse(text))));
  decoder.on('error', () => {});
  for (const line of lines) decoder.write(line);
}

function fromGgencoder(m) {
  const longRange = m.aistype === 27;
  const knots = m.aistype === 9 || longRange ? 1 : 10;
  const degrees = longRange ? 600 : 600000;
  return {
    type: m.aistype, repeat: m.repeat, mmsi: Number(m.mmsi),
    status: m.navstatus, turn: m.rot, speed: scaled(m.sog, knots), lon: scaled(m.lon, degrees), lat: scaled(m.lat, degrees),
    course: scaled(m.cog, longRange ? 1 : 10), heading: m.hdg, second: m.utc, maneuver: m.smi, alt: m.alt,
    imo: m.imo, callsign: m.callsign, shipname: m.aistype === 21 ? undefined : m.shipname, shiptype: m.cargo,
    aid_type: m.aidtype, name20: m.aistype === 21 ? m.shipname : undefined, off_position: m.offpos, virtual_aid: m.virtual,
    ...dimensions(m.dimA, m.dimB, m.dimC, m.dimD),
    month: m.etaMo, day: m.etaDay, hour: m.etaHr, minute: m.etaMin, draught: scaled(m.draught, 10), destination: m.destination,
    mothership_mmsi: m.mothership === undefined ? undefined : Number(m.mothership), text: m.aistype === 14 ? m.txt : undefined,
  };
}

function withGgencoder() {
  const { AisDecode } = require('ggencoder');
  const session = {};
  for (const line of lines) {
    const message = new AisDecode(line, session);
    if (message.valid) print(fromGgencoder(message));
  }
}

({ 'ais-stream-decoder': withStreamDecoder, ggencoder: withGgencoder })[process.argv[2]]();
