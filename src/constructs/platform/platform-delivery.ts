import type { Duration } from 'cdk8s';
import type { Construct } from 'constructs';
import { brandOf, isMarked, mark } from '../objects/brand';
import { made } from '../objects/struct';
import type { Deliver, Release, ReleaseSource } from './release';
import { renderRelease } from './rendered-release';

const BRAND = brandOf('PlatformDelivery');

/**
 * How Flux is told of Istio's charts.
 */
export interface FluxOptions {
  /**
   * The namespace of Flux' objects. The releases are installed into the namespaces of the parts.
   *
   * @default 'flux-system'
   */
  readonly namespace?: string;

  /**
   * How often Flux looks whether all is as it should be.
   *
   * @default Duration.hours(1)
   */
  readonly interval?: Duration;
}

/**
 * How Argo CD is told of Istio's charts.
 */
export interface ArgoCdOptions {
  /**
   * The namespace of Argo CD, and of the Applications.
   *
   * @default 'argocd'
   */
  readonly namespace?: string;

  /**
   * The AppProject of the Applications.
   *
   * @default 'default'
   */
  readonly project?: string;

  /**
   * The API server of the cluster that they are for.
   *
   * @default 'https://kubernetes.default.svc'
   */
  readonly server?: string;
}

/**
 * What is written of a part of Istio: its objects, or what has a GitOps controller install the chart.
 */
export class PlatformDelivery {
  /** @internal */
  public static _is(value: unknown): value is PlatformDelivery {
    return isMarked(value, BRAND);
  }

  /** The objects themselves: `helm template` renders them at synth. */
  public static manifests(): PlatformDelivery {
    return new PlatformDelivery(renderRelease);
  }

  /**
   * A HelmRelease of Flux for each part, and the source that they share. Helm is not needed at synth.
   *
   * @throws Error when an option is wrong.
   */
  public static flux(options: FluxOptions = {}): PlatformDelivery {
    throw new Error(`${options.namespace}: not written yet`);
  }

  /**
   * An Application of Argo CD for each part, one sync wave after the other. Helm is not needed at synth.
   *
   * @throws Error when an option is wrong.
   */
  public static argoCd(options: ArgoCdOptions = {}): PlatformDelivery {
    throw new Error(`${options.namespace}: not written yet`);
  }

  private constructor(private readonly deliver: Deliver) {
    mark(this, BRAND);
  }

  /**
   * Writes a release below its part.
   *
   * @internal
   */
  public _deliver(part: Construct, release: Release, source: ReleaseSource): void {
    this.deliver(part, release, source);
  }
}

/** Of props that are deliveries. */
export const DELIVERY = made<PlatformDelivery>((value) => PlatformDelivery._is(value), 'PlatformDelivery.manifests()');
