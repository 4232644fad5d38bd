/*
 * Random choices that a seed determines, the same on every machine.
 */

export class Random {
  private state: number;

  /** @param seed any integer; equal seeds give equal choices */
  public constructor(seed: number) {
    this.state = seed >>> 0;
  }

  /** A number from 0 up to, not including, 1 (mulberry32). */
  public next(): number {
    this.state = (this.state + 0x6d2b79f5) >>> 0;
    let mixed = this.state;
    mixed = Math.imul(mixed ^ (mixed >>> 15), mixed | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 4294967296;
  }

  /** An integer from `low` to `high`, both included. */
  public integer(low: number, high: number): number {
    return low + Math.floor(this.next() * (high - low + 1));
  }

  public chance(probability: number): boolean {
    return this.next() < probability;
  }

  public pick<T>(choices: readonly T[]): T {
    return choices[Math.floor(this.next() * choices.length)];
  }

  /** One of several ways to make a value, each with a weight. */
  public weighted<T>(ways: readonly (readonly [weight: number, make: () => T])[]): T {
    const total = ways.reduce((sum, [weight]) => sum + weight, 0);
    let left = this.next() * total;
    for (const [weight, make] of ways) {
      left -= weight;
      if (left < 0) {
        return make();
      }
    }
    return ways[ways.length - 1][1]();
  }

  /** `count` different ones of `choices`, or all where there are fewer. */
  public some<T>(choices: readonly T[], count: number): T[] {
    const left = [...choices];
    const taken: T[] = [];
    while (taken.length < count && left.length > 0) {
      taken.push(...left.splice(this.integer(0, left.length - 1), 1));
    }
    return taken;
  }

  public maybe<T>(probability: number, make: () => T): T | undefined {
    return this.chance(probability) ? make() : undefined;
  }

  /** A seed for something that shall not depend on how many choices its neighbours make. */
  public fork(): number {
    return Math.floor(this.next() * 4294967296);
  }
}
