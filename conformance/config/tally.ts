/*
 * The counts of a run.
 */
import type { Counts } from './compare';
import type { ConfigDifference, Outcome } from './istiod-process';

export class ConfigTally {
  public readonly differences: ConfigDifference[] = [];
  private meshes = 0;
  /** Meshes that Istio's validation does not admit. */
  private refused = 0;
  /** Meshes of which the library says that it does not know. */
  private unknown = 0;
  private counts: Counts = { listeners: 0, filterChains: 0, virtualHosts: 0, routes: 0, clusters: 0, open: 0 };
  private readonly started = Date.now();

  public add(outcome: Outcome): void {
    if ('refused' in outcome) {
      this.refused++;
    } else if ('unknown' in outcome) {
      this.unknown++;
    } else {
      this.meshes++;
      this.differences.push(...outcome.differences);
      this.counts = sum(this.counts, outcome.counts);
    }
  }

  /** As they stand in the table of the docs. */
  public get cells(): readonly number[] {
    const { clusters, filterChains, listeners, open, routes, virtualHosts } = this.counts;
    const compared = [this.meshes, listeners, filterChains, virtualHosts, routes, clusters];
    return [...compared, this.differences.length, open, this.unknown, this.refused, this.seconds];
  }

  public get line(): string {
    const { clusters, filterChains, listeners, open, routes, virtualHosts } = this.counts;
    return [
      `${this.meshes} meshes, ${listeners} listeners, ${filterChains} filter chains, ${virtualHosts} virtual hosts`,
      `${routes} routes, ${clusters} clusters, ${this.differences.length} differences`,
      `${open} open, ${this.unknown} unknown, ${this.refused} refused, ${this.seconds} s`,
    ].join(', ');
  }

  private get seconds(): number {
    return Math.round((Date.now() - this.started) / 1000);
  }
}

function sum(a: Counts, b: Counts): Counts {
  return {
    listeners: a.listeners + b.listeners,
    filterChains: a.filterChains + b.filterChains,
    virtualHosts: a.virtualHosts + b.virtualHosts,
    routes: a.routes + b.routes,
    clusters: a.clusters + b.clusters,
    open: a.open + b.open,
  };
}
