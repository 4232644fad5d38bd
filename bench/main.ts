/*
 * The numbers that the library is held to: ratios of two times taken in one run on one machine, and one rate. Nothing here fails:
 * what misses its bar is marked MISS, and is for a person to look into.
 *
 * The library is run as it is shipped, compiled: bench/tsconfig.json leaves out the path that leads to its source elsewhere.
 */
import { checksCost } from './checks';
import { growth, manyCharts, platformUnderCharts } from './growth';
import { routeDecisions, routeGrowth } from './route';
import { HEADER, line, type Row } from './row';
import { libraryLoad, routeStart } from './start';
import { synthCommand } from './synth-command';
import { overPlus, overRaw } from './synth-cost';

const BENCHES: readonly (() => Row)[] = [
  () => overPlus(),
  () => overRaw({ checks: false }),
  () => overRaw({ checks: true }),
  () => growth({ checks: false }),
  () => growth({ checks: true }),
  () => manyCharts(),
  () => platformUnderCharts(),
  () => synthCommand(),
  () => routeDecisions('gateway'),
  () => routeDecisions('mesh'),
  () => routeGrowth('gateway'),
  () => routeGrowth('mesh'),
  () => checksCost(1, 1.6),
  () => checksCost(1_000, 0.8),
  () => checksCost(10_000, 0.5),
  () => routeStart(),
  () => libraryLoad(),
];

console.log(`node ${process.version}, ${process.platform} ${process.arch}`);
console.log(HEADER);
for (const bench of BENCHES) {
  console.log(line(bench()));
}
