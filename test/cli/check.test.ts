import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { APIS, command, DEAD, Folder } from './command';

const DEAD_ID = 'http-routes-on-tcp-server';

test('clean manifests: says what was looked at, and succeeds', async () => {
  expect(await command(['check', APIS])).toEqual({ status: 0, out: 'Nothing found in 6 objects.\n', err: '' });
});

test('HTTP routes on a TCP server: an error, with the place and what to write', async () => {
  const { status, out } = await command(['check', DEAD]);
  expect(status).toBe(1);
  expect(out).toContain(`error ${DEAD_ID}`);
  expect(out).toContain(DEAD);
  expect(out).toContain('refused');
  expect(out).toMatch(/help: .*protocol: HTTP/);
  expect(out).toContain(`versioned-mesh explain ${DEAD_ID}\n`);
});

test('a check can be left out', async () => {
  const { status, out } = await command(['check', DEAD, '--disable', DEAD_ID]);
  expect(out).not.toContain(DEAD_ID);
  expect(status).toBe(0);
});

test('the list of checks to leave out may have spaces, as the annotation for it may', async () => {
  const { out, err } = await command(['check', DEAD, '--disable', 'http-routes-on-tcp-server, unknown-field']);
  expect(err).toBe('');
  expect(out).not.toContain('http-routes-on-tcp-server');
});

test('leaving out a check that does not exist is a mistake, since it would leave out nothing', async () => {
  const { status, err } = await command(['check', DEAD, '--disable', 'http-routes-on-tcp-servers']);
  expect(status).toBe(2);
  expect(err).toContain(`did you mean ${DEAD_ID}?`);
});

describe('--fail-on', () => {
  // The Gateway is not among the manifests: it may be in the cluster, so this is no error.
  const ORPHAN = `
apiVersion: networking.istio.io/v1
kind: VirtualService
metadata: { name: apis }
spec:
  hosts: [apis.example.com]
  gateways: [elsewhere/public]
  http: [{ directResponse: { status: 200 } }]
---
apiVersion: networking.istio.io/v1
kind: Gateway
metadata: { name: other, namespace: elsewhere }
spec:
  selector: { istio: ingressgateway }
  servers: [{ port: { number: 80, name: http, protocol: HTTP }, hosts: ['*'] }]
`;

  test('warnings are shown and do not fail', async () => {
    const { status, out } = await command(['check', '-'], { input: ORPHAN });
    expect(out).toContain('warning gateway-not-found');
    expect(status).toBe(0);
  });

  test('unless asked to', async () => {
    const { status } = await command(['check', '-', '--fail-on', 'warning'], { input: ORPHAN });
    expect(status).toBe(1);
  });
});

describe('standard input', () => {
  test('is read where a path is -', async () => {
    const { status, out } = await command(['check', '-'], { input: readFileSync(DEAD, 'utf8') });
    expect(status).toBe(1);
    expect(out).toContain('(standard input:');
  });

  test('may hold a List, as kubectl writes it', async () => {
    const gateway = {
      apiVersion: 'networking.istio.io/v1',
      kind: 'Gateway',
      metadata: { name: 'apis-gateway' },
      spec: { selector: { a: 'b' }, servers: [{ port: { number: 80, name: 't', protocol: 'TCP' }, hosts: ['*'] }] },
    };
    const virtualService = {
      apiVersion: 'networking.istio.io/v1',
      kind: 'VirtualService',
      metadata: { name: 'apis' },
      spec: { hosts: ['*'], gateways: ['apis-gateway'], http: [{ directResponse: { status: 200 } }] },
    };
    const list = { apiVersion: 'v1', kind: 'List', items: [gateway, virtualService] };
    const { out } = await command(['check', '-'], { input: JSON.stringify(list) });
    expect(out).toContain(DEAD_ID);
  });

  test('says on which line a thing stands, in a List too', async () => {
    const item = (name: string, rest: string) => `
- apiVersion: v1
  kind: Service
  metadata:
    name: ${name}
  spec:
    ports:
    - port: ${rest}`;
    const input = `apiVersion: v1\nkind: List\nitems:${item('a', '80')}${item('b', '"80"')}${item('a', '80')}\n`;
    const { out } = await command(['check', '-'], { input });
    expect(out).toContain('Service default/b spec.ports[0].port (standard input:17)');
    expect(out).toContain('in standard input:4 and in standard input:18');
  });

  test('goes together with files', async () => {
    const { out } = await command(['check', APIS, '-'], { input: readFileSync(DEAD, 'utf8') });
    expect(out).toContain(DEAD_ID);
    expect(out).toContain('in 10 objects');
  });
});

