/*
 * Faults to be planted into the simulator, to see that the comparison finds them: each makes it read the manifests wrongly.
 */
import type { Manifest } from './manifest';

/** What the simulator reads in place of a manifest. */
export type Plant = (manifest: Manifest) => Manifest;

export const PLANTS: { readonly [name: string]: Plant } = {
  /** As if a regex only had to be found somewhere in a value. */
  'regex-as-substring': ofKind('VirtualService', (spec) =>
    changed(spec, (key, value) => (key === 'regex' && typeof value === 'string' ? `.*(${value}).*` : value)),
  ),
  /** As if the last rule came first. */
  'reversed-rules': ofKind('VirtualService', (spec) =>
    changed(spec, (key, value) => (key === 'http' && Array.isArray(value) ? [...value].reverse() : value)),
  ),
  /** As if all destinations of a rule had one weight. */
  'equal-weights': ofKind('VirtualService', (spec) => changed(spec, (key, value) => (key === 'weight' ? 50 : value))),
  'no-mirrors': ofKind('VirtualService', (spec) => without(spec, ['mirror', 'mirrors'])),
  'no-retries': ofKind('VirtualService', (spec) => without(spec, ['retries'])),
  /** As if every server were for all hosts. */
  'any-host': ofKind('Gateway', (spec) => changed(spec, (key, value) => (key === 'hosts' ? ['*'] : value))),
  /** As if subsets had no labels of their own. */
  'blind-subsets': ofKind('DestinationRule', (spec) => changed(spec, (key, value) => (key === 'labels' ? {} : value))),
};

function ofKind(kind: string, change: (spec: unknown) => unknown): Plant {
  return (manifest) => (manifest.kind === kind ? { ...manifest, spec: change(manifest.spec) } : manifest);
}

/** A copy in which each field has the value that `change` gives it. */
function changed(value: unknown, change: (key: string, value: unknown) => unknown): unknown {
  if (Array.isArray(value)) {
    return value.map((each) => changed(each, change));
  }
  if (typeof value !== 'object' || value === null) {
    return value;
  }
  return Object.fromEntries(Object.entries(value).map(([key, each]) => [key, change(key, changed(each, change))]));
}

function without(value: unknown, names: readonly string[]): unknown {
  return changed(value, (key, each) => (names.includes(key) ? undefined : each));
}
