/*
 * Lists: `kubectl get -o yaml` and some generators wrap objects in a List.
 */
import type { ObjectSource } from './object';
import type { Steps } from './path';

/** A manifest before anything is known of it, and where it came from. */
export interface RawManifest {
  readonly raw: unknown;
  readonly source: ObjectSource;
}

/** The manifests with every List replaced by its items. Items of a typed list (`ServiceList`) may leave out their kind. */
export function flattenLists(manifests: readonly RawManifest[]): readonly RawManifest[] {
  const result: RawManifest[] = [];
  const seen = new Set<unknown>();
  // Not by recursion: Lists can be nested deeper than calls.
  const waiting: Waiting[] = manifests.map((manifest) => ({ manifest })).reverse();
  for (let next = waiting.pop(); next !== undefined; next = waiting.pop()) {
    const { manifest, place } = next;
    const list = asList(manifest.raw);
    if (list === undefined) {
      result.push(place === undefined ? manifest : { ...manifest, source: sourceAt(manifest.source, place) });
    } else if (!seen.has(manifest.raw)) {
      // An alias can make a list contain itself.
      seen.add(manifest.raw);
      const items = list.items.map((item, index) => ({
        manifest: { raw: withKind(item, list), source: manifest.source },
        place: { index, outer: place },
      }));
      for (const item of items.reverse()) {
        waiting.push(item);
      }
    }
  }
  return result;
}

interface Waiting {
  readonly manifest: RawManifest;
  readonly place?: Place;
}

/** The item of a list, and which item of another that list is. */
interface Place {
  readonly index: number;
  readonly outer?: Place;
}

function sourceAt(source: ObjectSource, place: Place): ObjectSource {
  const { parts, duplicates } = source;
  return {
    ...source,
    parts: parts && {
      lineAt: (steps) => parts.lineAt([...stepsTo(place), ...steps]),
      textAt: (steps) => parts.textAt([...stepsTo(place), ...steps]),
    },
    duplicates: duplicates && below(duplicates, stepsTo(place)),
  };
}

function stepsTo(place: Place): Steps {
  const steps: (string | number)[] = [];
  for (let each: Place | undefined = place; each !== undefined; each = each.outer) {
    steps.push(each.index, 'items');
  }
  return steps.reverse();
}

/** Those of the places that are below another, from there. */
function below(places: readonly Steps[], place: Steps): readonly Steps[] {
  return places
    .filter((steps) => place.every((step, index) => steps[index] === step))
    .map((steps) => steps.slice(place.length));
}

interface List {
  readonly items: readonly unknown[];
  readonly itemKind?: string;
  readonly apiVersion: unknown;
}

function asList(raw: unknown): List | undefined {
  if (raw === null || typeof raw !== 'object') {
    return undefined;
  }
  const { kind, items, apiVersion } = raw as { readonly [key: string]: unknown };
  if (typeof kind !== 'string' || !kind.endsWith('List') || !Array.isArray(items)) {
    return undefined;
  }
  return { items, itemKind: kind.slice(0, -'List'.length) || undefined, apiVersion };
}

function withKind(item: unknown, list: List): unknown {
  if (list.itemKind === undefined || item === null || typeof item !== 'object' || Object.hasOwn(item, 'kind')) {
    return item;
  }
  return { ...item, kind: list.itemKind, apiVersion: list.apiVersion };
}