test('objects without a namespace are in the one that is named', async () => {
  const { out } = await command(['check', DEAD, '--namespace', 'shop']);
  expect(out).toContain('VirtualService shop/apis');
});

describe('--namespace for a path', () => {
  const folder = new Folder();
  afterAll(() => folder.remove());
  const service = 'apiVersion: v1\nkind: Service\nmetadata: { name: a }\nspec: { ports: [{ port: "80" }] }\n';
  const alpha = folder.write('alpha.yaml', service);
  const beta = folder.write('beta.yaml', service);
  const placesIn = (out: string) => [...out.matchAll(/^\w+ mistyped-field {2}Service (\S+)/gm)].map(([, name]) => name);

  test('goes before the one for all', async () => {
    const { out } = await command(['check', folder.path, '-n', `one=${alpha}`, '-n', 'rest']);
    expect(placesIn(out)).toEqual(['one/a', 'rest/a']);
    expect(out).not.toContain('duplicate-object');
  });

  test('the longest path decides, whatever the order', async () => {
    const { out } = await command(['check', folder.path, '-n', `all=${folder.path}`, '-n', `two=${beta}`]);
    expect(placesIn(out)).toEqual(['all/a', 'two/a']);
  });

  test.each([
    [`one=${folder.path}/none`, 'does not exist'],
    ['one=', 'names no path'],
    ['One=.', 'not a DNS label'],
  ])('%s: a sentence', async (value, words) => {
    const { status, err } = await command(['check', folder.path, '-n', value]);
    expect(status).toBe(2);
    expect(err).toContain(words);
  });
});

test('JSON: what programs read', async () => {
  const { status, out } = await command(['check', DEAD, '--format', 'json']);
  expect(status).toBe(1);
  const { summary, findings } = JSON.parse(out);
  expect(summary).toEqual({ errors: 1, warnings: 0, infos: 0 });
  expect(findings).toEqual([
    expect.objectContaining({ check: DEAD_ID, severity: 'error', file: DEAD, line: expect.any(Number) }),
  ]);
});

test('says on which line of a JSON file a thing stands', async () => {
  const folder = mkdtempSync(join(tmpdir(), 'lines-'));
  const service = (name: string, port: unknown) => ({
    apiVersion: 'v1',
    kind: 'Service',
    metadata: { name },
    spec: { ports: [{ port }] },
  });
  const write = (name: string, value: unknown) => {
    writeFileSync(join(folder, name), JSON.stringify(value, undefined, '\t'));
    return join(folder, name);
  };
  try {
    const one = write('one.json', service('a', '80'));
    const two = write('two.json', { kind: 'List', items: [service('b', 80), service('c', '81')] });
    const { out } = await command(['check', one, two, '--format', 'sarif']);
    const [{ results }] = JSON.parse(out).runs;
    const lines = (results as { locations: { physicalLocation: { region: object } }[] }[]).map(
      ({ locations }) => locations[0].physicalLocation.region,
    );
    expect(lines).toEqual([{ startLine: 10 }, { startLine: 27 }]);
  } finally {
    rmSync(folder, { recursive: true });
  }
});

test('SARIF: names the file from where the command runs', async () => {
  const { out } = await command(['check', DEAD, '--format', 'sarif']);
  const [{ tool, results }] = JSON.parse(out).runs;
  expect(results).toHaveLength(1);
  expect(results[0].locations[0].physicalLocation.artifactLocation.uri).toBe('test/cli/fixtures/dead.yaml');
  expect(tool.driver.rules[results[0].ruleIndex].id).toBe(results[0].ruleId);
});

test('colours only where they are wanted', async () => {
  const colour = '\u001b[';
  expect((await command(['check', DEAD])).out).not.toContain(colour);
  expect((await command(['check', DEAD], { colors: true })).out).toContain(colour);
});

test('--previous has the step from an earlier state checked', async () => {
  const page = readFileSync(join(__dirname, '../../docs/checks/requests-before-pods.md'), 'utf8');
  const [before, next] = [...page.matchAll(/```yaml\n([\s\S]*?)```/g)].map(([, yaml]) => yaml);
  const folder = mkdtempSync(join(tmpdir(), 'step-'));
  try {
    writeFileSync(join(folder, 'before.yaml'), before);
    writeFileSync(join(folder, 'next.yaml'), next);
    expect((await command(['check', join(folder, 'next.yaml')])).status).toBe(0);
    const step = ['check', join(folder, 'next.yaml'), '--previous', join(folder, 'before.yaml')];
    const { status, out } = await command(step);
    expect(status).toBe(1);
    expect(out).toContain('error requests-before-pods  VirtualService shop/apis spec.http[0].route[1].destination');
  } finally {
    rmSync(folder, { recursive: true });
  }
});
