/*
 * The command `versioned-mesh check` against `istioctl analyze`, each from its start to its end on the same YAML file.
 */
import { execFileSync } from 'node:child_process';
import { existsSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { Yaml } from 'cdk8s';
import { compare, wallClock } from './measure';
import { meshOf } from './mesh-manifests';
import type { Row } from './row';

export const COMMAND = join(dirname(__dirname), 'lib/src/cli/launch.js');
const BUILT = join(dirname(__dirname), 'conformance/.cache/istioctl');
const ISTIOCTL = process.env.ISTIOCTL ?? (existsSync(BUILT) ? BUILT : 'istioctl');

export function checksCost(services: number, bar: number): Row {
  const objects = meshOf(services);
  const what = `\`versioned-mesh check\` of ${objects.length} objects in YAML ÷ \`istioctl analyze\` of the same file`;
  if (!runs(ISTIOCTL, ['version', '--remote=false'])) {
    return {
      what,
      bar,
      result: {
        skipped:
          'istioctl is not at hand (it is looked for as $ISTIOCTL, then as conformance/prepare builds it, then on the PATH)',
      },
    };
  }
  const folder = mkdtempSync(join(tmpdir(), 'checks-bench-'));
  try {
    const file = join(folder, 'mesh.yaml');
    writeFileSync(file, Yaml.stringify(...objects));
    const result = compare(
      () => execFileSync(process.execPath, [COMMAND, 'check', file], { stdio: 'ignore' }),
      () => execFileSync(ISTIOCTL, ['analyze', '--use-kube=false', file], { stdio: 'ignore' }),
      { clock: wallClock, warmUp: 1, rounds: services === 1 ? 15 : 5 },
    );
    return { what, bar, result };
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

function runs(command: string, args: readonly string[]): boolean {
  try {
    execFileSync(command, args, { stdio: 'ignore' });
    return true;
  } catch {
    return false;
  }
}
