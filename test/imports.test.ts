import { spawnSync } from 'node:child_process';
import { mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { parseAllDocuments } from 'yaml';
import { pinnedVersions } from '../scripts/go-module';
import { factsOf } from '../scripts/schema';
import { ISTIO_RELEASE } from '../src/istio/release';

const ROOT = resolve(__dirname, '..');
const IMPORTS = join(ROOT, 'imports');
const SCHEMAS = join(ROOT, 'test/schemas');

interface Named {
  readonly name: string;
}

describe('the generated types', () => {
  const folder = mkdtempSync(join(tmpdir(), 'imports-'));
  afterAll(() => rmSync(folder, { recursive: true }));

  test('are what `cdk8s import` makes of the pruned schema', () => {
    const script = join(ROOT, 'scripts/import-istio.ts');
    const run = spawnSync(process.execPath, ['--require', 'tsx/cjs', script, '--from-pruned', folder], {
      cwd: ROOT,
      encoding: 'utf8',
    });
    expect(run.status === 0 ? 'done' : run.stderr).toBe('done');
    // Equality as a boolean: a difference of thousands of lines helps nobody, `npm run import` does.
    const same = typesIn(folder).map((file) => [file, bytes(folder, file).equals(bytes(IMPORTS, file))]);
    expect(Object.fromEntries(same)).toEqual({ 'networking.istio.io.ts': true, 'security.istio.io.ts': true });
    // The others are the read side's own, made by other scripts.
    expect(typesIn(IMPORTS)).toEqual(['istio.facts.ts', 'istio.schema.ts', 'kubernetes.schema.ts', ...typesIn(folder)]);
  }, 60_000);
});

describe('the release of Istio', () => {
  const pinned = pinnedVersions(join(ROOT, 'conformance/xds/go.mod'));
  const minor = ISTIO_RELEASE.replace(/\.\d+$/, '');

  test.each(['istio.io/api', 'istio.io/client-go'])('is the one of %s that conformance pins', (module) => {
    expect(pinned.get(module)).toBe(`v${ISTIO_RELEASE}`);
  });

  test.each(['istio.crds.yaml', 'istio-others.crds.yaml', 'istio.facts.ts'])('is the one of imports/%s', (file) => {
    expect(/Istio (\d+\.\d+\.\d+)/.exec(readFileSync(join(IMPORTS, file), 'utf8'))?.[1]).toBe(ISTIO_RELEASE);
  });

  test('is the one of the proxies of conformance, and of its page', () => {
    expect(readFileSync(join(ROOT, 'conformance/xds/controlplane.go'), 'utf8')).toContain(`IstioVersion: "${minor}.`);
    const page = readFileSync(join(ROOT, 'docs/conformance.md'), 'utf8');
    const [, , commit] = (pinned.get('istio.io/istio') ?? '').split('-');
    expect(page).toMatch(new RegExp(`\\| ${minor}, commit \`${commit.slice(0, 8)}`));
    expect(page).toContain(`\`istio.io/api\` ${ISTIO_RELEASE}`);
  });

  test('is the one that the pages of the checks name', () => {
    const named = readdirSync(join(ROOT, 'docs/checks')).flatMap((file) => [
      ...readFileSync(join(ROOT, 'docs/checks', file), 'utf8').matchAll(/(?:(?<!Since )Istio|of release) (1\.\d+)/g),
    ]);
    expect(named.length).toBeGreaterThan(0);
    expect(named.map(([, release]) => release).filter((release) => release !== minor)).toEqual([]);
  });
});

describe('the pruned schema', () => {
  const crds = parseAllDocuments(readFileSync(join(IMPORTS, 'istio.crds.yaml'), 'utf8')).map((document) =>
    document.toJS(),
  );

  test('has the five kinds in use, each in v1 alone', () => {
    const kinds = crds.map(({ spec }) => [
      `${spec.group} ${spec.names.kind}`,
      spec.versions.map(({ name }: Named) => name),
    ]);
    expect(Object.fromEntries(kinds)).toEqual({
      'networking.istio.io DestinationRule': ['v1'],
      'networking.istio.io Gateway': ['v1'],
      'networking.istio.io VirtualService': ['v1'],
      'security.istio.io AuthorizationPolicy': ['v1'],
      'security.istio.io PeerAuthentication': ['v1'],
    });
  });

  test('has the rest of the kinds in a file of its own, each once', () => {
    const others = parseAllDocuments(readFileSync(join(IMPORTS, 'istio-others.crds.yaml'), 'utf8')).map((document) =>
      document.toJS(),
    );
    expect(proseIn(others)).toEqual([]);
    expect(others.map(({ spec }) => `${spec.names.kind} ${spec.versions.map(({ name }: Named) => name)}`)).toEqual([
      'TrafficExtension v1alpha1',
      'WasmPlugin v1alpha1',
      'EnvoyFilter v1alpha3',
      'ProxyConfig v1beta1',
      'ServiceEntry v1',
      'Sidecar v1',
      'WorkloadEntry v1',
      'WorkloadGroup v1',
      'RequestAuthentication v1',
      'Telemetry v1',
    ]);
  });

  test('has no prose', () => {
    const schemas = crds.map(({ spec }) => spec.versions[0].schema.openAPIV3Schema);
    expect(proseIn(crds)).toEqual([]);
    expect(schemas.map(factsOf)).toEqual(schemas);
  });
});

test.each(readdirSync(SCHEMAS))('test/schemas/%s has no prose', (file) => {
  const { $defs, spec } = JSON.parse(readFileSync(join(SCHEMAS, file), 'utf8'));
  const schemas = $defs ?? spec;
  expect(Object.keys(schemas).length).toBeGreaterThan(3);
  expect(proseIn(schemas)).toEqual([]);
});

describe('to take the facts of a schema', () => {
  const text = { type: 'string', description: 'Some prose.' };

  test('leaves out prose, at any depth', () => {
    const schema = { description: 'Prose.', items: { oneOf: [text, { not: text }] }, type: 'array' };
    expect(factsOf(schema)).toEqual({
      items: { oneOf: [{ type: 'string' }, { not: { type: 'string' } }] },
      type: 'array',
    });
  });

  test('keeps a field that is called description', () => {
    const schema = { properties: { description: text, default: text }, required: ['description'] };
    expect(factsOf(schema)).toEqual({
      properties: { description: { type: 'string' }, default: { type: 'string' } },
      required: ['description'],
    });
  });

  test('stops at a keyword that it does not know', () => {
    expect(() => factsOf({ properties: { a: { hint: 'Prose?' } } })).toThrow("a keyword 'hint'");
  });
});

function typesIn(folder: string): string[] {
  return readdirSync(folder).filter((file) => file.endsWith('.ts'));
}

function bytes(folder: string, file: string): Buffer {
  return readFileSync(join(folder, file));
}

/** Texts that are more than one word, wherever they are: no name, type, format, enum or pattern here has a space. */
function proseIn(value: unknown): string[] {
  if (typeof value === 'string') {
    return /\s/.test(value) ? [value] : [];
  }
  return typeof value === 'object' && value !== null ? Object.values(value).flatMap(proseIn) : [];
}
