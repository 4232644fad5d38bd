/*
 * `npm run conformance:admission`: everything that the examples and the property tests make, applied to a real API server.
 */
import { parseArgs } from 'node:util';
import { runCommand } from '../command';
import { ApiServer } from '../kubernetes/api-server';
import { Node } from '../kubernetes/node';
import { installPlatform, platformYaml } from '../kubernetes/platform';
import { Admission } from './admission';
import { anyCharts, comparedCharts, examples, fullCharts, type Sample } from './corpus';
import { PLANTED, unseenFaults } from './planted';

const { values } = parseArgs({
  options: { seed: { type: 'string', default: '1' }, charts: { type: 'string', default: '80' } },
});

async function main(): Promise<number> {
  const [seed, charts] = [Number(values.seed), Number(values.charts)];
  const samples = [...examples(), ...fullCharts(), ...anyCharts(seed, charts), ...comparedCharts(seed, charts)];
  console.log(
    `${samples.length} charts, ${countOf(samples)} manifests (seed ${values.seed}, ${values.charts} of each kind).`,
  );
  const server = await ApiServer.start();
  const node = new Node(server);
  try {
    const controllers = server.startControllers();
    await installPlatform(server, node, platformYaml());
    // So that nobody makes the pods of what is applied.
    await controllers.stop();
    console.log(
      `kube-apiserver ${await server.version()} with Istio's CRDs and istiod, which judges objects of its kinds.`,
    );
    return await admit(server, samples);
  } finally {
    await node.stop();
    await server.stop();
  }
}

async function admit(server: ApiServer, samples: readonly Sample[]): Promise<number> {
  const unseen = await unseenFaults(server);
  if (unseen.length > 0) {
    console.error(`This run would not see these faults:\n${unseen.map((each) => `  ${each}`).join('\n')}`);
    return 1;
  }
  console.log(`${PLANTED} planted faults were seen.`);
  const complaints = await new Admission(server).complaints(samples);
  for (const { title, reasons } of complaints) {
    console.log(`${title}:\n${reasons.map((reason) => `  ${reason}`).join('\n')}`);
  }
  const admitted = samples.length - complaints.length;
  console.log(`${admitted} of ${samples.length} charts were admitted whole and without a warning.`);
  return complaints.length === 0 ? 0 : 1;
}

function countOf(samples: readonly Sample[]): string {
  const kinds = new Map<string, number>();
  for (const { kind } of samples.flatMap(({ manifests }) => manifests)) {
    kinds.set(kind, (kinds.get(kind) ?? 0) + 1);
  }
  const total = [...kinds.values()].reduce((sum, count) => sum + count, 0);
  const byKind = [...kinds].sort().map(([kind, count]) => `${count} ${kind}`);
  return `${total} (${byKind.join(', ')})`;
}

runCommand(main);
