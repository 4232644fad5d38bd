/*
 * A release as what has Argo CD install it: an Application.
 */
import { ApiObject, Lazy, Yaml } from 'cdk8s';
import type { IConstruct } from 'constructs';
import { repositoryOf } from './chart-repository';
import { type Deliver, partsBefore, type Release } from './release';

/** Where Argo CD is, and for which cluster it works. */
export interface ArgoCd {
  readonly namespace: string;
  readonly project: string;
  readonly server: string;
}

/** The API server of the cluster that Argo CD is in. */
export const IN_CLUSTER = 'https://kubernetes.default.svc';

/** Has Argo CD install releases. */
export function argoCdRelease({ namespace, project, server }: ArgoCd): Deliver {
  return (part, release, source) => {
    const { url, version } = repositoryOf(part, source, 'Argo CD');
    const wave = Lazy.any({ produce: () => String(waveOf(part)) }) as string;
    new ApiObject(part, 'Application', {
      apiVersion: 'argoproj.io/v1alpha1',
      kind: 'Application',
      // Without the finalizer that has all of an Application deleted with it: that would be Istio under the feet of all apps.
      metadata: { name: release.name, namespace, annotations: { 'argocd.argoproj.io/sync-wave': wave } },
      spec: {
        project,
        destination: { server, namespace: release.namespace },
        source: {
          // Argo CD knows a registry by the missing scheme.
          repoURL: url.replace(/^oci:\/\//, ''),
          chart: release.chart,
          targetRevision: version,
          // As text: of `valuesObject`, Argo CD loses each null (argoproj/argo-cd#16312), and with it what a chart shall leave out.
          helm: { releaseName: release.name, values: Yaml.stringify(release.values) },
        },
        syncPolicy: syncPolicyOf(release, server),
      },
    });
  };
}

/** After those of all parts before it. Namespaces are of wave 0, in which is what names none. */
function waveOf(part: IConstruct): number {
  return 1 + Math.max(0, ...partsBefore(part).map(waveOf));
}

function syncPolicyOf({ chart }: Release, server: string): object {
  // Which kinds a release no longer has, a person should look at: with one, all objects of it would go.
  const prune = chart !== 'base';
  return {
    automated: { prune, selfHeal: true },
    syncOptions: [
      // Since the kinds are longer than the annotation of a client may be.
      'ServerSideApply=true',
      ...(prune ? [] : ['Prune=false']),
      ...(server === IN_CLUSTER ? [] : ['CreateNamespace=true']),
    ],
    // For parts that cannot be yet what they are to be, as a gateway without istiod's webhook.
    retry: { limit: 10 },
  };
}
