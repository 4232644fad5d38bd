/*
 * Folders as people have them: what cannot be read is told, what is nobody's manifest is left alone, and the rest is answered for.
 */
import { mkdirSync } from 'node:fs';
import * as path from 'node:path';
import { command, Folder } from './command';

let folder: Folder;
beforeEach(() => {
  folder = new Folder();
});
afterEach(() => folder.remove());

const SERVICE = `apiVersion: v1
kind: Service
metadata: {name: a}
spec: {selector: {app: a}, ports: [{name: http, port: 80}]}
`;
const TEMPLATE = '{{- if .Values.x }}\napiVersion: v1\nkind: ConfigMap\n{{- end }}\n';

function put(files: Readonly<Record<string, string | Uint8Array>>): string {
  for (const [name, content] of Object.entries(files)) {
    mkdirSync(path.dirname(path.join(folder.path, name)), { recursive: true });
    folder.write(name, content);
  }
  return folder.path;
}

async function check(argv: readonly string[]) {
  const { status, out, err } = await command(['check', ...argv, '--no-build']);
  return { status, err, out: out.replaceAll(`${folder.path}/`, '') };
}

test('every file that cannot be read is a finding with its place, in one run, and the rest is checked', async () => {
  const input = put({
    'ok.yaml': SERVICE,
    'templates/cm.yaml': TEMPLATE,
    'broken.yaml': `${SERVICE}---\nkind: Service\napiVersion: [\n---\n${SERVICE.replace('{name: a}', '{name: b}')}`,
    'image.yaml': new Uint8Array([1, 0, 2]),
  });
  const { status, out } = await check([input]);
  expect(out).toContain('warning unreadable-file  templates/cm.yaml:1\n');
  expect(out).toMatch(/warning unreadable-file {2}broken\.yaml:\d\n/);
  expect(out).toContain('warning unreadable-file  image.yaml\n');
  // A document that cannot be read leaves the others of its file.
  expect(out).toContain('warning duplicate-object  Service default/a ');
  expect(out).toContain('in 3 objects.');
  expect(status).toBe(0);
});

test('an unreadable file makes the run fail only where that is asked for', async () => {
  const input = put({ 'ok.yaml': SERVICE, 'templates/cm.yaml': TEMPLATE });
  expect((await check([input])).status).toBe(0);
  expect((await check([input, '--fail-on', 'unreadable'])).status).toBe(1);
  expect((await check([path.join(input, 'ok.yaml'), '--fail-on', 'unreadable'])).status).toBe(0);
});

test('what is plainly nobody’s manifest is left alone, and counted', async () => {
  const input = put({
    'ok.yaml': SERVICE,
    'workflow.yml': 'on: push\njobs: {}\n',
    'compose.yaml': 'services: {web: {image: a}}\n',
    'values.yaml': 'replicas: 3\n',
    'list.yaml': '- a\n- b\n',
    'empty.yaml': '# nothing\n',
    'empty.json': '',
    'package.json': '{"name": "x"}',
    'tsconfig.json': '{\n  // a comment\n  "compilerOptions": {},\n}\n',
    'dashboard.json': '{"panels": []}',
    'values.tpl.yaml': 'a: {{ .Values.a }}\n',
  });
  const { status, out, err } = await check([input]);
  expect(out).toBe('Nothing found in 1 object.\nNot read: 10 files without manifests.\n');
  expect({ status, err }).toEqual({ status: 0, err: '' });
});

test('hidden folders and node_modules are passed over, and what is excluded; a line says so', async () => {
  const input = put({
    'ok.yaml': SERVICE,
    '.github/workflows/x.yaml': TEMPLATE,
    'node_modules/m/x.yaml': TEMPLATE,
    'old/x.yaml': TEMPLATE,
    'k8s/a/test-1.yaml': TEMPLATE,
  });
  const { out } = await check([input, '--exclude', 'old', '--exclude', 'k8s/**/test-*.yaml']);
  expect(out).toBe(
    'Nothing found in 1 object.\nNot read: the folder .github; 2 files excluded; the folder node_modules.\n',
  );
});

test('formats for programs are that alone', async () => {
  const input = put({ 'ok.yaml': SERVICE, 'values.yaml': 'a: 1\n', 'cm.yaml': TEMPLATE });
  const { out, err } = await check([input, '--format', 'json']);
  expect(JSON.parse(out)).toMatchObject({
    summary: { warnings: 1 },
    findings: [{ check: 'unreadable-file', file: 'cm.yaml', line: 1, object: { kind: 'File' } }],
  });
  expect(err).toBe('Not read: 1 file without manifests.\n');
  const sarif = await check([input, '--format', 'sarif']);
  expect(JSON.parse(sarif.out).runs[0].results[0]).toMatchObject({
    ruleId: 'unreadable-file',
    locations: [{ physicalLocation: { region: { startLine: 1 } } }],
  });
});

test('route and test say on standard error what was not read, and answer', async () => {
  const input = put({ 'ok.yaml': SERVICE, 'cm.yaml': TEMPLATE });
  const cases = folder.write('cases.yaml', 'tests: [{request: {url: http://a/}, expect: {outcome: NO_LISTENER}}]\n');
  const asked = await command(['route', input, '--url', 'http://a/']);
  const tested = await command(['test', cases, '--manifests', input]);
  for (const { err, out } of [asked, tested]) {
    expect(err).toMatch(/^Not read: .*cm\.yaml is not valid YAML at line 1/);
    expect(out).not.toBe('');
  }
});

test('where no object could be read, all that could not is named, and the status is 2', async () => {
  const input = put({ 'a.yaml': TEMPLATE, 'b.json': '{"apiVersion": "v1", "kind": ', 'values.yaml': 'a: 1\n' });
  const { status, out, err } = await check([input]);
  expect({ status, out }).toEqual({ status: 2, out: '' });
  expect(err).toContain('There are no Kubernetes objects in');
  expect(err).toMatch(/a\.yaml is not valid YAML at line 1/);
  expect(err).toMatch(/b\.json is not valid JSON/);
  expect(err).toContain('1 file without manifests');
});

test.each([
  ['a list', '- {apiVersion: v1, kind: Service, metadata: {name: b}}\n', 'is a list'],
  ['a text', 'not an object\n', '"not an object"'],
  ['a map without a kind', 'spec: {a: 1}\n', "begins with 'spec'"],
])('%s beside objects is a finding: kubectl refuses it', async (_, document, words) => {
  const { status, out } = await check([path.join(put({ 'x.yaml': `${SERVICE}---\n${document}` }), 'x.yaml')]);
  expect(out).toContain('error refused-document  x.yaml:6\n');
  expect(out).toContain(words);
  expect(status).toBe(1);
});

test.each([
  ['YAML', 'x.yaml', `${SERVICE}metadata: {name: b}\n`, 5],
  [
    'JSON',
    'x.json',
    '{"apiVersion": "v1", "kind": "Service",\n"metadata": {"name": "a"},\n"metadata": {"name": "b"}}',
    3,
  ],
])(
  'a key that is written twice in %s is a finding at that line, and the last one counts',
  async (_, name, text, line) => {
    const { out } = await check([path.join(put({ [name]: text }), name)]);
    expect(out).toContain(`error duplicate-key  Service default/b metadata (${name}:${line})`);
  },
);
