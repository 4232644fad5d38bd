/*
 * The matches of http rules as their authors wrote them, delegates not merged: each stands in one place only.
 */

import type { HttpMatch } from '../../model/http-route';
import { perMesh } from '../../model/per-mesh';
import type { VirtualService } from '../../model/virtual-service';

export interface WrittenMatch {
  readonly virtualService: VirtualService;
  readonly match: HttpMatch;
}

export const writtenMatchesOf = perMesh((mesh): readonly WrittenMatch[] =>
  mesh.virtualServices.flatMap((virtualService) =>
    virtualService.http.flatMap((route) => route.match.map((match) => ({ virtualService, match }))),
  ),
);
