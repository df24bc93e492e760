// SPDX-License-Identifier: Apache-2.0
// The independent DIS implementation open-dis, for peers_test.cc. VERSION is 6 or 7 (its two halves share a global, so one process
// loads one).
//   node open_dis.mjs VERSION read FILE   one hexadecimal PDU a line; gives a line of JSON each: {fields, hex}, hex being open-dis's
//                                         own encoding of what it read, or {error}
//   node open_dis.mjs VERSION make        an Entity State that open-dis made, {fields, hex}
// ENTENTE_PEERS_DIR names the folder of node_modules.
import { readFileSync } from "node:fs";
import { createRequire } from "node:module";

const [version, mode, file] = process.argv.slice(2);
const require = createRequire(process.env.ENTENTE_PEERS_DIR + "/package.json");
const dis = require(`open-dis/dist/dis${version}.min.js`);

function encode(pdu) {
  const out = new dis.OutputStream(new ArrayBuffer(9000));
  pdu.encodeToBinary(out);
  return Buffer.from(out.toByteArray()).toString("hex");
}

function read(hex) {
  try {
    const pdu = new dis.PduFactory().createPdu(Uint8Array.from(Buffer.from(hex, "hex")).buffer);
    return { fields: pdu, hex: encode(pdu) };
  } catch (error) {
    return { error: String(error) };
  }
}

// Sets those of the names that this version's class has.
function set(record, values) {
  for (const [name, value] of Object.entries(values)) {
    if (name in record) record[name] = value;
  }
}

function make() {
  const pdu = new dis.EntityStatePdu();
  set(pdu, { exerciseID: 1, timestamp: 0x80000001, forceId: 2, entityAppearance: 0x10, capabilities: 3 });
  set(pdu.entityID, { site: 17, application: 23, entity: 42, siteID: 17, applicationID: 23, entityID: 42 });
  set(pdu.entityType, { entityKind: 1, domain: 2, country: 78, category: 1, subcategory: 3, spec: 4, specific: 4, extra: 5 });
  set(pdu.entityLinearVelocity, { x: 1.5, y: -2.5, z: 3.25 });
  set(pdu.entityLocation, { x: 4079000.5, y: 573300.25, z: 4852000.125 });
  set(pdu.entityOrientation, { psi: 0.5, theta: -0.25, phi: 0.125 });
  set(pdu.marking, { characterSet: 1, characters: [..."OPENDIS\0\0\0\0"].map((c) => c.charCodeAt(0)) });
  const length = encode(pdu).length / 2;
  set(pdu, { length, pduLength: length });
  return { fields: pdu, hex: encode(pdu) };
}

const results = mode === "make" ? [make()] : readFileSync(file, "utf8").split("\n").filter(Boolean).map(read);
for (const result of results) console.log(JSON.stringify(result));
