import type { ProxyConfig } from './proxy-config';
import { asText, type Part } from './text';

/** Which proxies are meant. */
export interface ProxyConfigurationOptions {
  /**
   * `gateway` for the proxies of gateways, or `mesh:NAMESPACE/WORKLOAD` for the sidecar of a workload, or why
   * it has none.
   *
   * @default - gateways, and all workloads that have a sidecar, or may have one for all that the manifests say
   */
  readonly from?: string;

  /**
   * Labels of a gateway's pods.
   *
   * @default - those of every gateway
   */
  readonly gatewayLabels?: { readonly [key: string]: string };

  /**
   * Namespace of a gateway's pods.
   *
   * @default - any
   */
  readonly gatewayNamespace?: string;
}

/**
 * What a proxy is configured to do with requests: its listeners, routes and clusters, by the names that Istio gives them, and what
 * is written and left out. `route` answers from the same.
 */
export class ProxyConfiguration {
  /** @internal */
  public static _of(config: ProxyConfig, proxies: readonly string[]): ProxyConfiguration {
    return new ProxyConfiguration(config, [...proxies]);
  }

  private constructor(
    /** @internal */
    public readonly _config: ProxyConfig,
    /** The proxies that are configured so: `mesh:NAMESPACE/WORKLOAD`, or a gateway with its pods in words. */
    public readonly proxies: string[],
  ) {}

  /** The tables that `versioned-mesh config` prints. */
  public toString(): string {
    return this._text([]);
  }

  /** The data that `versioned-mesh config --json` prints. `JSON.stringify` and snapshots ask for it. */
  public toJSON(): unknown {
    return this._json([]);
  }

  /** @internal @param parts those to tell of; none for all */
  public _text(parts: readonly Part[]): string {
    return asText(this.proxies, this._config, parts);
  }

  /** @internal */
  public _json(parts: readonly Part[]): unknown {
    const { unknown, ...all } = this._config;
    const told = Object.entries(all).filter(([part]) => parts.length === 0 || parts.some((each) => each === part));
    return { proxies: this.proxies, unknown, ...Object.fromEntries(told) };
  }
}
