// SPDX-License-Identifier: Apache-2.0
#include "broker/record/schema.h"

namespace entente::record {

const char* const kTables = R"sql(
CREATE TABLE run(exercise TEXT, seed TEXT, version TEXT, simulated INTEGER, started_ns INTEGER, file_sha256 TEXT,
                 ended_ns INTEGER, end_reason TEXT);
CREATE TABLE progress(frame INTEGER, event INTEGER, events INTEGER);
CREATE TABLE exercise_states(at_ns INTEGER, state TEXT, reason TEXT);
CREATE TABLE commands(at_ns INTEGER, identity TEXT, peer TEXT, command TEXT, text TEXT, refused TEXT);
CREATE TABLE injects(at_ns INTEGER, inject TEXT, node TEXT, text TEXT);
CREATE TABLE process_faults(at_ns INTEGER, component TEXT, text TEXT);
CREATE TABLE node_states(at_ns INTEGER, node TEXT, state TEXT, reason TEXT, side TEXT, endpoint TEXT, form TEXT);
CREATE TABLE attachments(at_ns INTEGER, node TEXT, attached INTEGER, incarnation TEXT, resumed INTEGER, reason TEXT,
                         broker TEXT, identity TEXT, peer TEXT);
CREATE TABLE refused_peers(at_ns INTEGER, peer TEXT, identity TEXT, node TEXT, reason TEXT);
CREATE TABLE brokers(at_ns INTEGER, broker TEXT, resumed INTEGER);
CREATE TABLE clocks(at_ns INTEGER, node TEXT, offset_ns INTEGER, error_ns INTEGER);
CREATE TABLE identities(at_ns INTEGER, object TEXT, scheme TEXT, native TEXT, collision INTEGER);

CREATE TABLE composed(id INTEGER PRIMARY KEY, at_ns INTEGER, node TEXT, family TEXT, object TEXT, precedence TEXT, label TEXT,
                      outcome TEXT, reason TEXT, message TEXT, refused_unit INTEGER);
CREATE INDEX composed_message ON composed(message);
CREATE TABLE messages(id TEXT PRIMARY KEY, origin TEXT, precedence TEXT, sequence INTEGER, family TEXT, object TEXT, label TEXT,
                      ingested_ns INTEGER, accepted_ns INTEGER, stale_ns INTEGER, refused_ns INTEGER, refusal TEXT,
                      routed_ns INTEGER) WITHOUT ROWID;
CREATE TABLE deliveries(message TEXT, node TEXT, released INTEGER, withheld TEXT, delivery INTEGER,
                        dropped_ns INTEGER, dropped TEXT,
                        egressed_ns INTEGER, outcome TEXT, reason TEXT, form TEXT, first_unit INTEGER,
                        understood_ns INTEGER, evidence TEXT, refused_unit INTEGER,
                        PRIMARY KEY(message, node)) WITHOUT ROWID;

CREATE TABLE units(id INTEGER PRIMARY KEY, at_ns INTEGER, node TEXT, direction TEXT, side TEXT, number INTEGER, hash TEXT,
                   octets BLOB, role TEXT, native_type TEXT,
                   code TEXT, octet INTEGER, field TEXT, clause TEXT, text TEXT,
                   messages INTEGER NOT NULL DEFAULT 0, related INTEGER NOT NULL DEFAULT 0);
CREATE INDEX units_hash ON units(hash, node, direction);
-- Partial, so that finding one unit never walks over all that had the same octets.
CREATE INDEX units_refused ON units(hash, node, direction, related) WHERE code IS NOT NULL;
CREATE INDEX units_taken ON units(hash, node, direction, messages) WHERE code IS NULL;
-- Who carries what: the unit hashes that each event named, in order, and what they were found to belong to.
CREATE TABLE composed_units(id INTEGER PRIMARY KEY, composed INTEGER, node TEXT, hash TEXT, intact_hash TEXT,
                            related INTEGER NOT NULL DEFAULT 0);
CREATE INDEX composed_units_composed ON composed_units(composed);
CREATE INDEX composed_units_hash ON composed_units(hash, node, related);
CREATE TABLE message_units(id INTEGER PRIMARY KEY, message TEXT, node TEXT, direction TEXT, hash TEXT, intact_hash TEXT,
                           octets BLOB, related INTEGER NOT NULL DEFAULT 0);
CREATE INDEX message_units_hash ON message_units(hash, node, direction, related);
CREATE INDEX message_units_message ON message_units(message);
CREATE TABLE understood(id INTEGER PRIMARY KEY, at_ns INTEGER, node TEXT, family TEXT, object TEXT, evidence TEXT, message TEXT);
CREATE TABLE understood_units(id INTEGER PRIMARY KEY, understood INTEGER, node TEXT, hash TEXT, related INTEGER NOT NULL DEFAULT 0);
CREATE INDEX understood_units_understood ON understood_units(understood);
CREATE INDEX understood_units_hash ON understood_units(hash, node, related);

CREATE TABLE findings(at_ns INTEGER, node TEXT, side TEXT, message TEXT, understood INTEGER, severity TEXT, octet INTEGER,
                      field TEXT, clause TEXT, text TEXT);
CREATE TABLE ledger(step TEXT, node TEXT, message TEXT, composed INTEGER, field TEXT, outcome TEXT, error REAL, rule TEXT);
CREATE INDEX ledger_message ON ledger(message);
CREATE TABLE acknowledgements(at_ns INTEGER, node TEXT, precedence TEXT, delivery INTEGER);

CREATE TABLE faults(fault TEXT, target TEXT, kind TEXT, parameters TEXT, started_ns INTEGER, lease_ends_ns INTEGER,
                    ended_ns INTEGER, end_reason TEXT, probe TEXT);
CREATE TABLE link_decisions(at_ns INTEGER, link TEXT, direction TEXT, rule TEXT, unit INTEGER, decision TEXT, delay_ns INTEGER,
                            octets INTEGER);
CREATE TABLE link_probes(at_ns INTEGER, link TEXT, fault TEXT, restored INTEGER, found TEXT, round_trip_ns INTEGER,
  expected_ns INTEGER);
CREATE INDEX link_decisions_link ON link_decisions(link, direction, at_ns);
CREATE TABLE message_impairments(at_ns INTEGER, node TEXT, direction TEXT, message TEXT, rule TEXT, unit INTEGER, decision TEXT,
                                 delay_ns INTEGER);
CREATE TABLE damages(id INTEGER PRIMARY KEY, at_ns INTEGER, node TEXT, direction TEXT, rule TEXT, clause TEXT, hash TEXT,
                     damaged_hash TEXT, octets BLOB, fault TEXT, expected TEXT, related INTEGER NOT NULL DEFAULT 0);
CREATE INDEX damages_hash ON damages(hash, node, direction, related);
CREATE INDEX damages_damaged ON damages(damaged_hash, node, direction);
)sql";

