/*
 * Puts services with policies into the real Istio and the real Envoy, and calls them.
 */
import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { Backends } from '../backend';
import { makeCertificate } from '../certificate';
import type { Reply } from '../client';
import { Cluster, type Pod } from '../cluster';
import { ControlPlane, documents, type Resources } from '../control-plane';
import { Envoy } from '../envoy';
import { combine, type EnvoyConfig } from '../envoy-config';
import { inTurns } from '../in-turns';
import { Journal } from '../journal';
import { isIstio, type Manifest } from '../manifest';
import { Authority, identityOf, spiffe } from './authority';
import type { Call, Closure } from './calls';
import { Clients, type SecuredMesh } from './clients';
import { inbound } from './inbound';
import { LoopbackPorts } from './ports';

export interface SecurityLaboratoryOptions {
  /** The control plane's binary. */
  readonly xds: string;
  readonly envoy: string;
  /** Folder for what Envoy and openssl read and write. */
  readonly folder: string;
  /** The first of the loopback ports that are used. */
  readonly portBase: number;
}

/** A mesh, and what Istio makes of it for each pod. */
export interface Translated extends SecuredMesh {
  readonly proxies: readonly Resources[];
}

/** What became of calls. */
export interface Outcome {
  readonly replies: readonly Reply[];
  /** How many connections Envoy says that it closed, for each reason. */
  readonly closed: ReadonlyMap<Closure, number>;
}

/** How many calls are under way at the same time. */
const PARALLEL = 16;

export class SecurityLaboratory {
  public readonly ports: LoopbackPorts;
  private readonly controlPlane: ControlPlane;
  private readonly envoy: Envoy;
  private readonly backends: Backends;
  private readonly authority: Authority;
  private readonly otherAuthority: Authority;

  public constructor({ xds, envoy, folder, portBase }: SecurityLaboratoryOptions) {
    mkdirSync(folder, { recursive: true });
    this.ports = new LoopbackPorts(portBase);
    this.authority = new Authority(join(folder, 'authority'));
    this.otherAuthority = new Authority(join(folder, 'other-authority'));
    this.controlPlane = new ControlPlane(xds);
    this.envoy = new Envoy({ binary: envoy, folder, adminPort: portBase });
    this.backends = new Backends(makeCertificate(folder), new Journal());
  }

  /** Every pod gets a sidecar, or is a gateway's. */
  public async translate(manifests: readonly Manifest[], trustDomain: string): Promise<Translated> {
    const cluster = new Cluster(manifests.map(injected));
    const { proxies, refused, error } = await this.controlPlane.answer({
      kubernetes: documents(cluster.objects()),
      istio: documents(manifests.filter(isIstio)),
      autoMtls: true,
      trustDomain,
      proxies: cluster.pods.map((pod) => ({ ...pod, type: isGatewayPod(pod) ? 'router' : 'sidecar' })),
    });
    if (proxies === undefined) {
      throw new Error(`Istio does not take the manifests: ${error ?? refused?.join('; ')}`);
    }
    return { cluster, trustDomain, proxies };
  }

  public async run(translated: Translated, calls: readonly Call[]): Promise<Outcome> {
    await this.backends.open([this.ports.appBackend, this.ports.otherBackend]);
    const refused = await this.envoy.start(this.envoyConfig(translated));
    try {
      if (refused.size > 0) {
        throw new Error(`Envoy refuses listeners: ${JSON.stringify([...refused])}`);
      }
      const clients = new Clients(translated, this.ports, this.authority, this.otherAuthority);
      const replies = await inTurns(calls, PARALLEL, (call) => clients.send(call));
      return { replies, closed: await this.closed() };
    } finally {
      await this.envoy.stop();
    }
  }

  public close(): void {
    this.controlPlane.stop();
    this.backends.close();
  }

  private envoyConfig({ cluster, trustDomain, proxies }: Translated): EnvoyConfig {
    const certificates = cluster.pods.map((pod) => this.authority.certificateOf(spiffe(trustDomain, identityOf(pod))));
    const outbound = combine(proxies, this.ports, (index) => certificates[index]);
    const entries = proxies.map((resources, index) =>
      inbound(resources, cluster.pods[index].ip, this.ports, { index, certificate: certificates[index] }),
    );
    return {
      listeners: [...outbound.listeners, ...entries.flatMap(({ listeners }) => listeners)],
      clusters: [...outbound.clusters, ...entries.flatMap(({ clusters }) => clusters)],
    };
  }

  private async closed(): Promise<ReadonlyMap<Closure, number>> {
    const counters = await this.envoy.statistics('^listener\\.|^tcp\\.');
    return new Map(
      Object.entries(COUNTERS).map(([closure, counter]) => {
        const counts = [...counters].filter(([name]) => name.endsWith(counter)).map(([, count]) => count);
        return [closure as Closure, counts.reduce((sum, count) => sum + count, 0)];
      }),
    );
  }
}

/** The counter in which Envoy counts the connections that it closed for a reason. */
const COUNTERS: { readonly [closure in Closure]: string } = {
  'another authority': '.ssl.fail_verify_error',
  'another trust domain': '.ssl.fail_verify_san',
  'no certificate': '.ssl.fail_verify_no_cert',
  'plain text': '.no_filter_chain_match',
  'closed by policy': '.rbac.denied',
};

/** With the label by which others know that the pod has a sidecar; in a cluster, the webhook that injects it writes it. */
function injected(manifest: Manifest): Manifest {
  if (manifest.kind !== 'Deployment') {
    return manifest;
  }
  const { template, ...spec } = manifest.spec as { template: { metadata: { labels: object } } };
  const labels = { ...template.metadata.labels, 'security.istio.io/tlsMode': 'istio' };
  return { ...manifest, spec: { ...spec, template: { ...template, metadata: { ...template.metadata, labels } } } };
}

function isGatewayPod({ labels }: Pod): boolean {
  return labels.istio === 'ingressgateway';
}
