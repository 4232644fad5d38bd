/*
 * What one waits for before anything is done: the command, and the library in an app.
 */
import { execFileSync } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Yaml } from 'cdk8s';
import { COMMAND } from './checks';
import { compare, wallClock } from './measure';
import { meshOf } from './mesh-manifests';
import type { Row } from './row';

const ROUNDS = { clock: wallClock, warmUp: 1, rounds: 15 };

/** `versioned-mesh route` of a small file, over a Node that does nothing. */
export function routeStart(): Row {
  const objects = meshOf(1);
  const folder = mkdtempSync(join(tmpdir(), 'start-bench-'));
  try {
    const file = join(folder, 'mesh.yaml');
    writeFileSync(file, Yaml.stringify(...objects));
    const result = compare(
      () => node(COMMAND, 'route', file, '--url', 'http://app-0.example.com/'),
      () => node('-e', '0'),
      ROUNDS,
    );
    return { what: `\`versioned-mesh route\` of ${objects.length} objects in YAML ÷ \`node -e 0\``, bar: 2, result };
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

/** The library, which itself needs cdk8s-plus, over cdk8s-plus alone. */
export function libraryLoad(): Row {
  const load = (name: string) => () => node('-e', `require('${name}')`);
  return {
    what: "`require('cdk8s-versioned-mesh')` ÷ `require('cdk8s-plus-27')`, each in a Node of its own",
    result: compare(load('cdk8s-versioned-mesh'), load('cdk8s-plus-27'), ROUNDS),
  };
}

function node(...args: readonly string[]): void {
  execFileSync(process.execPath, args, { cwd: __dirname, stdio: 'ignore' });
}