// Between composing and understanding: the furthest that each message came, towards each recipient, and why no further.
const char* const kViews = R"sql(
CREATE VIEW refusals AS
SELECT id AS unit, at_ns, node, side, hash,
       coalesce((SELECT 'damaged on purpose (' || d.rule || '): ' FROM damages d
                 WHERE d.damaged_hash = u.hash AND d.node = u.node AND d.direction = u.direction LIMIT 1), '')
       || code || ' at octet ' || octet || CASE field WHEN '' THEN '' ELSE ', ' || field END
       || CASE clause WHEN '' THEN '' ELSE ' (' || clause || ')' END || CASE text WHEN '' THEN '' ELSE ': ' || text END AS reason
FROM units u WHERE code IS NOT NULL;

CREATE VIEW not_ingested AS
SELECT c.id, c.at_ns, c.node, c.family, c.object, c.precedence, c.label,
       CASE WHEN c.outcome <> 'sent' THEN 'not sent'
            WHEN c.refused_unit IS NOT NULL THEN 'refused by the gateway'
            WHEN EXISTS (SELECT 1 FROM composed_units cu JOIN units u ON u.hash = cu.hash AND u.node = cu.node
                           AND u.direction = 'to gateway' WHERE cu.composed = c.id AND u.role = 'refreshes') THEN 'taken as a refresh'
            WHEN EXISTS (SELECT 1 FROM composed_units cu JOIN units u ON u.hash = cu.hash AND u.node = cu.node
                           AND u.direction = 'to gateway' WHERE cu.composed = c.id AND u.messages = 0 AND u.code IS NULL)
              THEN 'no message made of it'
            ELSE 'lost on the link' END AS fate,
       CASE WHEN c.outcome <> 'sent' THEN c.outcome || CASE c.reason WHEN '' THEN '' ELSE ': ' || c.reason END
            WHEN c.refused_unit IS NOT NULL THEN (SELECT r.reason FROM refusals r WHERE r.unit = c.refused_unit)
            ELSE coalesce((SELECT 'near in time: ' || l.decision || ' by ' || l.rule FROM link_decisions l
                           WHERE l.link = c.node AND l.direction = 'to gateway' AND l.decision <> 'delayed'
                             AND l.at_ns BETWEEN c.at_ns AND c.at_ns + 1000000000 ORDER BY l.at_ns LIMIT 1), '') END AS reason
FROM composed c WHERE c.message IS NULL;

