/*
 * docs/command-line.md shows what the command writes. Its files are put into a folder, its commands run there, and what they
 * write must stand below them. `UPDATE_DOCS=1` writes it there.
 */
import { copyFileSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import * as path from 'node:path';
import { APIS, command, Folder } from './command';

const PAGE = path.resolve('docs/command-line.md');
const FILE = /<!-- file: (\S+) -->\n```yaml\n([\s\S]*?)```/g;
const CONSOLE = /```console\n\$ versioned-mesh (.*)\n([\s\S]*?)```/g;

const folder = new Folder();
const home = process.cwd();

beforeAll(() => {
  for (const [, name, content] of readFileSync(PAGE, 'utf8').matchAll(FILE)) {
    folder.write(name, content);
  }
  mkdirSync(path.join(folder.path, 'dist'));
  copyFileSync(APIS, path.join(folder.path, 'dist', 'apis.k8s.yaml'));
  process.chdir(folder.path);
});

afterAll(() => {
  process.chdir(home);
  folder.remove();
});

/** As a shell splits it; the page needs no more than single quotes. */
function words(line: string): readonly string[] {
  return [...line.matchAll(/'([^']*)'|(\S+)/g)].map(([, quoted, bare]) => quoted ?? bare);
}

test('every output on the page is what the command writes', async () => {
  let page = readFileSync(PAGE, 'utf8');
  const shown = [...page.matchAll(CONSOLE)];
  expect(shown.length).toBeGreaterThan(3);
  for (const [block, line] of shown) {
    const { out, err } = await command(words(line));
    expect(err).toBe('');
    page = page.replace(block, () => `\`\`\`console\n$ versioned-mesh ${line}\n${out}\`\`\``);
  }
  if (process.env.UPDATE_DOCS) {
    writeFileSync(PAGE, page);
  }
  expect(readFileSync(PAGE, 'utf8')).toBe(page);
});
