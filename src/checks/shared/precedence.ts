/*
 * Which of several VirtualServices comes first for the clients of each namespace: one that its exportTo limits to its own
 * namespace, then one for some namespaces, then one for all, and of equals the older.
 */

import { inIstioOrder } from '../../manifests/object';
import type { EffectiveVirtualService } from '../../model/model';
import { type Visibility, visibilityOf } from '../../model/visibility';
import { append } from '../../syntax/grouping';

/** No namespace has such a name: it stands for all that are not named. */
const ELSEWHERE = '/';

interface Ranked {
  readonly virtualService: EffectiveVirtualService;
  /** How it became visible, and so how early it comes. */
  readonly rank: Visibility;
}

interface RankForViewer {
  readonly viewer: string;
  readonly rank: Visibility;
}

/** VirtualServices of one host as each namespace sees them. Each is ranked once for the namespaces that may see it. */
export class Precedence {
  /** All namespaces that may differ in what they see of them. */
  private readonly viewers: readonly string[];
  /** Those for all, in Istio's order. */
  private readonly forAll: Ranked[] = [];
  /** The others by the namespaces that see them, in Istio's order. */
  private readonly forSome = new Map<string, Ranked[]>();
  private readonly firsts = new Map<string, Ranked>();

  /** @param all in Istio's order */
  public constructor(all: readonly EffectiveVirtualService[]) {
    this.viewers = viewersOf(all);
    for (const virtualService of all) {
      const rank = rankFor(virtualService, ELSEWHERE);
      if (rank !== undefined) {
        this.forAll.push({ virtualService, rank });
        continue;
      }
      for (const seen of ranksByViewer(virtualService)) {
        append(this.forSome, seen.viewer, { virtualService, rank: seen.rank });
      }
    }
    for (const [viewer, ranked] of this.forSome) {
      this.firsts.set(
        viewer,
        ranked.reduce((first, each) => (each.rank < first.rank ? each : first)),
      );
    }
  }

  /** The namespaces that see one of them, and how. */
  public ranksOf(one: EffectiveVirtualService): readonly RankForViewer[] {
    const publicRank = rankFor(one, ELSEWHERE);
    return publicRank === undefined ? ranksByViewer(one) : this.viewers.map((viewer) => ({ viewer, rank: publicRank }));
  }

  /** The one that comes first for the clients of a namespace. */
  public firstFor(viewer: string): Ranked | undefined {
    return this.firsts.get(viewer) ?? this.forAll.at(0);
  }

  /** Those that some namespace sees together with one of them, in Istio's order. */
  public meeting(one: EffectiveVirtualService): readonly EffectiveVirtualService[] {
    const besides = this.ranksOf(one).flatMap(({ viewer }) => this.forSome.get(viewer) ?? []);
    const met = new Set([...this.forAll, ...besides].map(({ virtualService }) => virtualService));
    met.delete(one);
    return [...met].sort((a, b) => inIstioOrder(a.object, b.object));
  }
}

/** Whether some namespace sees both, and nothing but their age says which of them comes first there. */
export function meetAsEquals(one: EffectiveVirtualService, other: EffectiveVirtualService): boolean {
  return viewersOf([one, other]).some((viewer) => {
    const rank = rankFor(one, viewer);
    return rank !== undefined && rank === rankFor(other, viewer);
  });
}

function viewersOf(all: readonly EffectiveVirtualService[]): readonly string[] {
  return [...new Set(all.flatMap(namedBy)), ELSEWHERE];
}

/** How early a VirtualService comes for the namespaces that it names. */
function ranksByViewer(one: EffectiveVirtualService): readonly RankForViewer[] {
  return [...new Set(namedBy(one))].flatMap((viewer) => {
    const rank = rankFor(one, viewer);
    return rank === undefined ? [] : [{ viewer, rank }];
  });
}

function namedBy({ object, exportTo }: EffectiveVirtualService): readonly string[] {
  return [object.namespace, ...exportTo].filter((name) => !['*', '.', '~'].includes(name));
}

/** How early a VirtualService comes for clients in a namespace; undefined where it is not seen. */
function rankFor({ object, exportTo }: EffectiveVirtualService, viewer: string): Visibility | undefined {
  return visibilityOf(exportTo, object.namespace, viewer);
}
