import { existsSync, readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { Chart, Testing, Yaml } from 'cdk8s';
import { HeaderMatch, HeaderRoutedMesh, VersionedService } from 'cdk8s-versioned-mesh';
import { SNIPPETS } from '../../docs/snippets/synth';
import { ApisChart } from '../../docs/snippets/two-versions';
import { documents, withFreshBlocks } from '../../scripts/docs';
import { relativeLinks } from '../../scripts/packed';
import { expectValid } from '../support/valid';

const ROOT = join(__dirname, '../..');
// The package lacks some files, and its pages link to them here.
const IN_REPOSITORY = /https:\/\/github\.com\/cdk8s-versioned-mesh\/cdk8s-versioned-mesh\/blob\/main\/([^)#\s]+)/g;

describe('the documentation', () => {
  test.each(documents())('%s shows the files that it says it shows (npm run docs)', (document) => {
    expect(readFileSync(join(ROOT, document), 'utf8')).toBe(withFreshBlocks(document));
  });

  test.each(documents())('%s links to files that exist', (document) => {
    const text = readFileSync(join(ROOT, document), 'utf8');
    const inRepository = [...text.matchAll(IN_REPOSITORY)].map(([, target]) => join(ROOT, target));
    const links = relativeLinks(text).map((target) => join(ROOT, dirname(document), target));
    expect([...links, ...inRepository].filter((file) => !existsSync(file))).toEqual([]);
  });

  test('the first example routes as the README shows', () => {
    const manifests = Testing.synth(new ApisChart(Testing.app(), 'apis'));
    expectValid(manifests);
    const virtualService = manifests.find(({ kind }) => kind === 'VirtualService');
    expect(Yaml.stringify(virtualService)).toBe(read('two-versions.virtual-service.yaml'));
  });

  test.each(Object.entries(SNIPPETS))('the snippet %s makes valid manifests', (name, make) => {
    const app = Testing.app();
    make(app, name);
    expectValid(Testing.synth(app.charts[0]));
  });

  // What the two languages make is compared in .ci/run.
  test('every snippet of the README that makes objects has a twin in Python', () => {
    const snippets = shownIn('README.md').filter((file) => /(?<!\.test)\.ts$/.test(file));
    expect(Object.keys(SNIPPETS).map((name) => `docs/snippets/${name}.ts`)).toEqual(snippets);
    const twins = snippets.map((file) => file.replaceAll('-', '_').replace(/ts$/, 'py'));
    expect([...shownIn('README.md'), ...shownIn('docs/python.md')]).toEqual(expect.arrayContaining(twins));
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
      () => apis.addVersion('v2', { image: 'ghcr.io/acme/apis:2.0.0', replica: 3 } as never),
      () => mesh(['https://apis.example.com/']),
    ];
    expect(`${refusals.map(messageOf).join('\n\n')}\n`).toBe(read('refusals.txt'));
  });
});

function read(file: string): string {
  return readFileSync(join(__dirname, file), 'utf8');
}

/** The files that a document shows. */
function shownIn(document: string): readonly string[] {
  return [...readFileSync(join(ROOT, document), 'utf8').matchAll(/^<!-- (\S+) -->$/gm)].map(([, file]) => file);
}

function messageOf(refused: () => unknown): string {
  try {
    refused();
  } catch (error) {
    return (error as Error).message;
  }
  throw new Error('was not refused');
}
