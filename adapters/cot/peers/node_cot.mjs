// SPDX-License-Identifier: Apache-2.0
// Reads and writes events with node-cot, for peers_test.cc. One line per file; "refused: ..." where it does not take the event.
//
//   node node_cot.mjs read FILE...        one line of tab-separated values per file; .xml and .bin (mesh header)
//   node node_cot.mjs rewrite FILE...     each .xml read and written again beside it: .peer.xml, and .peer.bin with a mesh header,
//                                         which node-cot leaves to its caller
import { readFileSync, writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { pathToFileURL } from 'node:url';

const require = createRequire(process.env.ENTENTE_PEERS_DIR + '/package.json');
const { default: CoT } = await import(pathToFileURL(require.resolve('@tak-ps/node-cot')).href);

const header = Buffer.from([0xbf, 0x01, 0xbf]);

function load(file) {
  const octets = readFileSync(file);
  return file.endsWith('.bin') ? CoT.from_proto(octets.subarray(header.length)) : new CoT(octets);
}

function values(cot) {
  const { _attributes: head, point, detail } = cot.raw.event;
  const remarks = Array.isArray(detail.remarks) ? detail.remarks[0] : detail.remarks;
  const text = (value) => String(value ?? '').replaceAll(/[\t\n\r]/g, ' ');
  return [head.uid, head.type, head.how, Date.parse(head.time), Date.parse(head.start), Date.parse(head.stale), point._attributes.lat,
    point._attributes.lon, point._attributes.hae, point._attributes.ce, point._attributes.le, detail.contact?._attributes?.callsign,
    detail.track?._attributes?.course, detail.track?._attributes?.speed, remarks?._text, head.access, head.qos, head.opex].map(text);
}

const [mode, ...files] = process.argv.slice(2);
for (const file of files) {
  try {
    const cot = load(file);
    if (mode === 'read') {
      console.log(values(cot).join('\t'));
    } else {
      const stem = file.slice(0, file.lastIndexOf('.'));
      writeFileSync(stem + '.peer.bin', Buffer.concat([header, cot.to_proto()]));
      writeFileSync(stem + '.peer.xml', cot.to_xml());
      console.log('written');
    }
  } catch (error) {
    console.log('refused: ' + error.message);
  }
}
