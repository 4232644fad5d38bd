/*
 * What istiod says one way or another by chance, or in a way of which the library knows that it does not know it.
 */
import { namespaceOf } from '../cluster';
import type { Manifest } from '../manifest';
import type { Facts } from './facts';

/**
 * Paths at which two descriptions cannot be held against each other.
 *
 * @param clusters whose hosts mean one thing or another by chance
 */
export function leftToChance(
  manifests: readonly Manifest[],
  clusters: readonly string[],
  all: readonly Facts[],
): readonly string[] {
  const hosts = mixedHosts(manifests);
  const isTouched = (facts: unknown) => {
    const text = JSON.stringify(facts);
    return clusters.some((name) => text.includes(`"${name}"`)) || hosts.some((host) => text.includes(`|${host}"`));
  };
  const whole = (['listeners', 'routes'] as const).flatMap((part) =>
    all
      .flatMap((facts): readonly (readonly [string, unknown])[] => Object.entries<unknown>(facts[part]))
      .filter(([, facts]) => isTouched(facts))
      .map(([name]) => `${part} / ${name}`),
  );
  return [...whole, ...all.flatMap((facts) => domainsOf(facts, new Set(addressesOf(manifests))))];
}

/** Of a ServiceEntry with several addresses, one is among the domains of its virtual host. */
function addressesOf(manifests: readonly Manifest[]): readonly string[] {
  return entriesIn(manifests).flatMap(({ spec: { addresses = [] } }) => (addresses.length > 1 ? addresses : []));
}

function domainsOf({ routes }: Facts, addresses: ReadonlySet<string>): readonly string[] {
  return Object.entries(routes).flatMap(([table, { virtualHosts }]) =>
    Object.entries(virtualHosts)
      .filter(([, { domains }]) => domains.some((domain) => addresses.has(domain)))
      .map(([name]) => `routes / ${table} / virtualHosts / ${name} / domains`),
  );
}

/**
 * Hosts of a ServiceEntry without address of its own (`resolution: NONE`) that another object of its namespace has, too: from that
 * Istio may know endpoints, and then makes a listener for each.
 */
function mixedHosts(manifests: readonly Manifest[]): readonly string[] {
  return entriesIn(manifests).flatMap(({ manifest, spec: { hosts, resolution = 'NONE' } }) =>
    resolution === 'NONE' ? hosts.filter((host) => isElsewhere(host, manifest, manifests)) : [],
  );
}

function isElsewhere(host: string, entry: Manifest, manifests: readonly Manifest[]): boolean {
  const namespace = namespaceOf(entry);
  const services = manifests.filter((each) => each.kind === 'Service' && namespaceOf(each) === namespace);
  return (
    services.some(({ metadata }) => host === `${metadata.name}.${namespace}.svc.cluster.local`) ||
    entriesIn(manifests).some(
      ({ manifest, spec }) => manifest !== entry && namespaceOf(manifest) === namespace && spec.hosts.includes(host),
    )
  );
}

interface EntrySpec {
  readonly hosts: readonly string[];
  readonly addresses?: readonly string[];
  readonly resolution?: string;
}

function entriesIn(
  manifests: readonly Manifest[],
): readonly { readonly manifest: Manifest; readonly spec: EntrySpec }[] {
  return manifests
    .filter(({ kind }) => kind === 'ServiceEntry')
    .map((manifest) => ({ manifest, spec: manifest.spec as EntrySpec }));
}
