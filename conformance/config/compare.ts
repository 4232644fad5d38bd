/*
 * What istiod and the library say to one proxy, held against each other.
 */
import { Cluster as Kubernetes } from '../cluster';
import type { Resources } from '../control-plane';
import type { MeshCase } from '../manifest';
import { leftToChance } from './chance';
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
  /** Of these, and of endpoints of clusters, those of which the library says nothing for sure. */
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
  return config.unknown === undefined ? compareFacts(factsOfLibrary(config, kubernetes), istiod, mesh) : undefined;
}

export function factsOf({ manifests }: MeshCase, resources: Resources): Facts {
  return factsOfIstiod(resources, new Kubernetes(manifests));
}

function compareFacts({ facts, open }: Claimed, istiod: Facts, { manifests }: MeshCase): ConfigComparison {
  const left = new Set([...open, ...leftToChance(manifests, [facts, istiod])]);
  // Of bytes, nobody says what they are.
  const counted = [...left].filter((path) => !/ (httpVersion|ports)$/.test(path));
  return { differences: differencesOf(facts, istiod, left), counts: countsOf(istiod, counted.length) };
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
