import { existsSync } from 'node:fs';
import { join } from 'node:path';
import type { App } from 'cdk8s';
import { IstioCharts, IstioPlatform } from 'cdk8s-versioned-mesh';
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

const CACHE = join(__dirname, '../conformance/.cache');

/** What it costs that Istio's file comes before those of many charts, with the reading of what Helm renders. */
export function platformUnderCharts(): Row {
  const row = {
    what: "synth of 100 charts, each a versioned service, with Istio's platform made last ÷ without",
    bar: 1.5,
  };
  if (!existsSync(join(CACHE, 'helm')) || !existsSync(join(CACHE, 'charts'))) {
    return { ...row, result: { skipped: 'Helm and the charts are not in conformance/.cache' } };
  }
  return {
    ...row,
    result: compare(
      () => withPlatform(appOfCharts(100, { checks: false })).synthYaml(),
      () => appOfCharts(100, { checks: false }).synthYaml(),
      { clock: cpuClock, warmUp: 2, rounds: 5 },
    ),
  };
}

function withPlatform(app: App): App {
  new IstioPlatform(app, 'istio', {
    charts: IstioCharts.directory(join(CACHE, 'charts')),
    helm: join(CACHE, 'helm'),
    hub: 'registry.istio.io/release',
    tag: '1.31.0',
  });
  return app;
}
