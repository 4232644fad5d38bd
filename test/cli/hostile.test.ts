/*
 * Text of manifests in what the command writes: it may be ugly, but build servers, terminals and people see it for what it is.
 */
import { command } from './command';

const NAMES = [
  '::error::pwned',
  'a\n::error file=a::pwned',
  '##vso[task.complete result=Succeeded;]x',
  '##[error]x',
  'a\r##[error]x',
  '\u202eslanigiro\u001b[2J',
  'x'.repeat(16_000),
];

const manifests = (name: string) =>
  JSON.stringify({
    kind: 'List',
    items: [
      {
        apiVersion: 'networking.istio.io/v1',
        kind: 'Gateway',
        metadata: { name: 'g' },
        spec: {
          selector: { istio: 'ingressgateway' },
          servers: [{ port: { number: 80, name: 'http', protocol: 'HTTP' }, hosts: ['*'] }],
        },
      },
      {
        apiVersion: 'networking.istio.io/v1',
        kind: 'VirtualService',
        metadata: { name },
        spec: {
          hosts: ['a', name],
          gateways: ['g', name],
          http: [
            {
              match: [{ headers: { [name]: { exact: name } }, uri: { regex: name } }],
              route: [{ destination: { host: name, subset: name } }],
            },
            {
              name,
              route: [{ destination: { host: 'b', subset: name } }],
              headers: { request: { set: { [name]: name } } },
            },
          ],
        },
      },
    ],
  });

const route = (...words: string[]) => ['route', '-', '--url', 'http://a/', ...words];

describe.each(NAMES.map((name) => [name.length > 50 ? 'a long name' : JSON.stringify(name), name]))('%s', (_, name) => {
  test.each([
    ['check', ['check', '-']],
    ...['json', 'sarif', 'github', 'markdown'].map(
      (format) => [`check as ${format}`, ['check', '-', '--format', format]] as const,
    ),
    ['route', route()],
    ['route as JSON', route('--json')],
    ['config', ['config', '-', '--from', 'gateway']],
    ['config as JSON', ['config', '-', '--json']],
    ['explain', ['explain', name]],
    ['an error', ['check', name]],
    ['a wrong flag', ['check', '-', '--disable', name]],
  ] as const)('%s', async (_command, argv) => {
    const { out, err } = await command(argv, { input: manifests(name) });
    const lines = (out + err).split('\n');
    expect(
      lines.filter((line) => /^\s*::/.test(line) && !/^::(error|warning|notice) (file|title)=/.test(line)),
    ).toEqual([]);
    expect(lines.filter((line) => /##\w*\[/.test(line))).toEqual([]);
    expect(out + err).not.toMatch(/(?!\n)[\p{Cc}\p{Zl}\p{Zp}\p{Bidi_Control}]/u);
  });

  test('no line for people is longer than a page', async () => {
    for (const argv of [['check', '-'], route(), ['check', name]]) {
      const { out, err } = await command(argv, { input: manifests(name) });
      expect(Math.max(...(out + err).split('\n').map((line) => line.length))).toBeLessThan(5000);
    }
  });
});
