/*
 * What istiod says one way or another by chance, or in a way of which the library knows that it does not know it.
 */
import { namespaceOf } from '../cluster';
import type { Manifest } from '../manifest';
import type { Facts } from './facts';

/** Whether there can be any of it in a mesh. */
export function knowsChance(manifests: readonly Manifest[]): boolean {
  return entriesIn(manifests).length > 0 || aliasesBelowWildcards(manifests).length > 0;
}

/** Paths at which two descriptions cannot be held against each other. */
export function leftToChance(manifests: readonly Manifest[], all: readonly Facts[]): readonly string[] {
  if (!knowsChance(manifests)) {
    return [];
  }
  const twins = twinHosts(manifests);
  const isTouched = (facts: unknown) => namesHost(JSON.stringify(facts), [...twins, ...mixedHosts(manifests)]);
  const paths = (part: keyof Facts, isMeant: (name: string, facts: unknown) => boolean) =>
    all
      .flatMap((facts): readonly (readonly [string, unknown])[] => Object.entries<unknown>(facts[part]))
      .filter(([name, facts]) => isMeant(name, facts))
      .map(([name]) => `${part} / ${name}`);
  return [
    ...paths('listeners', (_, facts) => isTouched(facts)),
    ...paths('routes', (_, facts) => isTouched(facts)),
    ...paths('clusters', (name) => namesHost(`${name}"`, twins)),
    ...all.flatMap((facts) => domainsOf(facts, new Set(addressesOf(manifests)))),
    ...tablesWithAliases(all, aliasesBelowWildcards(manifests)),
  ];
}

/** Names of ExternalName Services, where a rule for a wildcard takes them and what they stand for in any order. */
function aliasesBelowWildcards(manifests: readonly Manifest[]): readonly string[] {
  const isForWildcard = manifests.some(
    ({ kind, spec }) =>
      kind === 'VirtualService' &&
      ((spec as { hosts?: readonly string[] }).hosts ?? []).some((host) => host.includes('*')),
  );
  const aliases = manifests.filter(
    ({ kind, spec }) => kind === 'Service' && (spec as { type?: string }).type === 'ExternalName',
  );
  return isForWildcard ? aliases.map((alias) => `${alias.metadata.name}.${namespaceOf(alias)}.svc.cluster.local`) : [];
}

/** Tables in which an alias has a virtual host of its own, or might have, and not only a name of another. */
function tablesWithAliases(all: readonly Facts[], aliases: readonly string[]): readonly string[] {
  return all.flatMap(({ routes }) =>
    Object.entries(routes)
      .filter(([, { order }]) => order.some((name) => aliases.some((alias) => name.startsWith(`${alias}:`))))
      .map(([name]) => `routes / ${name}`),
  );
}

/** Whether a cluster of one of the hosts is named. */
function namesHost(text: string, hosts: readonly string[]): boolean {
  return hosts.some((host) => text.toLowerCase().includes(`|${host.toLowerCase()}"`));
}

/** Hosts that several ServiceEntries of one namespace and one age have: Istio takes them in any order. */
function twinHosts(manifests: readonly Manifest[]): readonly string[] {
  const entries = entriesIn(manifests);
  const isTwin = (one: Manifest, other: Manifest) =>
    one !== other &&
    namespaceOf(one) === namespaceOf(other) &&
    one.metadata.creationTimestamp === other.metadata.creationTimestamp;
  return entries.flatMap(({ manifest, spec }) =>
    spec.hosts.filter((host) =>
      entries.some((other) => isTwin(manifest, other.manifest) && other.spec.hosts.some((each) => isSame(each, host))),
    ),
  );
}

function isSame(a: string, b: string): boolean {
  return a.toLowerCase() === b.toLowerCase();
}

/** Which of several addresses of a host is among its domains, and which of several hosts has the address that is theirs. */
function addressesOf(manifests: readonly Manifest[]): readonly string[] {
  const pairs = entriesIn(manifests).flatMap(({ spec: { addresses = [], hosts } }) =>
    addresses.flatMap((address) =>
      hosts.map((host) => ({ address: address.replace(/\/32$/, ''), host, isOneOfMany: addresses.length > 1 })),
    ),
  );
  return pairs
    .filter((one) => one.isOneOfMany || pairs.some(({ address, host }) => address === one.address && host !== one.host))
    .map(({ address }) => address);
}

function domainsOf({ routes }: Facts, addresses: ReadonlySet<string>): readonly string[] {
  return Object.entries(routes).flatMap(([table, { virtualHosts }]) =>
    Object.entries(virtualHosts)
      .filter(([, { domains }]) => domains.some((domain) => addresses.has(domain)))
      .map(([name]) => `routes / ${table} / virtualHosts / ${name} / domains`),
  );
}

/**
 * Hosts of a ServiceEntry without address of its own (`resolution: NONE`) behind which another object of its namespace has pods: Istio
 * makes a listener for each.
 */
function mixedHosts(manifests: readonly Manifest[]): readonly string[] {
  return entriesIn(manifests).flatMap(({ manifest, spec: { hosts, resolution = 'NONE' } }) =>
    resolution === 'NONE' ? hosts.filter((host) => hasPods(host, namespaceOf(manifest), manifests)) : [],
  );
}

function hasPods(host: string, namespace: string, manifests: readonly Manifest[]): boolean {
  const objects = manifests.filter((each) => namespaceOf(each) === namespace);
  return (
    objects.some(
      ({ kind, metadata }) => kind === 'Service' && host === `${metadata.name}.${namespace}.svc.cluster.local`,
    ) || entriesIn(objects).some(({ spec }) => spec.workloadSelector !== undefined && spec.hosts.includes(host))
  );
}

interface EntrySpec {
  readonly hosts: readonly string[];
  readonly addresses?: readonly string[];
  readonly resolution?: string;
  readonly workloadSelector?: object;
}

function entriesIn(
  manifests: readonly Manifest[],
): readonly { readonly manifest: Manifest; readonly spec: EntrySpec }[] {
  return manifests
    .filter(({ kind }) => kind === 'ServiceEntry')
    .map((manifest) => ({ manifest, spec: manifest.spec as EntrySpec }));
}
