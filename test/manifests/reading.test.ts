import { execFileSync, spawn } from 'node:child_process';
import * as fs from 'node:fs';
import * as os from 'node:os';
import * as path from 'node:path';
import { ApiObject, App, Chart } from 'cdk8s';
import { RouteOutcome } from '../../src/envoy/outcome';
import { MeshInputError } from '../../src/manifests/input-error';
import { readText } from '../../src/manifests/text';
import { Mesh } from '../../src/mesh';

const SERVICE = { apiVersion: 'v1', kind: 'Service', metadata: { name: 'a' }, spec: { ports: [{ port: 80 }] } };

function hosts(mesh: Mesh): readonly string[] {
  return mesh._model.registry.map(({ host }) => host);
}

describe('where manifests come from', () => {
  test('plain objects, in namespace default unless told otherwise', () => {
    expect(hosts(Mesh.fromManifests([SERVICE]))).toEqual(['a.default.svc.cluster.local']);
    const elsewhere = Mesh.fromManifests([SERVICE], { defaultNamespace: 'team', clusterDomain: 'corp' });
    expect(hosts(elsewhere)).toEqual(['a.team.svc.corp']);
  });

  test('a chart, and an app', () => {
    const app = new App();
    const chart = new Chart(app, 'one', { namespace: 'ns' });
    new ApiObject(chart, 'service', { ...SERVICE, metadata: { name: 'x' } });
    new ApiObject(new Chart(app, 'two'), 'service', { ...SERVICE, metadata: { name: 'y' } });
    expect(hosts(Mesh.fromChart(chart))).toEqual(['x.ns.svc.cluster.local']);
    expect(hosts(Mesh.fromApp(app))).toEqual(['x.ns.svc.cluster.local', 'y.default.svc.cluster.local']);
  });

  test.each([
    ['fromManifests', () => Mesh.fromManifests('kind: Service' as never), 'Mesh.fromYaml'],
    ['fromManifests', () => Mesh.fromManifests(SERVICE as never), 'an Object is not a list'],
    ['fromChart', () => Mesh.fromChart([SERVICE] as never), 'Mesh.fromManifests'],
    ['fromApp', () => Mesh.fromApp(undefined as never), 'Mesh.fromFiles'],
    ['fromFiles', () => Mesh.fromFiles('dist' as never), "['dist']"],
    ['fromYaml', () => Mesh.fromYaml(undefined as never), 'undefined is not text'],
  ])('not from anything else: %s', (method, misuse, words) => {
    expect(misuse).toThrow(`Mesh.${method}: `);
    expect(misuse).toThrow(words);
  });

  test('Lists, typed lists and lists in lists count as their items', () => {
    const named = (name: string) => ({ ...SERVICE, metadata: { name } });
    const { kind: _, apiVersion: __, ...bare } = named('c');
    const list = (kind: string, items: unknown[]) => ({ apiVersion: 'v1', kind, items });
    const mesh = Mesh.fromManifests([
      list('List', [named('a'), list('List', [named('b')])]),
      list('ServiceList', [bare]),
    ]);
    expect(hosts(mesh)).toEqual(['a', 'b', 'c'].map((name) => `${name}.default.svc.cluster.local`));
  });

  test('kinds that nobody knows are carried, and what is no object is set aside', () => {
    const mesh = Mesh.fromManifests([
      { apiVersion: 'x.org/v1', kind: 'Widget', metadata: { name: 'w' } },
      'text',
      null,
      7,
    ]);
    expect(mesh._model.objects.map(({ kind }) => kind)).toEqual(['Widget']);
    expect(mesh._model.ignored).toHaveLength(3);
  });

  test('YAML knows where each object stands', () => {
    const mesh = Mesh.fromYaml(
      '# first\n---\nkind: Service\nmetadata: {name: a}\n---\n\nkind: Service\nmetadata: {name: b}\n',
      'my.yaml',
    );
    expect(mesh._model.objects.map(({ source }) => source)).toMatchObject([
      { file: 'my.yaml', document: 0, line: 3 },
      { file: 'my.yaml', document: 1, line: 7 },
    ]);
  });

  test('of a Deployment and the ReplicaSet and Pods that it made, only the Deployment counts', () => {
    const pod = { metadata: { labels: { app: 'a' } } };
    const owner = (kind: string) => [{ kind, name: kind.toLowerCase() }];
    const mesh = Mesh.fromManifests([
      { kind: 'Deployment', metadata: { name: 'deployment' }, spec: { template: pod } },
      {
        kind: 'ReplicaSet',
        metadata: { name: 'replicaset', ownerReferences: owner('Deployment') },
        spec: { template: pod },
      },
      { kind: 'Pod', metadata: { name: 'pod', labels: { app: 'a' }, ownerReferences: owner('ReplicaSet') } },
    ]);
    expect(mesh._model.workloads.map(({ object }) => object.kind)).toEqual(['Deployment']);
  });
});

