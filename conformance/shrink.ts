/*
 * Makes a difference as small as it can be: takes parts of the mesh and of the request away for as long as both answers still
 * differ in the same way. Many attempts go into one Envoy together.
 */
import { Cluster } from './cluster';
import { proxyPod } from './control-plane';
import { type CompareOptions, compareAll, type Difference } from './differences';
import type { Experiment, Laboratory } from './laboratory';
import type { Ask, Manifest, MeshCase } from './manifest';

const ROUNDS = 40;
const ATTEMPTS_AT_ONCE = 24;

export async function shrink(
  laboratory: Laboratory,
  difference: Difference,
  { plant }: CompareOptions = {},
): Promise<Difference> {
  // Shares show only after many repetitions, too many for each attempt.
  if (difference.isShare) {
    return difference;
  }
  return smallest(difference, candidates, async (experiments) => {
    const outcomes = await compareAll(laboratory, experiments, { plant });
    const found = outcomes.flatMap((outcome) => ('differences' in outcome ? outcome.differences : []));
    return found.find((each) => isAlike(each, difference));
  });
}

/**
 * The smallest that is still like the one to begin with.
 *
 * @param firstAlike of some candidates, what comes of the first that is like it
 */
export async function smallest<T, C>(
  from: T,
  candidatesOf: (from: T) => readonly C[],
  firstAlike: (some: readonly C[]) => Promise<T | undefined>,
): Promise<T> {
  let smallestYet = from;
  for (let round = 0; round < ROUNDS; round++) {
    const all = candidatesOf(smallestYet);
    let found: T | undefined;
    for (let start = 0; start < all.length && found === undefined; start += ATTEMPTS_AT_ONCE) {
      found = await firstAlike(all.slice(start, start + ATTEMPTS_AT_ONCE));
    }
    if (found === undefined) {
      return smallestYet;
    }
    smallestYet = found;
  }
  return smallestYet;
}

/** The same kind of disagreement: shrinking must not wander off to another one. */
function isAlike(a: Difference, b: Difference): boolean {
  return kindOf(a) === kindOf(b);
}

export function kindOf({ decision, seen, complaint }: Difference): string {
  const answer = seen.kind !== 'http' ? seen.kind : seen.received === undefined ? String(seen.status) : 'arrived';
  return `${decision.outcome} ${answer} ${complaint.split(' ').slice(0, 4).join(' ')}`;
}

/** Smaller meshes and requests. The larger a part that is taken away, the earlier it is tried. */
export function candidates({ mesh, ask }: Pick<Difference, 'mesh' | 'ask'>): readonly Experiment[] {
  const { inside, whole } = smallerMeshes(mesh);
  const withMesh = (smaller: MeshCase): Experiment => ({ mesh: smaller, asks: [ask] });
  const requests = smallerAsks(ask).map((each): Experiment => ({ mesh, asks: [each] }));
  return [...whole.map(withMesh), ...requests, ...inside.map(withMesh)];
}

/** Meshes without some of the manifests, and, the smallest first, those without a part of one. */
export function smallerMeshes(mesh: MeshCase): {
  readonly whole: readonly MeshCase[];
  readonly inside: readonly MeshCase[];
} {
  const { manifests } = mesh;
  const withManifests = (changed: readonly Manifest[]): MeshCase => ({ ...mesh, manifests: changed });
  const without = manifests.map((_, index) => manifests.filter((__, other) => other !== index));
  const inside = manifests.flatMap((manifest, index) =>
    cuts(manifest.spec).map((spec) =>
      withManifests(manifests.map((each, other) => (other === index ? { ...manifest, spec } : each))),
    ),
  );
  const keeps = keepsProxy(mesh);
  return {
    whole: [...halves(manifests), ...without].map(withManifests).filter(keeps),
    inside: inside.filter(keeps).sort(bySize),
  };
}

/** The proxy's own pods stay, where there are some: without them there would be nothing to ask, or something else. */
function keepsProxy(from: MeshCase): (mesh: MeshCase) => boolean {
  const hasPod = (mesh: MeshCase) => proxyPod(mesh, new Cluster(mesh.manifests)) !== undefined;
  const expected = hasPod(from);
  return (mesh) => hasPod(mesh) === expected;
}

function bySize(a: MeshCase, b: MeshCase): number {
  return JSON.stringify(a).length - JSON.stringify(b).length;
}

function halves<T>(items: readonly T[]): readonly (readonly T[])[] {
  const middle = Math.floor(items.length / 2);
  return items.length < 4 ? [] : [items.slice(middle), items.slice(0, middle)];
}

/** Without these an object would mean something else, or nothing. */
const ESSENTIAL = new Set([
  ...['port', 'ports', 'number', 'protocol', 'host', 'hosts', 'selector', 'targetPort', 'template', 'labels'],
]);

/** Ports go by their names, and of several in one Service the API server takes none without. */
function isEssential(key: string, beside: object): boolean {
  return ESSENTIAL.has(key) || (key === 'name' && ('port' in beside || 'number' in beside));
}

/** All values that lack one element or field of this one. */
function cuts(value: unknown): readonly unknown[] {
  if (Array.isArray(value)) {
    const items: readonly unknown[] = value;
    return items.flatMap((item, index) => [
      items.filter((_, other) => other !== index),
      ...cuts(item).map((smaller) => items.map((each, other) => (other === index ? smaller : each))),
    ]);
  }
  if (typeof value !== 'object' || value === null) {
    return [];
  }
  const entries = Object.entries(value);
  return entries.flatMap(([key, item]) => [
    ...(isEssential(key, value) ? [] : [Object.fromEntries(entries.filter(([other]) => other !== key))]),
    // An empty selector is for all proxies, and of a Service for no pod.
    ...(key === 'selector' ? [] : cuts(item)).map((smaller) => ({ ...value, [key]: smaller })),
  ]);
}

function smallerAsks(ask: Ask): readonly Ask[] {
  const { authority, headers, method, target } = ask;
  return [
    ...headers.map((_, index) => ({ ...ask, headers: headers.filter((__, other) => other !== index) })),
    ...(method === 'GET' ? [] : [{ ...ask, method: 'GET' }]),
    ...(authority === ask.connectHost ? [] : [{ ...ask, authority: ask.connectHost }]),
    ...(target.includes('?') ? [{ ...ask, target: target.slice(0, target.indexOf('?')) || '/' }] : []),
    ...(target === '/' ? [] : [{ ...ask, target: '/' }]),
  ];
}
