/*
 * What istiod and the library say to one proxy, held against each other.
 */
import { Cluster as Kubernetes } from '../cluster';
import type { Resources } from '../control-plane';
import type { MeshCase } from '../manifest';
import { differencesOf, type FactDifference } from './differ';
import type { Facts, Named } from './facts';
import { factsOfIstiod } from './istiod';
import { type Claimed, factsOfLibrary, proxyConfigOf } from './library';
import type { ConfigPlant } from './plants';

export interface ConfigComparison {
  readonly differences: readonly FactDifference[];
  readonly counts: Counts;
}

/** How much was compared. */
export interface Counts {
  readonly listeners: number;
  readonly filterChains: number;
  readonly virtualHosts: number;
  readonly routes: number;
  readonly clusters: number;
  /** Of these, what the library says nothing about: hosts that mean one thing or another by chance, or endpoints that DNS knows. */
  readonly open: number;
}

/**
 * @param plant a fault that is put into what the library says
 * @returns undefined where the library says that it does not know what the proxy does
 */
export function compareConfig(mesh: MeshCase, istiod: Facts, plant?: ConfigPlant): ConfigComparison | undefined {
  const kubernetes = new Kubernetes(mesh.manifests);
  const made = proxyConfigOf(mesh, kubernetes);
  const config = plant?.(made) ?? made;
  return config.unknown === undefined ? compareFacts(factsOfLibrary(config, kubernetes), istiod) : undefined;
}

export function factsOf({ manifests }: MeshCase, resources: Resources): Facts {
  return factsOfIstiod(resources, new Kubernetes(manifests));
}

function compareFacts({ chance, facts, open }: Claimed, istiod: Facts): ConfigComparison {
  const left = new Set([...open, ...touchedBy(chance, facts, istiod)]);
  return { differences: differencesOf(facts, istiod, left), counts: countsOf(istiod, left.size) };
}

/** Listeners and tables in which one of two has a host that means one thing or another by chance. */
function touchedBy(chance: readonly string[], ...all: readonly Facts[]): readonly string[] {
  const of = (part: 'listeners' | 'routes') =>
    all
      .flatMap((facts): readonly (readonly [string, unknown])[] => Object.entries<unknown>(facts[part]))
      .filter(([, facts]) => chance.some((cluster) => JSON.stringify(facts).includes(`"${cluster}"`)))
      .map(([name]) => `${part} / ${name}`);
  return chance.length === 0 ? [] : [...of('listeners'), ...of('routes')];
}

function countsOf({ clusters, listeners, routes }: Facts, open: number): Counts {
  const virtualHosts = valuesOf(routes).flatMap((config) => valuesOf(config.virtualHosts));
  return {
    listeners: valuesOf(listeners).length,
    filterChains: valuesOf(listeners).flatMap(({ filterChains }) => valuesOf(filterChains)).length,
    virtualHosts: virtualHosts.length,
    routes: virtualHosts.flatMap((host) => host.routes).length,
    clusters: valuesOf(clusters).length,
    open,
  };
}

function valuesOf<T>(facts: Named<T>): readonly T[] {
  return Object.values(facts);
}
