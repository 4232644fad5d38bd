import { compare, cpuClock } from './measure';
import type { Row } from './row';
import { appOfShops } from './system';

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
