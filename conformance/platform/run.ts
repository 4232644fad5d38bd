/*
 * `npm run conformance:platform`: what is said of the platform that this library writes, tried on a real API server with the real
 * istiod.
 */
import { runCommand } from '../command';
import { INJECTION } from './injection';
import { INSTALL } from './install';
import { PlatformCluster } from './platform-cluster';
import type { Statement } from './statement';
import { DELETION, UPGRADE } from './upgrade';

const CLUSTERS: { readonly [title: string]: readonly Statement[] } = {
  'one control plane': [...INSTALL, ...INJECTION],
  'two revisions, and the end': [...UPGRADE, ...DELETION],
};

async function main(): Promise<number> {
  let failed = 0;
  for (const [title, statements] of Object.entries(CLUSTERS)) {
    failed += await tryOut(title, statements);
  }
  const count = Object.values(CLUSTERS).flat().length;
  console.log(failed === 0 ? `\nAll ${count} statements hold.` : `\n${failed} of ${count} statements do not hold.`);
  return failed === 0 ? 0 : 1;
}

/** Prints each statement and what was seen, and gives how many do not hold. They build on each other. */
async function tryOut(title: string, statements: readonly Statement[]): Promise<number> {
  const started = Date.now();
  const cluster = await PlatformCluster.start();
  console.log(`\n== ${title}, on kube-apiserver ${await cluster.server.version()}`);
  let failed = 0;
  try {
    for (const { says, prove } of statements) {
      const { seen, complaints } = await prove(cluster).catch((error: Error) => ({
        seen: '',
        complaints: [error.message],
      }));
      const lines = [...seen.split('\n'), ...complaints].filter((line) => line !== '');
      failed += complaints.length > 0 ? 1 : 0;
      console.log([`${complaints.length === 0 ? 'ok  ' : 'FAIL'} ${says}`, ...lines].join('\n     '));
    }
  } finally {
    await cluster.stop();
  }
  console.log(`     ${Math.round((Date.now() - started) / 1000)} s`);
  return failed;
}

runCommand(main);
