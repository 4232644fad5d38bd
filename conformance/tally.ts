/*
 * The counts of a run.
 */
import { Coverage } from './coverage';
import { type Difference, isUndecided, type MeshOutcome } from './differences';
import type { MeshCase } from './manifest';

export class Tally {
  public meshes = 0;
  public requests = 0;
  public undecided = 0;
  /** Meshes that Istio's validation does not admit. */
  public refused = 0;
  /** Requests that were repeated many times, to see their shares. */
  public shares = 0;
  public readonly differences: Difference[] = [];
  public readonly coverage = new Coverage();
  private readonly started = Date.now();

  public add(mesh: MeshCase, outcome: MeshOutcome): void {
    if ('refusedBy' in outcome) {
      this.refused++;
      return;
    }
    this.meshes++;
    this.requests += outcome.compared.length;
    this.undecided += outcome.compared.filter(isUndecided).length;
    this.shares += outcome.shares;
    this.differences.push(...outcome.differences);
    this.coverage.add(mesh, outcome.compared);
  }

  public get seconds(): number {
    return Math.round((Date.now() - this.started) / 1000);
  }

  public get perMinute(): number {
    return Math.round((this.requests * 60) / Math.max(this.seconds, 1));
  }

  public get line(): string {
    return [
      `${this.meshes} meshes, ${this.requests} requests, ${this.shares} shares, ${this.differences.length} differences`,
      `${this.refused} refused, ${this.undecided} undecided, ${this.seconds} s`,
    ].join(', ');
  }
}
