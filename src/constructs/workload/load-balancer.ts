/**
 * Which of a service's pods gets a request.
 */
export class LoadBalancer {
  /** Of two pods drawn by chance, the one with fewer requests under way. */
  public static leastRequest(): LoadBalancer {
    return new LoadBalancer({ simple: 'LEAST_REQUEST' });
  }

  private constructor(private readonly settings: object) {}

  /** @internal */
  public _settings(): object {
    return this.settings;
  }
}