describe('what kubectl get reads from a cluster: of each kind as much as was asked for', () => {
  const hash = '5dc58666bf';
  const labels = { app: 'a', version: 'v1' };
  const owner = (kind: string, name: string) => [{ kind, name, controller: true }];
  const pod = {
    kind: 'Pod',
    metadata: {
      name: `a-v1-${hash}-x2k4p`,
      labels: { ...labels, 'pod-template-hash': hash },
      ownerReferences: owner('ReplicaSet', `a-v1-${hash}`),
    },
  };
  const kinds: { [kind: string]: object } = {
    deploy: { kind: 'Deployment', metadata: { name: 'a-v1' }, spec: { template: { metadata: { labels } } } },
    rs: {
      kind: 'ReplicaSet',
      metadata: { name: `a-v1-${hash}`, ownerReferences: owner('Deployment', 'a-v1') },
      spec: { template: { metadata: pod.metadata } },
    },
    pods: pod,
    endpointslices: {
      apiVersion: 'discovery.k8s.io/v1',
      kind: 'EndpointSlice',
      metadata: { name: 'a-x', labels: { 'kubernetes.io/service-name': 'a' } },
      endpoints: [{ addresses: ['10.0.0.1'], targetRef: { kind: 'Pod', name: pod.metadata.name } }],
    },
  };
  const rest = [
    { ...SERVICE, spec: { selector: { app: 'a' }, ports: [{ port: 80 }] } },
    {
      apiVersion: 'networking.istio.io/v1',
      kind: 'DestinationRule',
      metadata: { name: 'a' },
      spec: { host: 'a', subsets: [{ name: 'v1', labels: { version: 'v1' } }] },
    },
    {
      apiVersion: 'networking.istio.io/v1',
      kind: 'Gateway',
      metadata: { name: 'a' },
      spec: {
        selector: { istio: 'ingressgateway' },
        servers: [{ port: { number: 80, name: 'http', protocol: 'HTTP' }, hosts: ['*'] }],
      },
    },
    {
      apiVersion: 'networking.istio.io/v1',
      kind: 'VirtualService',
      metadata: { name: 'a' },
      spec: { hosts: ['*'], gateways: ['a'], http: [{ route: [{ destination: { host: 'a', subset: 'v1' } }] }] },
    },
  ];

  test.each([
    ['deploy', ['Deployment a-v1']],
    ['deploy,pods', ['Deployment a-v1']],
    ['deploy,rs,pods', ['Deployment a-v1']],
    ['deploy,endpointslices', ['Deployment a-v1']],
    ['deploy,pods,endpointslices', [`Pod ${pod.metadata.name}`]],
    ['deploy,rs,pods,endpointslices', [`Pod ${pod.metadata.name}`]],
    ['rs,pods', [`ReplicaSet a-v1-${hash}`]],
    ['pods', [`Pod ${pod.metadata.name}`]],
    ['pods,endpointslices', [`Pod ${pod.metadata.name}`]],
  ])('%s', (asked, expected) => {
    const mesh = Mesh.fromManifests([...rest, ...asked.split(',').map((kind) => kinds[kind])]);
    const { destinations } = mesh.route({ url: 'http://a.example.com/' });
    const [{ workloads, outcome }] = destinations;
    expect(outcome).toBe(RouteOutcome.FORWARD);
    expect(workloads.map(({ kind, name }) => `${kind} ${name}`)).toEqual(expected);
    expect(mesh.check().filter(({ check }) => check === 'subset-selects-nothing')).toEqual([]);
  });
});

