// Real TAK clients, @tak-ps/node-tak, one for each node named, as a test of impaired links drives them: each connects with TLS and a
// client certificate, reports a track twice a second, and connects anew when its connection ends or fails, as applications of the
// library do. Prints what happens to each as one JSON object a line, with the time in milliseconds. "close NAME MS" on standard input
// makes one close its connection, and connect anew after so long; the end of standard input ends all.
//   node node-tak-fleet.mjs CERTIFICATE KEY NAME=PORT...
import { readFileSync } from 'node:fs';
import { createInterface } from 'node:readline';
import TAK, { CoT } from '@tak-ps/node-tak';

const [certificate, key, ...nodes] = process.argv.slice(2);
const auth = { cert: readFileSync(certificate, 'utf8'), key: readFileSync(key, 'utf8') };
const time = (offset = 0) => new Date(Date.now() + offset).toISOString();
const say = (client, object) => process.stdout.write(`${JSON.stringify({ client, at: Date.now(), ...object })}\n`);
const kReconnectAfterMs = 250;

const track = (name, step) => new CoT({
  event: {
    _attributes: {
      version: '2.0', uid: `ANDROID-${name}`, type: 'a-f-G-U-C', how: 'm-g',
      time: time(), start: time(), stale: time(60_000),
    },
    point: { _attributes: { lat: 52.5 + step * 0.001, lon: 13.4, hae: 34.0, ce: 5.0, le: 5.0 } },
    detail: { contact: { _attributes: { callsign: `TAK-${name}` } } },
  },
});

console.error = () => {};  // the library's own log of each connection: the lines on standard output say the same

const clients = new Map();

const start = async (name, port) => {
  const tak = await TAK.connect(name, new URL(`ssl://127.0.0.1:${port}`), auth);
  let waiting = false;
  const reopen = (because, afterMs = kReconnectAfterMs) => {
    if (waiting) return;
    waiting = true;
    say(name, { lost: because });
    setTimeout(async () => {
      waiting = false;
      say(name, { connecting: true });
      await tak.reconnect();
    }, afterMs);
  };
  tak.on('secureConnect', () => say(name, { connected: true }));
  tak.on('error', (error) => reopen(error.code ?? error.message));
  tak.on('end', () => reopen('end'));
  tak.on('timeout', () => say(name, { timeout: true }));
  tak.on('ping', () => say(name, { pong: true }));
  tak.on('cot', (cot) => {
    const event = cot.raw.event;
    say(name, { uid: event._attributes.uid, callsign: event.detail?.contact?._attributes?.callsign, latitude: Number(event.point._attributes.lat) });
  });
  let step = 0;
  setInterval(() => tak.client?.writable && tak.write([track(name, step++)]), 500);
  clients.set(name, { tak, reopen });
};

for (const node of nodes) {
  const [name, port] = node.split('=');
  start(name, port);
}

createInterface({ input: process.stdin }).on('line', (line) => {
  const [verb, name, afterMs] = line.split(' ');
  if (verb !== 'close') return;
  const { tak, reopen } = clients.get(name);
  reopen('closed by itself', Number(afterMs));
  tak.client.destroy();
}).on('close', () => process.exit(0));
