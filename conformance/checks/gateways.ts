/*
 * Gateways, and the VirtualServices that are bound to them, as predictions need them.
 */
import { namespaceOf } from '../cluster';
import type { Ask, Manifest, MeshCase } from '../manifest';
import type { Observation } from '../observation';
import { marksOf, objectNamed, specOf } from './marks';
import { asksFor, type Case, type Trial } from './trial';

export interface Server {
  readonly port: { readonly number: number; readonly name: string; readonly protocol: string };
  readonly hosts: readonly string[];
  readonly tls?: object;
}

export interface GatewaySpec {
  readonly selector: { readonly [key: string]: string };
  readonly servers: readonly Server[];
}

export function gatewaySpec(manifest: Manifest): GatewaySpec {
  return manifest.spec as GatewaySpec;
}

/** The Gateways that the proxy obeys. */
export function gatewaysOf({ manifests, proxy }: MeshCase): readonly Manifest[] {
  const labels = proxy.gateway?.labels ?? {};
  return manifests.filter(
    (manifest) =>
      manifest.kind === 'Gateway' &&
      Object.entries(gatewaySpec(manifest).selector).every(([key, value]) => labels[key] === value),
  );
}

/** The Gateways that a VirtualService names, as `namespace/name`. */
export function boundTo(virtualService: Manifest): readonly string[] {
  const { gateways = ['mesh'] } = specOf(virtualService);
  return gateways.map((name) =>
    name === 'mesh' || name.includes('/') ? name : `${namespaceOf(virtualService)}/${name}`,
  );
}

export function refOf(manifest: Manifest): string {
  return `${namespaceOf(manifest)}/${manifest.metadata.name}`;
}

export function virtualServiceOf({ finding, mesh }: Case): Manifest | undefined {
  return objectNamed(mesh.manifests, 'VirtualService', finding.namespace, finding.name);
}

export function replace(mesh: MeshCase, old: Manifest, ...by: readonly Manifest[]): MeshCase {
  return { ...mesh, manifests: mesh.manifests.flatMap((each) => (each === old ? by : [each])) };
}

/** The marks of the rules that a VirtualService has of its own. */
export function rulesOf(virtualService: Manifest): readonly string[] {
  return (specOf(virtualService).http ?? []).map(({ name = '' }) => name);
}

export function asksForAll(one: Case, object: Manifest, count = 4): readonly Ask[] {
  return rulesOf(object).flatMap((_, rule) => asksFor(one, { object, rule }, count));
}

export function answeredBy(seen: Observation, marks: readonly string[]): boolean {
  const found = marksOf(seen);
  return marks.some((mark) => found.has(mark));
}

/** No rule of a VirtualService answers, for requests that are meant; in the mended mesh some does. */
export function silent(
  asks: readonly Ask[],
  marks: readonly string[],
  mended: MeshCase,
  isMeant: (ask: Ask) => boolean = () => true,
): Trial {
  return {
    asks,
    mended,
    judge({ ask, seen, mended: after }) {
      if (!isMeant(ask)) {
        return 'says nothing';
      }
      if (answeredBy(seen, marks)) {
        return { refutes: 'a rule answered' };
      }
      return after !== undefined && answeredBy(after, marks) ? 'confirms' : 'says nothing';
    },
  };
}

/** A Gateway that serves all hosts of the VirtualService by HTTP. */
export function servingAll(
  mesh: MeshCase,
  ref: string,
  { hosts = [] }: { readonly hosts?: readonly string[] },
): Manifest {
  const [namespace, name] = ref.split('/');
  const port = { number: 80, name: 'http', protocol: 'HTTP' };
  return {
    apiVersion: 'networking.istio.io/v1',
    kind: 'Gateway',
    metadata: { name, namespace, creationTimestamp: '2025-01-01T00:00:00Z' },
    spec: { selector: mesh.proxy.gateway?.labels, servers: [{ port, hosts }] },
  };
}
