/*
 * The matches of http rules as their authors wrote them, delegates not merged: each stands in one place only.
 */

import type { HttpMatch } from '../../model/http-route';
import type { StringMatch } from '../../model/string-match';
import type { VirtualService } from '../../model/virtual-service';
import { perMesh } from './per-mesh';

export interface WrittenMatch {
  readonly virtualService: VirtualService;
  readonly match: HttpMatch;
}

export const writtenMatchesOf = perMesh((mesh): readonly WrittenMatch[] =>
  mesh.virtualServices.flatMap((virtualService) =>
    virtualService.http.flatMap((route) => route.match.map((match) => ({ virtualService, match }))),
  ),
);

/** A value that a match compares: a field of its own (`uri`), or one of `headers`, `withoutHeaders` or `queryParams`. */
interface ComparedValue {
  readonly field: 'uri' | 'scheme' | 'method' | 'authority' | 'headers' | 'withoutHeaders' | 'queryParams';
  /** Of the header or query parameter; otherwise that of the field. */
  readonly name: string;
  readonly value: StringMatch;
}

export function comparedValuesOf(match: HttpMatch): readonly ComparedValue[] {
  const fields = (['uri', 'scheme', 'method', 'authority'] as const).flatMap((field) => {
    const value = match[field];
    return value === undefined ? [] : [{ field, name: field, value }];
  });
  const maps = (['headers', 'withoutHeaders', 'queryParams'] as const).flatMap((field) =>
    match[field].map((named) => ({ field, name: named.name, value: named.match })),
  );
  return [...fields, ...maps];
}
