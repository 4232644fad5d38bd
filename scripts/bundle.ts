/*
 * Writes lib/bundle/versioned-mesh.js: the command with all that it needs, as src/cli/launch.ts loads it.
 *
 *   tsx scripts/bundle.ts
 *
 * The file is a function of `require` and holds ASCII only, so that it can be read without being decoded. Names stay as they are
 * written, for the stack of a fault. The notices of what is bundled stand in the package, where NOTICE says.
 */
import { mkdirSync, rmSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { buildSync } from 'esbuild';

const ROOT = join(__dirname, '..');
const BUNDLE = join(ROOT, 'lib/bundle/versioned-mesh.js');

/** The text of the bundle. */
export function bundle(): string {
  const { outputFiles } = buildSync({
    absWorkingDir: ROOT,
    entryPoints: ['src/cli/main.ts'],
    bundle: true,
    write: false,
    platform: 'node',
    target: 'node20',
    mainFields: ['module', 'main'],
    // Only charts need cdk8s, and the command reads none.
    external: ['cdk8s', 'cdk8s-versioned-mesh'],
    banner: { js: '(function (require) {' },
    footer: { js: '})' },
    legalComments: 'none',
    minifyWhitespace: true,
    minifySyntax: true,
  });
  const code = outputFiles[0].text.replace(/^#!.*\n/, '');
  return code.replace(/[^\0-\x7f]/g, (unit) => `\\u${unit.charCodeAt(0).toString(16).padStart(4, '0')}`);
}

if (require.main === module) {
  // What an older bundle left in V8's caches would pass for this one's.
  rmSync(dirname(BUNDLE), { recursive: true, force: true });
  mkdirSync(dirname(BUNDLE), { recursive: true });
  writeFileSync(BUNDLE, bundle());
}