describe('files', () => {
  let folder: string;
  beforeEach(() => {
    folder = fs.mkdtempSync(path.join(os.tmpdir(), 'mesh-'));
  });
  afterEach(() => fs.rmSync(folder, { recursive: true }));

  const write = (name: string, content: string | Buffer) => {
    const file = path.join(folder, name);
    fs.mkdirSync(path.dirname(file), { recursive: true });
    fs.writeFileSync(file, content);
    return file;
  };
  const service = (name: string) => `kind: Service\nmetadata: {name: ${name}}\n`;

  test('a folder is read with all that is in it, in order of name', () => {
    write('b/two.yml', service('two'));
    write('a.yaml', `${service('one')}---\n${service('more')}`);
    write('c.json', JSON.stringify({ kind: 'Service', metadata: { name: 'three' } }));
    write('notes.txt', 'not a manifest');
    write('node_modules/x.yaml', service('never'));
    const names = Mesh.fromFiles([folder])._model.objects.map(({ name }) => name);
    expect(names).toEqual(['one', 'more', 'two', 'three']);
  });

  test('a link that leads back does not go on for ever', () => {
    write('a.yaml', service('one'));
    fs.symlinkSync(folder, path.join(folder, 'loop'));
    expect(Mesh.fromFiles([folder])._model.objects).toHaveLength(1);
  });

  test('a link that leads to itself, or nowhere, is passed over in a folder', () => {
    write('a.yaml', service('one'));
    fs.symlinkSync('self.yaml', path.join(folder, 'self.yaml'));
    fs.symlinkSync('gone', path.join(folder, 'gone.yaml'));
    expect(Mesh.fromFiles([folder])._model.objects).toHaveLength(1);
    expect(() => Mesh.fromFiles([path.join(folder, 'self.yaml')])).toThrow(MeshInputError);
  });

  test('a file is read once, whichever ways lead to it', () => {
    const file = write('..2026/a.yaml', service('one'));
    fs.symlinkSync('..2026', path.join(folder, '..data'));
    fs.symlinkSync('..data/a.yaml', path.join(folder, 'a.yaml'));
    expect(Mesh.fromFiles([folder, file, path.join(folder, 'a.yaml')])._model.objects).toHaveLength(1);
  });

  test('a pipe that is named is read, as the shell makes one of <(helm template …), within the limit', () => {
    const pipe = path.join(folder, 'pipe');
    execFileSync('mkfifo', [pipe]);
    const filled = (text: string) => spawn('sh', ['-c', 'printf %s "$1" > "$2"', 'sh', text, pipe]);
    filled(service('one'));
    expect(hosts(Mesh.fromFiles([pipe]))).toEqual(['one.default.svc.cluster.local']);
    filled(service('a'.repeat(100)));
    expect(() => Mesh.fromFiles([pipe], { maxFileBytes: 50 })).toThrow(/more than 50 bytes/);
    expect(Mesh.fromFiles([folder])._model.objects).toEqual([]);
  });

  const bomb = [
    'a: &a [x,x,x,x,x,x,x,x,x]',
    ...'bcdefghi'.split('').map((name, index) => {
      const previous = 'abcdefgh'[index];
      return `${name}: &${name} [${Array(9).fill(`*${previous}`).join(',')}]`;
    }),
  ].join('\n');

  test.each([
    [
      'broken YAML',
      'x.yaml',
      'kind: Service\nmetadata: {name: [a}\n',
      /x\.yaml is not valid YAML at line 2, column \d+/,
    ],
    ['broken JSON', 'x.json', '{"kind": ', /x\.json is not valid JSON/],
    ['a YAML bomb', 'x.yaml', bomb, /as only a YAML bomb does/],
    ['an alias of nothing', 'x.yaml', 'a: *nothing\n', /x\.yaml is not valid YAML at line 1/],
    ['an alias inside of what it names', 'x.yaml', 'a: &a [*a]\n', /\*a is inside the value that it refers to/],
    ['a template', 'x.yaml', 'kind: Service\nmetadata: {name: {{ .Name }}}\n', /\.Name.* render it first/],
    ['endless nesting', 'x.yaml', '['.repeat(100_000), /x\.yaml .* more than 500 levels deep/],
    ['a binary file', 'x.yaml', Buffer.from([0, 1, 2, 3]), /is a binary file/],
    ['text that is not UTF-8', 'x.yaml', Buffer.from([0x61, 0xff, 0xfe]), /not text in UTF-8/],
  ])('%s is refused in a sentence', (_, name, content, message) => {
    const file = write(name, content);
    const read = () => Mesh.fromFiles([file]);
    expect(read).toThrow(MeshInputError);
    expect(read).toThrow(message);
  });

  test('a missing path, and a file beyond the limit', () => {
    expect(() => Mesh.fromFiles([path.join(folder, 'none')])).toThrow(/none does not exist/);
    const file = write('big.yaml', service('a'.repeat(100)));
    expect(() => Mesh.fromFiles([file], { maxFileBytes: 50 })).toThrow(/at most 50 are read/);
  });

  test('YAML is read as kubectl reads it', () => {
    const [object] = Mesh.fromYaml(
      'base: &base {when: 2024-01-01, time: 12:30, on: yes}\nkind: Service\nmetadata: {name: a}\nspec: {<<: *base}\n',
    )._model.objects;
    expect(object.raw).toMatchObject({ spec: { when: '2024-01-01', time: '12:30', true: true } });
  });

  test.each([
    ['y', true],
    ['Off', false],
    ['~', null],
    ['0x1F', 31],
    ['017', 15],
    ['08', 8],
    ['1_000', 1000],
    ['1e3', 1000],
    ['-.5', -0.5],
    ['0o17', 15],
    ['0X1f', 31],
    ['0B11', 3],
    ['.1_2', 0.12],
    ['18446744073709551616', 18446744073709552000],
    ['!!binary aGk=', 'hi'],
    ['[2001:db8::, 2001:db8::1, "a":1]', ['2001:db8::', '2001:db8::1', { a: 1 }]],
    ['.', '.'],
    ['1.2.3', '1.2.3'],
    ['1:30:00', '1:30:00'],
    ['2024-01-01T00:00:00Z', '2024-01-01T00:00:00Z'],
    ['"yes"', 'yes'],
    ['!unknown text', 'text'],
    ['!unknown {a: [b]}', { a: ['b'] }],
  ])('%s in YAML', (written, value) => {
    const [object] = Mesh.fromYaml(`kind: Widget\nmetadata: {name: a}\nspec: ${written}\n`)._model.objects;
    expect(object.raw).toHaveProperty('spec', value);
  });
});

