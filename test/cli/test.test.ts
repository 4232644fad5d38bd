import { APIS, command, Folder } from './command';

const folder = new Folder();
afterAll(() => folder.remove());

const ROUTES = folder.write(
  'routes.yaml',
  `tests:
  - name: Chrome gets v2
    request: { url: http://apis.example.com/, headers: { user-agent: Chrome/140 } }
    expect: { version: v2 }
  - name: everyone else gets v1
    request: { url: http://apis.example.com/ }
    expect: { version: v1 }
`,
);

const WRONG = folder.write(
  'wrong.yaml',
  `tests:
  - name: everyone gets v2 <now>
    request: { url: http://apis.example.com/ }
    expect: { version: v2 }
`,
);

test('a line for each case', async () => {
  expect(await command(['test', ROUTES, '--manifests', APIS])).toEqual({
    status: 0,
    err: '',
    out: `ok    Chrome gets v2  GET http://apis.example.com/
ok    everyone else gets v1  GET http://apis.example.com/

2 passed of 2 cases.
`,
  });
});

test('what failed shows what was expected, and the trace', async () => {
  const { status, out } = await command(['test', ROUTES, WRONG, '--manifests', APIS]);
  expect(status).toBe(1);
  expect(out).toContain('FAIL  everyone gets v2 <now>');
  expect(out).toContain('expected version v2, got v1');
  expect(out).toMatch(/virtualservice +apis\/ingress +rule 5 of 5/);
  expect(out).toContain('1 failed, 2 passed of 3 cases.');
});

test('where there are several files, each case stands below the name of its own', async () => {
  const { out } = await command(['test', ROUTES, WRONG, '--manifests', APIS]);
  expect(out.split('\n').slice(0, 6)).toEqual([
    ROUTES,
    'ok    Chrome gets v2  GET http://apis.example.com/',
    'ok    everyone else gets v1  GET http://apis.example.com/',
    '',
    WRONG,
    'FAIL  everyone gets v2 <now>  GET http://apis.example.com/',
  ]);
});

test('JUnit', async () => {
  const { status, out } = await command(['test', ROUTES, WRONG, '--format', 'junit', '--manifests', APIS]);
  expect(status).toBe(1);
  expect(out).toContain('<testsuites name="versioned-mesh" tests="3" failures="1" errors="0">');
  expect(out).toContain('name="everyone gets v2 &lt;now&gt;"');
  expect(out).toContain('<failure message="expected version v2, got v1">');
});

test('a folder of cases, its manifests passed over', async () => {
  const both = new Folder();
  both.write('routes.yaml', 'tests: [{ request: { url: http://apis.example.com/ }, expect: { version: v1 } }]');
  both.write('service.yaml', 'apiVersion: v1\nkind: Service\nmetadata: { name: a }');
  const { status, out } = await command(['test', both.path, '--manifests', APIS]);
  both.remove();
  expect(status).toBe(0);
  expect(out).toContain('ok    GET http://apis.example.com/');
});

test('--manifests takes all paths after it', async () => {
  const more = folder.write('more.yaml', 'apiVersion: v1\nkind: Namespace\nmetadata: { name: apis }');
  expect((await command(['test', ROUTES, '--manifests', more, APIS])).status).toBe(0);
});

test('manifests may come from standard input', async () => {
  const { status, err } = await command(['test', ROUTES, '-m', '-'], { input: 'apiVersion: v1' });
  expect(status).toBe(2);
  expect(err).toContain('standard input');
});

test.each([
  ['no manifests', [ROUTES], '--manifests'],
  ['no cases', ['--manifests', APIS], 'before --manifests'],
  ['manifests in the place of cases', [APIS, '--manifests', APIS], 'no test cases'],
])('%s: a sentence', async (_name, words, help) => {
  const { status, err } = await command(['test', ...words]);
  expect(status).toBe(2);
  expect(err).toContain(help);
});
