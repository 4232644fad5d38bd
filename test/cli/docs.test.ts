/*
 * Pages that show what the command writes. A page's files are put into a folder, its commands run there, and what they write
 * must stand below them. `UPDATE_DOCS=1` writes it there.
 */
import { copyFileSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import * as path from 'node:path';
import { App } from 'cdk8s';
import { rollout } from '../../docs/snippets/guide/rollout';
import { APIS, command, Folder } from './command';

const FILE = /<!-- file: (\S+) -->\n```yaml\n([\s\S]*?)```/g;
const CONSOLE = /```console\n\$ (?:npx )?versioned-mesh (.*)\n([\s\S]*?)```/g;

const home = process.cwd();
let folder: Folder;

beforeEach(() => {
  folder = new Folder();
  process.chdir(folder.path);
});

afterEach(() => {
  process.chdir(home);
  folder.remove();
});

test.each(['command-line.md', 'read-a-finding.md', 'existing-yaml.md', 'progressive-delivery.md'])(
  '%s shows what the command writes',
  async (name) => {
    const file = path.join(home, 'docs', name);
    const written = readFileSync(file, 'utf8');
    putFiles(written);
    if (name === 'progressive-delivery.md') {
      putRollout();
    }
    const shown = [...written.matchAll(CONSOLE)];
    expect(shown).not.toHaveLength(0);
    let page = written;
    for (const [block, line] of shown) {
      const { out, err } = await command(words(line));
      expect(err).toBe('');
      page = page.replace(block, () => block.replace(/\n[\s\S]*/, () => `\n${block.split('\n')[1]}\n${out}\`\`\``));
    }
    if (process.env.UPDATE_DOCS) {
      writeFileSync(file, page);
    }
    expect(readFileSync(file, 'utf8')).toBe(page);
  },
);

function putFiles(page: string): void {
  for (const [, name, content] of page.matchAll(FILE)) {
    mkdirSync(path.dirname(path.join(folder.path, name)), { recursive: true });
    folder.write(name, content);
  }
  mkdirSync(path.join(folder.path, 'dist'));
  copyFileSync(path.resolve(home, APIS), path.join(folder.path, 'dist', 'apis.k8s.yaml'));
}

/** What `npx tsx rollout.ts` writes. */
function putRollout(): void {
  const app = new App({ outdir: 'dist' });
  rollout(app);
  app.synth();
}

/** As a shell splits it; the pages need no more than single quotes. */
function words(line: string): readonly string[] {
  return [...line.matchAll(/'([^']*)'|(\S+)/g)].map(([, quoted, bare]) => quoted ?? bare);
}