describe('hostile manifests', () => {
  const gateway = (servers: unknown, selector: unknown = {}) => ({
    apiVersion: 'networking.istio.io/v1',
    kind: 'Gateway',
    metadata: { name: 'g' },
    spec: { selector, servers },
  });
  const routes = (http: unknown, more: object = {}) => ({
    apiVersion: 'networking.istio.io/v1',
    kind: 'VirtualService',
    metadata: { name: 'v' },
    spec: { hosts: ['*'], gateways: ['g'], http, ...more },
  });
  const server = { port: { number: 80, name: 'http', protocol: 'HTTP' }, hosts: ['*'] };
  const cycle: Record<string, unknown> = { kind: 'List', items: [] };
  cycle.items = [cycle, SERVICE];
  const polluted = JSON.parse('{"__proto__": {"x": "1"}, "constructor": "y", "a": {"exact": "b"}}');

  test.each<readonly [string, ...unknown[]]>([
    ['no spec', { ...gateway([]), spec: null }, { ...routes([]), spec: null }, { ...SERVICE, spec: null }],
    [
      'text for lists',
      gateway('servers'),
      routes('http', { hosts: 'a', gateways: 'g' }),
      { ...SERVICE, spec: { ports: 'x' } },
    ],
    ['lists for maps', gateway([[]]), routes([[]]), { ...SERVICE, metadata: [] }],
    [
      'numbers for everything',
      gateway([7]),
      routes([7]),
      { kind: 'Pod', metadata: 7 },
      { kind: 'Deployment', metadata: { name: 'd' }, spec: 7 },
    ],
    [
      'nothing in lists',
      gateway([null]),
      routes([null, { match: [null], route: [null] }]),
      { kind: 'Service', metadata: { name: null } },
    ],
    ['holes in a rule', gateway([server]), routes([{ match: [{ headers: { a: null }, uri: 'x' }], route: [{}] }, {}])],
    [
      'regexes that are none',
      gateway([server]),
      routes([{ match: [{ uri: { regex: '(' } }], route: [{ destination: { host: 'a' } }] }]),
    ],
    [
      'names that JavaScript inherits',
      gateway([server], polluted),
      routes([{ match: [{ headers: polluted }], route: [] }]),
    ],
    ['a list that contains itself', cycle],
    [
      'a delegate that delegates to itself',
      gateway([server]),
      routes([{ delegate: { name: 'v' } }], { hosts: [] }),
      routes([{ delegate: { name: 'v' } }]),
    ],
  ])('%s: answered, never a crash', (_, ...manifests) => {
    const mesh = Mesh.fromManifests(manifests);
    const decision = mesh.route({ url: 'http://a.example.com/', headers: { constructor: 'x' } });
    expect(Object.values(RouteOutcome)).toContain(decision.outcome);
    expect(decision.outcome).not.toBe(RouteOutcome.FORWARD);
    expect(decision.explain()).not.toBe('');
  });

  test('what is not understood is recorded with its path', () => {
    const mesh = Mesh.fromManifests([routes([{ match: 'x', timeout: 'soon' }, 3])]);
    expect(mesh._model.objects[0].problems).toEqual([
      { path: 'spec.http[0].match', message: 'is the string "x" where a list is expected' },
      { path: 'spec.http[0].timeout', message: "is 'soon', which is not a duration; write something like 5s or 250ms" },
      { path: 'spec.http[1]', message: 'is the number 3 where a map is expected' },
    ]);
  });
});

