/*
 * How much may be compared. Counted in steps (one character read by one automaton, or one of its instructions looked at), never
 * in time, so that the same manifests get the same answers on every machine.
 */

export class Budget {
  private left: number;

  /** @param within spent along with this one, and ends it when it ends itself */
  public constructor(
    steps: number,
    private readonly within?: Budget,
  ) {
    this.left = steps;
  }

  public pay(steps: number): void {
    this.left -= steps;
    this.within?.pay(steps);
  }

  public get isSpent(): boolean {
    return this.left <= 0 || this.within?.isSpent === true;
  }
}