CREATE VIEW not_routed AS
SELECT m.id, CASE WHEN m.refused_ns IS NOT NULL AND m.accepted_ns IS NULL THEN 'refused by the broker'
                  WHEN m.accepted_ns IS NULL THEN 'lost on the backbone'
                  WHEN m.routed_ns IS NULL THEN 'not routed'
                  ELSE 'no recipient' END AS fate,
       CASE WHEN m.refused_ns IS NOT NULL AND m.accepted_ns IS NULL THEN m.refusal
            WHEN m.accepted_ns IS NULL THEN 'the gateway read it; the broker has not seen it'
            WHEN m.routed_ns IS NULL THEN 'the broker has it and decided nothing yet'
            ELSE 'nobody subscribed to it' END AS reason
FROM messages m WHERE NOT EXISTS (SELECT 1 FROM deliveries d WHERE d.message = m.id);

CREATE VIEW delivery_fate AS
SELECT d.message, d.node AS recipient,
       CASE WHEN d.released = 0 AND (d.understood_ns IS NOT NULL OR d.outcome = 'sent') THEN 'LEAKED'
            WHEN d.understood_ns IS NOT NULL THEN 'understood'
            WHEN d.released = 0 THEN 'withheld'
            WHEN d.refused_unit IS NOT NULL THEN 'refused by the node'
            WHEN d.outcome = 'sent' THEN 'sent, not understood'
            WHEN d.outcome = 'unsupported' THEN 'not sayable'
            WHEN d.outcome IS NOT NULL THEN d.outcome
            WHEN d.dropped_ns IS NOT NULL THEN 'dropped'
            ELSE 'not delivered' END AS fate,
       CASE WHEN d.released = 0 THEN d.withheld
            WHEN d.understood_ns IS NOT NULL THEN d.evidence
            WHEN d.refused_unit IS NOT NULL THEN (SELECT r.reason FROM refusals r WHERE r.unit = d.refused_unit)
            WHEN d.outcome = 'sent' THEN
              coalesce((SELECT 'near in time: ' || l.decision || ' by ' || l.rule FROM link_decisions l
                        WHERE l.link = d.node AND l.direction = 'to node' AND l.decision <> 'delayed'
                          AND l.at_ns BETWEEN d.egressed_ns AND d.egressed_ns + 1000000000 ORDER BY l.at_ns LIMIT 1),
                       'no sign of it from the node')
            WHEN d.outcome IS NOT NULL THEN d.reason
            WHEN d.dropped_ns IS NOT NULL THEN d.dropped
            ELSE 'released; the gateway has not sent it' END AS reason,
       d.understood_ns
FROM deliveries d;

CREATE VIEW message_fate AS
SELECT NULL AS message, family, object, node AS origin, NULL AS recipient, fate, reason, precedence, label, at_ns,
       NULL AS understood_ns, id AS composed
FROM not_ingested
UNION ALL
SELECT m.id, m.family, m.object, m.origin, n.recipient, n.fate, n.reason, m.precedence, m.label,
       coalesce(c.at_ns, m.ingested_ns, m.accepted_ns, m.refused_ns), n.understood_ns, c.id
FROM (SELECT id AS message, NULL AS recipient, fate, reason, NULL AS understood_ns FROM not_routed
      UNION ALL SELECT message, recipient, fate, reason, understood_ns FROM delivery_fate) n
JOIN messages m ON m.id = n.message
LEFT JOIN composed c ON c.message = m.id;

CREATE VIEW fates AS
SELECT origin, recipient, family, fate, reason, count(*) AS messages FROM message_fate
GROUP BY origin, recipient, family, fate, reason ORDER BY messages DESC;

CREATE VIEW timeline AS
SELECT strftime('%H:%M:%f', at_ns / 1000000000.0, 'unixepoch') AS utc, what, who, detail FROM (
  SELECT at_ns, 'exercise' AS what, '' AS who, state || CASE reason WHEN '' THEN '' ELSE ': ' || reason END AS detail FROM exercise_states
  UNION ALL SELECT at_ns, 'node', node, state || ' (' || side || ')' || CASE reason WHEN '' THEN '' ELSE ': ' || reason END FROM node_states
  UNION ALL SELECT at_ns, 'inject', node, inject || ': ' || text FROM injects
  UNION ALL SELECT at_ns, 'command', CASE identity WHEN '' THEN peer ELSE identity END,
    command || ' ' || text || CASE refused WHEN '' THEN '' ELSE ' (not carried out: ' || refused || ')' END FROM commands
  UNION ALL SELECT at_ns, 'our fault', component, text FROM process_faults
  UNION ALL SELECT started_ns, 'fault begins', target, fault || ': ' || kind || ' ' || parameters FROM faults
  UNION ALL SELECT ended_ns, 'fault ends', target, fault || ': ' || end_reason FROM faults WHERE ended_ns IS NOT NULL)
ORDER BY at_ns;
)sql";

}  // namespace entente::record
