import { existsSync, readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { Chart, Testing, Yaml } from 'cdk8s';
import { HeaderMatch, HeaderRoutedMesh, VersionedService } from 'cdk8s-versioned-mesh';
import { frontend } from '../../docs/snippets/flask-like-app';
import { routes } from '../../docs/snippets/header-routed-mesh';
import { ApisChart } from '../../docs/snippets/two-versions';
import { reviews } from '../../docs/snippets/versioned-service';
import { documents, withFreshBlocks } from '../../scripts/docs';
import { expectValid } from '../support/valid';

const ROOT = join(__dirname, '../..');

describe('the documentation', () => {
  test.each(documents())('%s shows the files that it says it shows (npm run docs)', (document) => {
    expect(readFileSync(join(ROOT, document), 'utf8')).toBe(withFreshBlocks(document));
  });

  test.each(documents())('%s links to files that exist', (document) => {
    const text = readFileSync(join(ROOT, document), 'utf8').replace(/```[\s\S]*?```/g, '');
    const links = [...text.matchAll(/\]\((?!https?:)([^)#]+)/g)].map(([, target]) => target);
    expect(links.filter((target) => !existsSync(join(ROOT, dirname(document), target)))).toEqual([]);
  });

  test('the first example routes as the README shows', () => {
    const manifests = Testing.synth(new ApisChart(Testing.app(), 'apis'));
    expectValid(manifests);
    const virtualService = manifests.find(({ kind }) => kind === 'VirtualService');
    expect(Yaml.stringify(virtualService)).toBe(read('two-versions.virtual-service.yaml'));
  });

  test('the snippets on the three constructs make valid manifests', () => {
    const chart = new Chart(Testing.app(), 'snippets');
    frontend(chart);
    reviews(chart);
    routes(chart, versioned(chart, 'shop'), versioned(chart, 'ratings'));
    expectValid(Testing.synth(chart));
  });

  test('the refusals read as the README shows', () => {
    const chart = new Chart(Testing.app(), 'apis');
    const apis = new VersionedService(chart, 'apis');
    const v1 = apis.addVersion('v1', { image: 'ghcr.io/acme/apis:1.4.0' });
    const mesh = (hosts: string[]) =>
      new HeaderRoutedMesh(chart, 'ingress', { hosts, service: apis, defaultVersion: v1 });
    const refusals = [
      () => HeaderMatch.regex('user-agent', '^(?!.*Edg).*Chrome'),
      () => HeaderMatch.regex('user-agent', 'Chrome'),
      () => apis.addVersion('v1.4+build', { image: 'ghcr.io/acme/apis:1.4.0' }),
      () => apis.version('v2'),
      () => mesh(['https://apis.example.com/']),
    ];
    expect(`${refusals.map(messageOf).join('\n\n')}\n`).toBe(read('refusals.txt'));
  });
});

function read(file: string): string {
  return readFileSync(join(__dirname, file), 'utf8');
}

function versioned(chart: Chart, id: string): VersionedService {
  const service = new VersionedService(chart, id);
  for (const version of ['v1', 'v2']) {
    service.addVersion(version, { image: `ghcr.io/acme/${id}:${version}` });
  }
  return service;
}

function messageOf(refused: () => unknown): string {
  try {
    refused();
  } catch (error) {
    return (error as Error).message;
  }
  throw new Error('was not refused');
}
