// node scripts/bench-rows.mjs FOLDER OUTPUT: turns Google Benchmark's JSON files into rows of one form, writes them, and prints a table.
//
// A benchmark that has a peer or a goal says so with counters (value, peer_value, ratio, goal_at_least, goal_at_most) and the label
// "<unit>; <peer>". One without is a row by its items per second, or its time. A goal without a peer holds for the value itself. One
// that could not be measured is a row, too, and says why in `missing`.
import { readFileSync, readdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

const [folder, output] = process.argv.slice(2);

const significant = (number) => (number === null ? null : Number(number.toPrecision(5)));

const nameOf = (benchmark) => benchmark.name.replace(/\/iterations:1\/manual_time$/, '');

function toRow(benchmark) {
  if (benchmark.error_occurred) return { name: nameOf(benchmark), value: null, missing: benchmark.error_message };
  const [unit, peer] = (benchmark.label ?? '').split(';').map((part) => part.trim());
  const value = benchmark.value ?? benchmark.items_per_second ?? benchmark.real_time;
  const goal = benchmark.goal_at_least ?? benchmark.goal_at_most ?? null;
  const ratio = benchmark.ratio ?? (benchmark.peer_value ? value / benchmark.peer_value : null);
  const judged = ratio ?? (peer ? null : value);
  const met = goal === null || judged === null ? null : benchmark.goal_at_least !== undefined ? judged >= goal : judged <= goal;
  return {
    name: nameOf(benchmark),
    value: significant(value),
    unit: unit || (benchmark.items_per_second !== undefined ? '1/s' : benchmark.time_unit),
    peer: peer || null,
    peer_value: significant(benchmark.peer_value ?? null),
    ratio: significant(ratio),
    goal: goal === null ? null : `${benchmark.goal_at_least !== undefined ? '>=' : '<='} ${goal}`,
    met,
  };
}

const rows = readdirSync(folder)
  .filter((name) => name.endsWith('.json'))
  .sort()
  .map((name) => readFileSync(join(folder, name), 'utf8'))
  .filter((text) => text !== '')  // a program of which no benchmark was asked for
  .flatMap((text) => JSON.parse(text).benchmarks)
  .filter((benchmark) => benchmark.run_type !== 'aggregate' || benchmark.aggregate_name === 'median')
  .map(toRow);

writeFileSync(output, `${JSON.stringify(rows, null, 1)}\n`);

const text = (value) => (value === null ? '' : String(value));
for (const row of rows) {
  if (row.missing !== undefined) {
    console.log(`${row.name.padEnd(52)} ${'MISSING'.padStart(12)} ${row.missing}`);
    continue;
  }
  const verdict = row.met === null ? '' : row.met ? 'met' : 'NOT MET';
  console.log(
    [row.name.padEnd(52), text(row.value).padStart(12), row.unit.padEnd(12), text(row.ratio).padStart(8), text(row.goal).padEnd(8),
      verdict.padEnd(8), text(row.peer)].join(' ').trimEnd());
}
console.log(`${rows.length} rows in ${output}`);
