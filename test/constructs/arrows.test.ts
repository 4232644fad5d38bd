/*
 * The write side knows nothing of the read side, but for the one joint where synthesis has manifests checked.
 */
import { readdirSync, readFileSync } from 'node:fs';
import { join, relative, resolve } from 'node:path';

const SRC = resolve(__dirname, '../../src');
const JOINT = 'constructs/traffic/checks-at-synth.ts';

/** What it imports of src, without its own folders and the leaves that both sides share. */
function importedBy(file: string): string[] {
  const text = readFileSync(file, 'utf8');
  return [...text.matchAll(/(?:from|import\(|require\()\s*'(\.[^']+)'/g)]
    .map(([, path]) => relative(SRC, resolve(file, '..', path)))
    .filter((path) => !/^(constructs|syntax)\/|^\.\.\/imports\//.test(path));
}

test('src/constructs imports only src/syntax and the generated types', () => {
  const files = readdirSync(join(SRC, 'constructs'), { recursive: true, encoding: 'utf8' })
    .filter((name) => name.endsWith('.ts'))
    .map((name) => join(SRC, 'constructs', name));
  expect(files.length).toBeGreaterThan(50);
  const strangers = files.filter((file) => importedBy(file).length > 0).map((file) => relative(SRC, file));
  expect(strangers).toEqual([JOINT]);
});
