/*
 * The pages of the guide that show a task: each snippet makes what a cluster takes and no check complains about, and the YAML that
 * is shown is what it makes (`UPDATE_DOCS=1` writes it). What a snippet does is said by the tests beside it, which the pages show, too.
 */
import { readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { type App, Chart, Testing, Yaml } from 'cdk8s';
import type { Construct } from 'constructs';
import 'cdk8s-versioned-mesh/jest';
import { AdoptingChart } from '../../docs/snippets/guide/adopt';
import { ArgoRolloutChart } from '../../docs/snippets/guide/argo-rollout';
import { CanaryChart } from '../../docs/snippets/guide/canary';
import { ledger } from '../../docs/snippets/guide/destination-tls';
import { TenantChart } from '../../docs/snippets/guide/existing-gateway';
import { HelmByServiceChart } from '../../docs/snippets/guide/helm-by-service';
import { HelmBySubsetChart } from '../../docs/snippets/guide/helm-by-subset';
import { LaneChart } from '../../docs/snippets/guide/lane';
import { matches } from '../../docs/snippets/guide/matches';
import { shadow } from '../../docs/snippets/guide/mirror';
import { LookChart } from '../../docs/snippets/guide/platform-look';
import { rollout } from '../../docs/snippets/guide/rollout';
import { routes } from '../../docs/snippets/guide/route-options';
import { EdgeChart } from '../../docs/snippets/guide/shared-gateway';
import { StrictChart } from '../../docs/snippets/guide/strict';
import { search } from '../../docs/snippets/guide/traffic-policy';
import { versioned } from '../../docs/snippets/guide/versioned';
import { expectValid } from '../support/valid';

const DOCS = join(__dirname, '../../docs');
const SNIPPETS = join(DOCS, 'snippets/guide');

/** By the name of the snippet's file, without '.ts'. */
const CHARTS: { readonly [name: string]: (app: App) => Chart | Chart[] } = {
  adopt: (app) => new AdoptingChart(app, 'apis'),
  'argo-rollout': (app) => new ArgoRolloutChart(app, 'apis'),
  canary: (app) => new CanaryChart(app, 'apis', 10),
  'destination-tls': within(ledger),
  'existing-gateway': (app) => new TenantChart(app, 'apis'),
  'helm-by-service': (app) => new HelmByServiceChart(app, 'apis'),
  'helm-by-subset': (app) => new HelmBySubsetChart(app, 'apis'),
  lane: (app) => new LaneChart(app, 'shop'),
  matches: within((chart) => matches(chart, versioned(chart, 'apis'))),
  mirror: within((chart) => shadow(chart, versioned(chart, 'apis'))),
  'platform-look': (app) => new LookChart(app, 'look'),
  rollout,
  'route-options': within((chart) => routes(chart, versioned(chart, 'apis'))),
  'shared-gateway': (app) => new EdgeChart(app, 'shop'),
  strict: (app) => new StrictChart(app, 'shop'),
  'traffic-policy': within(search),
};

test('every snippet of the guide is here, and a page shows it', () => {
  const files = readdirSync(SNIPPETS);
  const shown = readdirSync(DOCS)
    .filter((name) => name.endsWith('.md'))
    .flatMap((name) => [
      ...readFileSync(join(DOCS, name), 'utf8').matchAll(/^<!-- docs\/snippets\/guide\/(\S+) -->$/gm),
    ])
    .map(([, file]) => file);
  expect([...new Set(shown)].sort()).toEqual(files.filter((file) => file !== 'versioned.ts').sort());
  expect(Object.keys(CHARTS).map((name) => `${name}.ts`)).toEqual(
    files.filter((file) => /(?<!\.test)\.ts$/.test(file) && file !== 'versioned.ts').sort(),
  );
});

describe.each(Object.keys(CHARTS))('%s', (name) => {
  const charts = [CHARTS[name](Testing.app())].flat();

  test('makes valid manifests', () => {
    for (const chart of charts) {
      // There is no schema of Argo's kinds here.
      expectValid(Testing.synth(chart).filter(({ kind }) => kind !== 'Rollout'));
    }
  });

  test('has no finding', () => {
    for (const chart of charts) {
      expect(chart).toHaveNoMeshFindings();
    }
  });
});

test.each<[string, RegExp]>([
  ['argo-rollout', /^VirtualService/],
  ['shared-gateway', /^Gateway/],
  ['strict', /^(AuthorizationPolicy|PeerAuthentication|NetworkPolicy) reviews/],
  ['traffic-policy', /^DestinationRule/],
])('%s makes what is shown', (name, shown) => {
  const manifests = [CHARTS[name](Testing.app())].flat().flatMap((chart) => Testing.synth(chart));
  const file = join(__dirname, `${name}.yaml`);
  const made = Yaml.stringify(...manifests.filter(({ kind, metadata }) => shown.test(`${kind} ${metadata.name}`)));
  if (process.env.UPDATE_DOCS) {
    writeFileSync(file, made);
  }
  expect(readFileSync(file, 'utf8')).toBe(made);
});

/** A chart of its own around what a function makes. */
function within(make: (chart: Chart) => Construct): (app: App) => Chart {
  return (app) => {
    const chart = new Chart(app, 'chart', { namespace: 'apis' });
    make(chart);
    return chart;
  };
}
