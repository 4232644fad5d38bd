/*
 * Which of several VirtualServices comes first for the proxies of each namespace: one that its exportTo limits to its own
 * namespace, then one for some namespaces, then one for all, and of equals the older (`VirtualServicesForGateway`).
 */
import { inIstioOrder, type MeshObject } from '../manifests/object';
import { append } from '../syntax/grouping';
import { type Visibility, visibilityOf } from './visibility';

/** What has a place in the order: a VirtualService. */
interface Exported {
  readonly object: MeshObject;
  readonly exportTo: readonly string[];
}

/** No namespace has such a name: it stands for all that are not named. */
const ELSEWHERE = '/';

interface Ranked<T> {
  readonly virtualService: T;
  /** How it became visible, and so how early it comes. */
  readonly rank: Visibility;
}

interface RankForViewer {
  readonly viewer: string;
  readonly rank: Visibility;
}

/** VirtualServices as each namespace sees them. Each is ranked once for the namespaces that may see it. */
export class Precedence<T extends Exported> {
  /** Those for all, in Istio's order. */
  private readonly forAll: Ranked<T>[] = [];
  /** The others by the namespaces that see them, in the order in which they come there. */
  private readonly forSome = new Map<string, Ranked<T>[]>();
  private readonly orders = new Map<string, readonly T[]>();
  private viewers?: readonly string[];

  /** @param all in Istio's order */
  public constructor(private readonly all: readonly T[]) {
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
    for (const ranked of this.forSome.values()) {
      ranked.sort((a, b) => a.rank - b.rank);
    }
  }

  /** All that a namespace sees, the first first. */
  public inOrderFor(viewer: string): readonly T[] {
    const key = this.forSome.has(viewer) ? viewer : ELSEWHERE;
    let order = this.orders.get(key);
    if (order === undefined) {
      order = [...(this.forSome.get(key) ?? []), ...this.forAll].map(({ virtualService }) => virtualService);
      this.orders.set(key, order);
    }
    return order;
  }

  /** The one that comes first for the proxies of a namespace. */
  public firstFor(viewer: string): Ranked<T> | undefined {
    return this.forSome.get(viewer)?.[0] ?? this.forAll.at(0);
  }

  /** The namespaces that see one of them, and how: of one for all, those that may differ in what they see of the others. */
  public ranksOf(one: T): readonly RankForViewer[] {
    const rank = rankFor(one, ELSEWHERE);
    if (rank === undefined) {
      return ranksByViewer(one);
    }
    this.viewers ??= viewersOf(this.all);
    return this.viewers.map((viewer) => ({ viewer, rank }));
  }

  /** Those that some namespace sees together with one of them, in Istio's order. */
  public meeting(one: T): readonly T[] {
    const besides = this.ranksOf(one).flatMap(({ viewer }) => this.forSome.get(viewer) ?? []);
    const met = new Set([...this.forAll, ...besides].map(({ virtualService }) => virtualService));
    met.delete(one);
    return [...met].sort((a, b) => inIstioOrder(a.object, b.object));
  }
}

/** Whether some namespace sees both, and nothing but their age says which of them comes first there. */
export function meetAsEquals(one: Exported, other: Exported): boolean {
  return viewersOf([one, other]).some((viewer) => {
    const rank = rankFor(one, viewer);
    return rank !== undefined && rank === rankFor(other, viewer);
  });
}

/** All namespaces that may differ in what they see of them. */
function viewersOf(all: readonly Exported[]): readonly string[] {
  return [...new Set(all.flatMap(namedBy)), ELSEWHERE];
}

/** How early one comes for the namespaces that it names. */
function ranksByViewer(one: Exported): readonly RankForViewer[] {
  return [...new Set(namedBy(one))].flatMap((viewer) => {
    const rank = rankFor(one, viewer);
    return rank === undefined ? [] : [{ viewer, rank }];
  });
}

function namedBy({ object, exportTo }: Exported): readonly string[] {
  return [object.namespace, ...exportTo].filter((name) => !['*', '.', '~'].includes(name));
}

/** How early one comes for proxies in a namespace; undefined where it is not seen. */
function rankFor({ object, exportTo }: Exported, viewer: string): Visibility | undefined {
  return visibilityOf(exportTo, object.namespace, viewer);
}
