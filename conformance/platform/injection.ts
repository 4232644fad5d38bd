/*
 * Which pods get a sidecar, and which the API server refuses.
 */
import { DataPlaneMode, PodSecurityLevel } from 'cdk8s-versioned-mesh';
import { namespaceOf } from '../cluster';
import { containersOf } from '../kubernetes/node';
import { APPLY, platformYaml } from '../kubernetes/platform';
import type { Manifest } from '../manifest';
import { until } from '../program';
import { documentsOf } from './install';
import { type PlatformCluster, revisionOf } from './platform-cluster';
import { holds, inTurn, refused, type Statement, succeeded } from './statement';

export const INJECTION: readonly Statement[] = [
  {
    says: "the pods of the examples' Deployments have a sidecar, by the label istio-injection of their namespace",
    prove: async (cluster) => {
      const pods = await podsOf(cluster, 'apis');
      return holds(pods.length > 0 && pods.every((pod) => revisionOf(pod) === 'default'), shown(pods));
    },
  },
  {
    says: "the gateway's pods have a proxy in place of the image `auto`",
    prove: async (cluster) => {
      await cluster.node.settle('istio-ingress');
      const pods = await podsOf(cluster, 'istio-ingress');
      return holds(pods.length > 0 && pods.every((pod) => revisionOf(pod) === 'default'), shown(pods));
    },
  },
  {
    says: 'a namespace that names a revision which no istiod has: no sidecar, and no error',
    prove: async (cluster) => {
      await cluster.meshNamespace('lost', { revision: '1-99' });
      const pod = await cluster.createPod('lost', 'lost');
      const injected = pod.code === 0 && revisionOf(JSON.parse(pod.stdout));
      return pod.code === 0 ? holds(injected === undefined, shown([JSON.parse(pod.stdout)])) : succeeded(pod);
    },
  },
  {
    says: 'a namespace that enforces "restricted", sidecars without the CNI plugin: every pod is refused',
    prove: async (cluster) => {
      await cluster.meshNamespace('strict', { podSecurity: PodSecurityLevel.RESTRICTED });
      return refused(await cluster.createPod('strict', 'without-cni'), /violates PodSecurity "restricted:latest"/);
    },
  },
  {
    says: 'so it is with "baseline"',
    prove: async (cluster) => {
      await cluster.meshNamespace('baseline', { podSecurity: PodSecurityLevel.BASELINE });
      return refused(await cluster.createPod('baseline', 'without-cni'), /violates PodSecurity "baseline:latest"/);
    },
  },
  {
    says: 'with the CNI plugin both admit it, with its sidecar',
    prove: async (cluster) => {
      await cluster.kubectl.output(APPLY, platformYaml({ cni: true }));
      // istiod reads anew how it injects.
      await until(
        'pods are injected for the CNI plugin',
        async () => (await cluster.createPod('strict', 'with-cni')).code === 0,
      );
      const revision = await cluster.revisionOfNewPod('baseline', 'with-cni');
      return holds(revision === 'default', shown(await podsOf(cluster, 'strict', 'baseline')));
    },
  },
  {
    says: "the platform's own namespaces admit all that the platform runs in them, in ambient mode, too",
    prove: async (cluster) => {
      const yaml = platformYaml({ dataPlane: DataPlaneMode.AMBIENT });
      await cluster.kubectl.output(APPLY, yaml);
      const platform = documentsOf(yaml);
      const levels = platform.filter(({ kind }) => kind === 'Namespace').map(levelOf);
      const trials = platform.flatMap(podOf).map((pod) => async () => {
        const made = await cluster.kubectl.run(['create', '--dry-run=server', '-f', '-'], JSON.stringify(pod));
        // The CNI plugin's has an annotation that Kubernetes warns of.
        return holds(made.code === 0, made.code === 0 ? made.stdout.trim() : made.stderr.trim());
      });
      return inTurn(async () => holds(true, levels.join('\n')), ...trials);
    },
  },
];

async function podsOf({ kubectl }: PlatformCluster, ...namespaces: readonly string[]): Promise<readonly Manifest[]> {
  return (await kubectl.list(['pods'])).filter((pod) => namespaces.includes(namespaceOf(pod)));
}

function shown(pods: readonly Manifest[]): string {
  return pods
    .map((pod) => {
      const { name, namespace } = pod.metadata;
      const containers = containersOf(pod).map((each) => `${each.name} ${each.image}`);
      return `${namespace}/${name}: ${containers.join(', ')}`;
    })
    .join('\n');
}

function levelOf({ metadata }: Manifest): string {
  return `${metadata.name} enforces ${metadata.labels?.['pod-security.kubernetes.io/enforce'] ?? 'nothing'}`;
}

/** One pod as a Deployment or DaemonSet asks for it; of other objects none. */
function podOf({ kind, metadata, spec }: Manifest): readonly Manifest[] {
  if (kind !== 'Deployment' && kind !== 'DaemonSet') {
    return [];
  }
  const { template } = spec as { template: { metadata: object; spec: object } };
  const { name, namespace } = metadata;
  return [{ apiVersion: 'v1', kind: 'Pod', ...template, metadata: { ...template.metadata, name, namespace } }];
}
