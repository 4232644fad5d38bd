/*
 * Lists: `kubectl get -o yaml` and some generators wrap objects in a List.
 */
import type { ObjectSource } from './object';

/** A manifest before anything is known of it, and where it came from. */
export interface RawManifest {
  readonly raw: unknown;
  readonly source: ObjectSource;
}

/** The manifests with every List replaced by its items. Items of a typed list (`ServiceList`) may leave out their kind. */
export function flattenLists(manifests: readonly RawManifest[]): readonly RawManifest[] {
  const result: RawManifest[] = [];
  const seen = new Set<unknown>();
  const add = (manifest: RawManifest) => {
    const list = asList(manifest.raw);
    if (list === undefined) {
      result.push(manifest);
    } else if (!seen.has(manifest.raw)) {
      // An alias can make a list contain itself.
      seen.add(manifest.raw);
      list.items.forEach((item, index) => {
        add({ raw: withKind(item, list), source: itemOf(manifest.source, index) });
      });
    }
  };
  manifests.forEach(add);
  return result;
}

function itemOf(source: ObjectSource, index: number): ObjectSource {
  const { lineAt, duplicates } = source;
  return {
    ...source,
    lineAt: lineAt && ((steps) => lineAt(['items', index, ...steps])),
    duplicates: duplicates
      ?.filter(([items, place]) => items === 'items' && place === index)
      .map((steps) => steps.slice(2)),
  };
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
