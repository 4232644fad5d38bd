import { Duration } from 'cdk8s';
import type { Construct } from 'constructs';
import { complaintAboutDnsLabel, complaintAboutDnsName } from '../../syntax/names';
import { complaintAboutHttpUrl } from '../../syntax/url';
import { brandOf, isMarked, mark } from '../objects/brand';
import { refuseIf } from '../objects/refuse';
import { duration, made, Struct, text } from '../objects/struct';
import { wholeSeconds } from '../objects/whole-seconds';
import { argoCdRelease, IN_CLUSTER } from './argo-cd-release';
import { fluxRelease } from './flux-release';
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
   * How often Flux looks whether all is as it should be, in whole seconds.
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
   * The API server of the cluster that they are for. Of another cluster than that of Argo CD, they make the namespaces themselves:
   * what is written beside them, namespaces and the policy that keeps the kinds, goes to the cluster in which it is applied.
   *
   * @default 'https://kubernetes.default.svc'
   */
  readonly server?: string;
}

const FLUX = new Struct<FluxOptions>("{ namespace: 'flux-system' }", { namespace: text, interval: duration });

const ARGO_CD = new Struct<ArgoCdOptions>("{ project: 'platform' }", { namespace: text, project: text, server: text });

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
   * A HelmRelease of Flux for each part, each after the parts before it, and where its chart is had from: an OCIRepository, or a
   * HelmRepository for `https://…`. The platform's file and the rest are two Kustomizations, the second with `dependsOn` the first:
   * in one, Flux' dry run meets Istio's kinds before they are there. Namespaces are written as they are. Helm is not needed at synth, and
   * charts of a folder are refused, which Flux could not read. No chart is read, so that a misspelt value is not found.
   *
   * @param options How Flux is told.
   * @throws Error when an option is wrong.
   */
  public static flux(options: FluxOptions = {}): PlatformDelivery {
    const where = 'PlatformDelivery.flux';
    const { namespace = 'flux-system', interval = Duration.hours(1) } = FLUX.read(where, '', options);
    refuseIf(where, 'namespace', namespace, complaintAboutDnsLabel(namespace));
    return new PlatformDelivery(fluxRelease({ namespace, interval: wholeSeconds(where, 'interval', interval) }));
  }

  /**
   * An Application of Argo CD for each part, one sync wave after the other, for an Application of the platform's file alone: what needs
   * Istio's kinds is for a second one, since in one, Argo CD's dry run meets them before they are there.
   * Namespaces are written as they are. Helm is not needed at synth, and charts of a folder are refused, which Argo CD could not
   * read. No chart is read, so that a misspelt value is not found.
   *
   * Argo CD waits with a wave until the one before it is healthy, but does so for Applications only where its ConfigMap `argocd-cm`
   * has `resource.customizations.health.argoproj.io_Application`, as its manual says it ("Resource Health"). A deleted Application
   * leaves Istio as it is.
   *
   * @param options How Argo CD is told.
   * @throws Error when an option is wrong.
   */
  public static argoCd(options: ArgoCdOptions = {}): PlatformDelivery {
    const where = 'PlatformDelivery.argoCd';
    const { namespace = 'argocd', project = 'default', server = IN_CLUSTER } = ARGO_CD.read(where, '', options);
    refuseIf(where, 'namespace', namespace, complaintAboutDnsLabel(namespace));
    refuseIf(where, 'project', project, complaintAboutDnsName(project));
    refuseIf(where, 'server', server, complaintAboutHttpUrl(server, IN_CLUSTER));
    return new PlatformDelivery(argoCdRelease({ namespace, project, server }));
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
export const DELIVERY = made<PlatformDelivery>(
  (value) => PlatformDelivery._is(value),
  'PlatformDelivery.manifests(), PlatformDelivery.flux() or PlatformDelivery.argoCd()',
);
