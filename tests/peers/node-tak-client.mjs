// A real TAK client, @tak-ps/node-tak, as a test drives it: connects with TLS and a client certificate, reports a track every second
// and says one chat message, prints what it receives as one JSON object a line, and ends when its standard input ends.
//   node node-tak-client.mjs PORT CERTIFICATE KEY
import { readFileSync } from 'node:fs';
import { createInterface } from 'node:readline';
import { once } from 'node:events';
import TAK, { CoT } from '@tak-ps/node-tak';

const [port, certificate, key] = process.argv.slice(2);
const say = (object) => process.stdout.write(`${JSON.stringify(object)}\n`);

const time = (offset = 0) => new Date(Date.now() + offset).toISOString();

const track = (step) => new CoT({
  event: {
    _attributes: {
      version: '2.0', uid: 'ANDROID-node-tak', type: 'a-f-G-U-C', how: 'm-g',
      time: time(), start: time(), stale: time(60_000),
    },
    point: { _attributes: { lat: 52.5 + step * 0.001, lon: 13.4, hae: 34.0, ce: 5.0, le: 5.0 } },
    detail: {
      contact: { _attributes: { callsign: 'NODETAK' } },
      track: { _attributes: { course: '90.0', speed: '1.5' } },
    },
  },
});

const chat = (text) => new CoT(
  `<event version="2.0" uid="GeoChat.ANDROID-node-tak.All Chat Rooms.1" type="b-t-f" how="h-g-i-g-o" time="${time()}" ` +
  `start="${time()}" stale="${time(60_000)}"><point lat="52.5" lon="13.4" hae="34.0" ce="5.0" le="5.0"/><detail>` +
  `<__chat id="All Chat Rooms" chatroom="All Chat Rooms" senderCallsign="NODETAK" parent="RootContactGroup" groupOwner="false" ` +
  `messageId="node-tak-1"><chatgrp id="All Chat Rooms" uid0="ANDROID-node-tak" uid1="All Chat Rooms"/></__chat>` +
  `<link uid="ANDROID-node-tak" type="a-f-G-U-C" relation="p-p"/><remarks source="BAO.F.ATAK.ANDROID-node-tak" ` +
  `to="All Chat Rooms" time="${time()}">${text}</remarks></detail></event>`);

const tak = await TAK.connect('entente-test', new URL(`ssl://127.0.0.1:${port}`), {
  cert: readFileSync(certificate, 'utf8'),
  key: readFileSync(key, 'utf8'),
});
tak.on('error', (error) => say({ error: error.message }));
tak.on('end', () => say({ ended: true }));
tak.on('ping', () => say({ pong: true }));
tak.on('cot', (cot) => {
  const event = cot.raw.event;
  say({
    type: event._attributes.type,
    uid: event._attributes.uid,
    callsign: event.detail?.contact?._attributes?.callsign,
    latitude: Number(event.point._attributes.lat),
    remarks: event.detail?.remarks?._text,
  });
});
await once(tak, 'secureConnect');
say({ connected: true });

let step = 0;
const reports = setInterval(() => tak.write([track(step++)]), 1000);
setTimeout(() => tak.write([chat('Guten Tag von node-tak')]), 1500);

createInterface({ input: process.stdin }).on('close', () => {
  clearInterval(reports);
  tak.destroy();
  process.exit(0);
});
