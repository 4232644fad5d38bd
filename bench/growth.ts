import { compare, cpuClock } from './measure';
import type { Row } from './row';
import { appOfCharts, appOfShops } from './system';

/** What ten times the services cost. Ten times the time would be ideal. */
export function growth(options: { checks: boolean }): Row {
  return {
    what: `synth of 2,000 versioned services ÷ 200, checks ${options.checks ? 'on' : 'off'}`,
    bar: 11,
    result: compare(
      () => appOfShops(2000, options).synthYaml(),
      () => appOfShops(200, options).synthYaml(),
      { clock: cpuClock, warmUp: 1, rounds: 3 },
    ),
  };
}

/** What the checks cost where each service has a chart of its own. Much more than in one chart would mean that each looks at all. */
export function manyCharts(): Row {
  return {
    what: 'synth of 100 charts, each a versioned service, checks on ÷ off',
    bar: 2,
    result: compare(
      () => appOfCharts(100, { checks: true }).synthYaml(),
      () => appOfCharts(100, { checks: false }).synthYaml(),
      { clock: cpuClock, warmUp: 2, rounds: 5 },
    ),
  };
}
