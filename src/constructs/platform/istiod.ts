import { Construct } from 'constructs';
import type { AccessLog, ControlPlaneOptions, DataPlaneMode } from './istio-options';
import type { IstioImageOptions, IstioPartProps } from './istio-part';

/**
 * What an Istiod is made of.
 */
export interface IstiodProps extends IstioPartProps, IstioImageOptions, ControlPlaneOptions {
  /**
   * The revision: a name of this control plane, such as `1-31`, by which several can run side by side.
   *
   * @default - none: the only one, or the one that namespaces with `istio-injection: enabled` mean
   */
  readonly revision?: string;

  /**
   * Other names of this control plane, which namespaces can name in place of the revision. `default` is what namespaces with
   * `istio-injection: enabled` mean.
   *
   * @default - none
   */
  readonly revisionTags?: string[];

  /**
   * What carries the traffic of the pods. AMBIENT needs an IstioCni and a Ztunnel, and still injects sidecars where a namespace
   * asks for them.
   *
   * @default DataPlaneMode.SIDECAR
   */
  readonly dataPlane?: DataPlaneMode;

  /**
   * Whether the CNI plugin (IstioCni) redirects the pods' traffic, and not an init container with NET_ADMIN and NET_RAW, which
   * the Pod Security Standards 'baseline' and 'restricted' refuse.
   *
   * @default - true in ambient mode, else false
   */
  readonly cni?: boolean;

  /**
   * What the proxies write of each request, on stdout.
   *
   * @default AccessLog.NONE
   */
  readonly accessLog?: AccessLog;
}

/**
 * The control plane: gives the proxies their configuration and certificates, injects sidecars, and validates objects.
 */
export class Istiod extends Construct {
  /** @internal */
  public static _is(value: unknown): value is Istiod {
    return value instanceof Istiod;
  }

  /** The namespace of its pods. */
  public readonly namespace: string;

  /** The revision; undefined where it has none. */
  public readonly revision?: string;

  /** Other names of this control plane. A copy. */
  public readonly revisionTags: string[];

  /** What carries the traffic of the pods. */
  public readonly dataPlane: DataPlaneMode;

  /** Whether the CNI plugin redirects the pods' traffic. */
  public readonly cni: boolean;

  constructor(scope: Construct, id: string, props: IstiodProps) {
    super(scope, id);
    throw new Error(`${props.namespace}: not written yet`);
  }
}