test.each([
  ['no scheme', 'apis.example.com/'],
  ['another scheme', 'ftp://apis.example.com/'],
  ['no host', 'http:///x'],
  ['an impossible port', 'http://a:99999/'],
  ['a port that is none', 'http://a:x/'],
])('a url with %s is refused in a sentence', (_, url) => {
  expect(() => Mesh.fromManifests([]).route({ url })).toThrow(/write something like http:\/\/apis\.example\.com/);
});

test('a header line without colon, and a sender from nowhere, are refused in a sentence', () => {
  const mesh = Mesh.fromManifests([]);
  expect(() => mesh.route({ url: 'http://a/', headerLines: ['nonsense'] })).toThrow(/write 'name: value'/);
  expect(() => mesh.route({ url: 'http://a/', from: 'moon' })).toThrow(
    /write 'gateway', or 'mesh:NAMESPACE\/WORKLOAD'/,
  );
});

test('fields and options that do not exist are refused, and so is a sender that is none', () => {
  const mesh = Mesh.fromManifests([]);
  const ask = (more: object) => () => mesh.route({ url: 'http://apis.example.com/', ...more });
  expect(ask({ header: { 'x-version': 'v2' } })).toThrow("A request has no field 'header'; did you mean headers?");
  expect(ask({ body: '' })).toThrow("A request has no field 'body'; its fields are url, method, headers");
  expect(ask({ from: 7 })).toThrow("Requests cannot come from '7'; write");
  expect(ask({ from: null })().outcome).toBe(ask({})().outcome);
  const options = { clusterDomian: 'corp.example' } as object;
  expect(() => Mesh.fromManifests([], options)).toThrow(
    "A mesh has no option 'clusterDomian'; did you mean clusterDomain?",
  );
  expect(() => mesh.check({ disabled: [] } as object)).toThrow(
    "Mesh.check has no option 'disabled'; did you mean disable?",
  );
});

