// SPDX-License-Identifier: Apache-2.0
// What decoders of other make say to right and malformed units. Standard input: one JSON object a line, {peer, right, damaged}, both
// units in hexadecimal. Standard output: a line each, "refused", "accepted", or "-" where the peer does not take the right unit
// either, or has no part in what was broken. ENTENTE_PEERS_DIR names the folder of node_modules; the first argument is the DIS
// version whose half of open-dis is loaded (its two halves share a global).
import { createRequire } from 'node:module';
import { readFileSync } from 'node:fs';
import { pathToFileURL } from 'node:url';

const require = createRequire(process.env.ENTENTE_PEERS_DIR + '/package.json');
const version = process.argv[2] ?? '7';

const loaded = new Map();
async function once(name, load) {
  if (!loaded.has(name)) loaded.set(name, await load());
  return loaded.get(name);
}

const isMesh = (unit) => unit[0] === 0xbf && unit[1] === 1 && unit[2] === 0xbf;

// The message behind a TAK v1 header; undefined where the header is broken, which node-cot leaves to its caller.
function takMessage(unit) {
  if (unit[0] !== 0xbf) return undefined;
  if (isMesh(unit)) return unit.subarray(3);
  let length = 0n;
  let at = 1;
  for (let shift = 0n; at <= 10 && at < unit.length; shift += 7n) {
    const octet = unit[at++];
    length |= BigInt(octet & 0x7f) << shift;
    if (octet < 0x80) return length === BigInt(unit.length - at) ? unit.subarray(at) : undefined;
  }
  return undefined;
}

async function nodeCot(unit, right) {
  const { default: CoT } = await once('node-cot', async () => import(pathToFileURL(require.resolve('@tak-ps/node-cot')).href));
  if (right[0] !== 0xbf) return void new CoT(unit);
  const message = isMesh(unit) === isMesh(right) ? takMessage(unit) : undefined;
  if (message === undefined) return '-';
  CoT.from_proto(message);
}

async function openDis(unit) {
  const dis = await once('open-dis', async () => require(`open-dis/dist/dis${version}.min.js`));
  if (!new dis.PduFactory().createPdu(Uint8Array.from(unit).buffer)) throw new Error('nothing was read');
}

async function streamDecoder(unit) {
  const AisDecoder = (await once('ais-stream-decoder', async () => require('ais-stream-decoder'))).default;
  const decoder = new AisDecoder({ silent: true });
  let messages = 0;
  decoder.on('data', () => ++messages);
  decoder.on('error', () => {});
  for (const line of lines(unit)) decoder.write(line);
  await new Promise((resolve) => setImmediate(resolve));
  if (messages === 0) throw new Error('nothing was read');
}

async function ggencoder(unit) {
  const { AisDecode } = await once('ggencoder', async () => require('ggencoder'));
  const session = {};
  if (!lines(unit).some((line) => new AisDecode(line, session).valid)) throw new Error('nothing was read');
}

function lines(unit) {
  return unit.toString('latin1').split('\n').map((line) => line.trim()).filter((line) => line.length > 0);
}

const peers = { 'node-cot': nodeCot, 'open-dis': openDis, 'ais-stream-decoder': streamDecoder, ggencoder };

async function opinion(peer, unit, right) {
  try {
    return (await peers[peer](unit, right)) ?? 'accepted';
  } catch {
    return 'refused';
  }
}

for (const text of readFileSync(0, 'utf8').split('\n').filter(Boolean)) {
  const { peer, right, damaged } = JSON.parse(text);
  const [before, after] = [Buffer.from(right, 'hex'), Buffer.from(damaged, 'hex')];
  const takesRight = (await opinion(peer, before, before)) === 'accepted';
  console.log(takesRight ? await opinion(peer, after, before) : '-');
}
