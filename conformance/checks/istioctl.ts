/*
 * What `istioctl analyze` says to manifests.
 */
import { execFile } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

/** One message, by its code and the object that it is about, as in `VirtualService shop/apis`. */
export interface Message {
  readonly code: string;
  readonly origin: string;
  readonly level: string;
  readonly message: string;
}

export async function analyze(binary: string, manifests: readonly object[]): Promise<readonly Message[]> {
  const folder = mkdtempSync(join(tmpdir(), 'istioctl-'));
  try {
    const file = join(folder, 'mesh.yaml');
    writeFileSync(file, manifests.map((manifest) => JSON.stringify(manifest)).join('\n---\n'));
    const text = await output(binary, ['analyze', '--use-kube=false', '--all-namespaces', '-o', 'json', file]);
    return JSON.parse(text) as readonly Message[];
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

/** It ends with a status of its own where it finds errors, and without any output where it fails. */
function output(binary: string, options: readonly string[]): Promise<string> {
  return new Promise((settle, fail) => {
    execFile(binary, [...options], { maxBuffer: 1 << 26 }, (error, stdout, stderr) => {
      if (stdout.startsWith('[')) {
        settle(stdout);
      } else {
        fail(new Error(`istioctl analyze failed: ${stderr || String(error)}`));
      }
    });
  });
}