test('what is no object of fields or options is refused in a sentence', () => {
  const mesh = Mesh.fromManifests([]);
  const untyped = (value: unknown) => value as never;
  expect(() => mesh.route(untyped(null))).toThrow(
    "A request takes its fields as an object, and null is none; write something like { url: 'http://apis.example.com/' }",
  );
  expect(() => mesh.route(untyped('http://a/'))).toThrow(
    'A request takes its fields as an object, and a string is none',
  );
  expect(() => Mesh.fromManifests([], untyped(null))).toThrow(
    'A mesh takes its options as an object, and null is none',
  );
  expect(() => mesh.check(untyped(['unreachable-rule']))).toThrow(
    'Mesh.check takes its options as an object, and an Array is none',
  );
  expect(() => mesh.check({ disable: untyped('unreachable-rule') })).toThrow(
    "disable is a string; write a list of ids, as in ['unreachable-rule']",
  );
});

test('headers that are none are refused in a sentence; null is as good as nothing', () => {
  const mesh = Mesh.fromManifests([]);
  const ask = (more: object) => () => mesh.route({ url: 'http://apis.example.com/', ...more });
  expect(ask({ headers: 'x-version: v2' })).toThrow('The headers are a string, not an object of names and values');
  expect(ask({ headerLines: 'x-version: v2' })).toThrow('The headerLines are "x-version: v2", not a list of strings');
  expect(ask({ headerLines: [7] })).toThrow("write each header as a line, as in ['x-version: v2']");
  for (const nothing of [
    { headers: null },
    { headerLines: null },
    { gatewayLabels: null },
    { gatewayNamespace: null },
  ]) {
    expect(ask(nothing)().outcome).toBe(ask({})().outcome);
  }
});

describe('limits of a text', () => {
  test('documents without end', () => {
    const read = readText('---x\n'.repeat(250_001), 'a.yaml');
    expect(read.unreadable.at(-1)).toMatchObject({ reason: expect.stringContaining('more than 250000 documents') });
    expect(read.unreadable).toHaveLength(250_001);
  });

  test('separators cost no more than their text', () => {
    expect(readText('---\n'.repeat(1_000_000), 'a.yaml')).toMatchObject({ manifests: [], unreadable: [] });
  });

  test('JSON that is nested deeper than kubectl reads, and the object behind it', () => {
    const lists = (levels: number) => `${'{"kind":"List","items":['.repeat(levels)}${']}'.repeat(levels)}`;
    const { manifests, unreadable } = readText(`${lists(5_001)} ${lists(5_000)} ${JSON.stringify(SERVICE)}`, 'a.json');
    expect(unreadable).toMatchObject([{ line: 1, reason: expect.stringContaining('10000 levels') }]);
    expect(manifests).toHaveLength(2);
  });

  test.each(['a.yaml', 'a.json'])(
    'a number that JavaScript cannot hold is not shown as if it were the one in %s',
    (name) => {
      const text =
        '{"apiVersion":"v1","kind":"Service","metadata":{"name":"a"},"spec":{"ports":[{"port":9007199254740993}]}}';
      const [{ message }] = Mesh.fromYaml(text, name).check();
      expect(message).toContain('is some 9007199254740992, which is too large');
    },
  );
});
