/*
 * `npm run e2e`: the systems on a real API server, behind what the real Istio and the real Envoy make of them, in front of the
 * real apps, asked by curl.
 */
import { Mesh, Severity } from 'cdk8s-versioned-mesh';
import { runCommand } from '../command';
import { buildExampleApps } from '../kubernetes/images';
import { countsByVersion } from './counts';
import { curlVersion } from './curl';
import { Deployment } from './deployment';
import { examples, original, repaired, type System } from './systems';
import { tryRequest } from './trial';

/** What the pages of docs/ read from a cluster: command-line.md, and existing-yaml.md. */
const DUMPS = ['svc,deploy,gateway,vs,dr', 'svc,deploy,pods,gateway,vs,dr,se'];

const COUNTED = `Prometheus says how many requests each version got. What counts them is this run: Istio's own build of Envoy has
istio_requests_total, upstream Envoy has not, so its access log is counted under Istio's names.`;

async function main(): Promise<number> {
  buildExampleApps();
  console.log(await curlVersion());
  console.log(COUNTED);
  let failed = 0;
  for (const system of [examples(), original, repaired]) {
    failed += await tryOut(system);
  }
  console.log(failed === 0 ? '\nAll is as it was meant and as it was predicted.' : `\nDifferences: ${failed}.`);
  return failed === 0 ? 0 : 1;
}

/** Prints what was asked and what came of it, and gives how much went wrong. */
async function tryOut(system: System): Promise<number> {
  const started = Date.now();
  console.log(`\n== ${system.title}`);
  const deployment = await Deployment.of(system);
  let failed = 0;
  const line = (text: string, complaints: readonly string[]) => {
    failed += complaints.length;
    const more = complaints.map((complaint) => `\n     ${complaint}`);
    console.log(`${complaints.length === 0 ? 'ok  ' : 'FAIL'} ${text}${more.join('')}`);
  };
  try {
    const meshes = [
      Mesh.fromYaml(system.files.join('\n---\n')),
      ...(await Promise.all(DUMPS.map((kinds) => deployment.get(kinds)))).map((dump) => Mesh.fromManifests([...dump])),
    ];
    const found = [...new Set(meshes.map(errorsOf))].join(' and then ');
    const meant = system.errors.join(', ');
    line(`mesh.check: ${found || 'no error'}`, found === meant ? [] : [`it should have been ${meant || 'no error'}`]);
    for (const request of system.requests) {
      const { asked, seen, said, predicted, complaints } = await tryRequest(deployment, meshes, request);
      line(`${asked}\n     ${seen}${said && `, says ${said}`}; predicted: ${predicted}`, complaints);
    }
    for (const { query, seen, complaints } of await countsByVersion(deployment, system)) {
      line(`Prometheus, asked ${query}\n     ${seen}`, complaints);
    }
  } finally {
    await deployment.stop();
  }
  console.log(`     ${Math.round((Date.now() - started) / 1000)} s`);
  return failed;
}

function errorsOf(mesh: Mesh): string {
  const errors = mesh.check().filter(({ severity }) => severity === Severity.ERROR);
  return errors.map(({ check }) => check).join(', ');
}

runCommand(main);
