import { closeSync, ftruncateSync, openSync, readFileSync } from 'node:fs';
import { APIS, command, DEAD, Folder } from './command';

const folder = new Folder();
afterAll(() => folder.remove());

function bomb(): string {
  const levels = 'abcdefghi'.split('');
  const lines = levels.map((name, level) => {
    const item = level === 0 ? 'x' : `*${levels[level - 1]}`;
    return `${name}: &${name} [${Array(9).fill(item).join(', ')}]`;
  });
  return lines.join('\n');
}

/** Takes no room on the disk. */
function large(): string {
  const file = folder.write('large.yaml', '');
  const descriptor = openSync(file, 'r+');
  ftruncateSync(descriptor, 100 * 1024 * 1024);
  closeSync(descriptor);
  return file;
}

test.each([
  ['a missing path', `${folder.path}/none`, 'does not exist'],
  ['a binary file', folder.write('image.yaml', new Uint8Array([1, 0, 2])), 'binary'],
  ['broken YAML', folder.write('broken.yaml', 'kind: [1\nb: }'), 'line 2'],
  ['broken JSON', folder.write('broken.json', '{"kind": '), 'not valid JSON'],
  ['a YAML bomb', folder.write('bomb.yaml', bomb()), 'YAML bomb'],
  ['a file of 100 MB', large(), '104857600 bytes'],
  ['nothing that is a Kubernetes object', folder.write('values.yaml', 'replicas: 3'), 'no Kubernetes objects'],
])('%s: a sentence', async (_name, file, words) => {
  const { status, out, err } = await command(['check', file]);
  expect(status).toBe(2);
  expect(out).toBe('');
  expect(err).toContain(words);
  expect(err).not.toMatch(/\n +at /);
});

test.each([
  ['nothing', '', 'no Kubernetes objects'],
  ['bytes', new Uint8Array([1, 0, 2]), 'binary'],
  ['another encoding', new Uint8Array([0x6b, 0xfc]), 'UTF-8'],
  ['broken YAML', 'kind: [', 'standard input is not valid YAML'],
  ['more than anybody reads', new Uint8Array(65 * 1024 * 1024), 'more than 67108864 bytes'],
])('%s on standard input: a sentence', async (_name, input, words) => {
  const { status, err } = await command(['check', '-'], { input });
  expect(status).toBe(2);
  expect(err).toContain(words);
});

test.each([
  ['no command', [], 'Usage:'],
  ['an unknown command', ['chekc'], 'did you mean check?'],
  ['an unknown flag', ['check', APIS, '--formt', 'json'], 'did you mean --format?'],
  ['an unknown flag of one letter', ['check', APIS, '-z'], 'no flag -z'],
  ['a flag without its value', ['check', APIS, '--format'], 'needs a value'],
  ['a flag in the place of a value', ['check', '--format', '--fail-on', 'error'], 'looks like another flag'],
  ['a value that is none of the choices', ['check', APIS, '--format', 'xml'], 'text, json, sarif, github or markdown'],
  ['a value for a flag that has none', ['route', APIS, '--json=1'], 'takes no value'],
  ['no paths', ['check'], "'-' for standard input"],
  ['an empty path', ['check', APIS, ''], 'A path is empty'],
  [
    'a command that help does not know',
    ['help', 'nope'],
    '"nope"; the commands are check, explain, route, config, test',
  ],
])('%s: a sentence and where to read more', async (_name, argv, words) => {
  const { status, out, err } = await command(argv);
  expect(status).toBe(2);
  expect(out).toBe('');
  expect(err).toContain(words);
  expect(err).toContain('--help');
});

test('a name in a manifest can neither move the cursor nor begin a line', async () => {
  const evil = readFileSync(DEAD, 'utf8').replaceAll('apis-gateway', '"apis\\e[2J\\n::error::b"');
  const outputs = [
    await command(['check', '-'], { input: evil }),
    await command(['route', '-', '--url', 'http://a/'], { input: evil }),
  ];
  for (const { out } of outputs) {
    expect(out).toContain('apis\\u001b[2J\\u000a::error::b');
    expect(out).not.toContain('\u001b');
  }
});
