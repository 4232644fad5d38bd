/*
 * The platform in an empty cluster, and applied again.
 */
import { parseAllDocuments } from 'yaml';
import { installPlatform, type PlatformOptions, platformYaml } from '../kubernetes/platform';
import type { Manifest } from '../manifest';
import { until } from '../program';
import { synthesizedExamples } from '../synth';
import type { PlatformCluster } from './platform-cluster';
import { holds, inTurn, refused, type Statement, succeeded } from './statement';

const PLATFORM = platformYaml();
const EXAMPLES = synthesizedExamples();

/** As the charts are without what the platform sets, so that istiod decides. */
const WITHOUT_POLICY: PlatformOptions = {
  values: { base: { base: { validationFailurePolicy: '' } }, istiod: { base: { validationFailurePolicy: '' } } },
};

export const INSTALL: readonly Statement[] = [
  {
    says: "a fresh install: all objects of the platform's file are applied at once",
    prove: async (cluster) => succeeded(await cluster.apply(PLATFORM), `${documentsOf(PLATFORM).length} objects`),
  },
  {
    says: "Istio's kinds are established",
    prove: async ({ kubectl }) => {
      const selector = ['--selector', 'app.kubernetes.io/part-of=istio'];
      const result = await kubectl.run(['wait', '--for=condition=Established', '--timeout=60s', 'crd', ...selector]);
      return succeeded(result, `${result.stdout.trim().split('\n').length} CustomResourceDefinitions`);
    },
  },
  {
    says: 'while istiod is not there yet, pods are refused in namespaces with sidecars',
    prove: async (cluster) => {
      await cluster.meshNamespace('early');
      return refused(
        await cluster.createPod('early', 'early'),
        /failed calling webhook "namespace.sidecar-injector.istio.io"/,
      );
    },
  },
  {
    says: 'istiod becomes available with no more rights than the charts give it, and at once a VirtualService that is wrong is refused',
    prove: async (cluster) => {
      await installPlatform(cluster.server, cluster.node, PLATFORM);
      return refused(
        await cluster.apply(BAD_VIRTUAL_SERVICE),
        /admission webhook "validation\.istio\.io" denied the request/,
      );
    },
  },
  {
    says: 'the examples are applied, each file at once, in the order of their names',
    prove: (cluster) =>
      inTurn(
        ...EXAMPLES.map(
          ({ file, yaml }) =>
            async () =>
              succeeded(await cluster.apply(yaml), `${file}: ${documentsOf(yaml).length} objects`),
        ),
      ),
  },
  {
    says: 'a second apply of everything changes nothing, and conflicts with nothing of what istiod has written',
    prove: async (cluster) => {
      const files = [PLATFORM, ...EXAMPLES.map(({ yaml }) => yaml)];
      const before = await versions(cluster, files);
      const applied = await inTurn(...files.map((yaml) => async () => succeeded(await cluster.apply(yaml), '')));
      const after = await versions(cluster, files);
      const changed = [...after].filter(([name, version]) => before.get(name) !== version).map(([name]) => name);
      const seen = `${after.size} objects, ${changed.length} changed${changed.map((name) => `\n${name}`).join('')}`;
      return applied.complaints.length > 0 ? applied : holds(changed.length === 0, seen);
    },
  },
  {
    says: 'and it would conflict if the platform left the failure policy of its webhooks to istiod',
    prove: async (cluster) => {
      const yaml = platformYaml(WITHOUT_POLICY);
      await cluster.kubectl.output(['apply', '--server-side', '--force-conflicts', '-f', '-'], yaml);
      await untilFailClosed(cluster);
      const applied = await cluster.apply(yaml);
      const conflicts = applied.stderr.split('\n').filter((line) => line.includes('conflict with'));
      const proof = refused(
        { ...applied, stderr: conflicts.join('\n') },
        /conflict with "pilot-discovery".*failurePolicy/,
      );
      await cluster.kubectl.output(['apply', '--server-side', '--force-conflicts', '-f', '-'], PLATFORM);
      return proof;
    },
  },
];

const BAD_VIRTUAL_SERVICE = JSON.stringify({
  apiVersion: 'networking.istio.io/v1',
  kind: 'VirtualService',
  metadata: { name: 'wrong', namespace: 'default' },
  spec: { hosts: ['wrong'], http: [{}] },
});

export function documentsOf(yaml: string): readonly Manifest[] {
  return parseAllDocuments(yaml)
    .map((each) => each.toJS() as Manifest | null)
    .filter((each) => each !== null);
}

/** By object of files, what changes when it does; of those with a status, when more than that does. */
async function versions({ kubectl }: PlatformCluster, files: readonly string[]): Promise<ReadonlyMap<string, string>> {
  const text = await kubectl.output(['get', '--output', 'json', '-f', '-'], files.join('\n---\n'));
  const { items } = JSON.parse(text) as { items: readonly Manifest[] };
  return new Map(
    items.map(({ kind, metadata }) => {
      const { generation, resourceVersion } = metadata as { generation?: number; resourceVersion?: string };
      return [`${kind} ${metadata.namespace ?? ''}/${metadata.name}`, `${generation ?? resourceVersion}`];
    }),
  );
}

/** istiod makes its webhooks fail closed once it has seen that they work. */
function untilFailClosed({ kubectl }: PlatformCluster): Promise<void> {
  return until('istiod has its webhooks fail closed', async () => {
    const configurations = await kubectl.list(['validatingwebhookconfigurations']);
    return configurations
      .flatMap((each) => each.webhooks as readonly { failurePolicy: string }[])
      .every(({ failurePolicy }) => failurePolicy === 'Fail');
  });
}
