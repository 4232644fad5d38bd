import type { ApiObject } from 'cdk8s';
import type { Service } from 'cdk8s-plus-27';
import { brandOf, isMarked, mark } from '../objects/brand';
import type { MetadataOptions } from '../objects/object-options';
import { mergedPolicy } from './destination-rule';
import type { FlaskLikeApp } from './flask-like-app';
import type { TrafficPolicy } from './traffic-policy';
import type { VersionedService } from './versioned-service';

const BRAND = brandOf('ServiceVersion');

/**
 * One version of a VersionedService: the handle by which a route names it. Made by `VersionedService.addVersion` and
 * `addExistingVersion`.
 */
export class ServiceVersion {
  /** The version as it was given, and as the label `version` carries it. */
  public readonly version: string;

  /** The service that this is a version of. */
  public readonly service: VersionedService;

  /**
   * The workload that runs it.
   *
   * @default - none, where somebody else makes its pods
   */
  public readonly app?: FlaskLikeApp;

  /**
   * The subset of the DestinationRule that stands for it.
   *
   * @default - none, where the service has one Service a version
   */
  public readonly subset?: string;

  /**
   * The Service that reaches this version only, where it is made here.
   *
   * @default - none, where the service has subsets, or the Service is there already
   */
  public readonly ownService?: Service;

  /**
   * The ServiceAccount of its pods.
   *
   * @default - not known
   */
  public readonly serviceAccountName?: string;

  /** Whether it is on its way out: its pods are still there, and no route may lead to it. */
  public readonly retired: boolean;

  /**
   * Whether `value` is one, of whichever copy of this library.
   *
   * @internal
   */
  public static _is(value: unknown): value is ServiceVersion {
    return isMarked(value, BRAND);
  }

  /** @internal */
  public static _of(parts: VersionParts): ServiceVersion {
    return new ServiceVersion(parts);
  }

  private rule?: ApiObject;

  private constructor(private readonly parts: VersionParts) {
    mark(this, BRAND);
    this.version = parts.version;
    this.service = parts.service;
    this.app = parts.app;
    this.subset = parts.subset;
    this.ownService = parts.ownService;
    this.serviceAccountName = parts.serviceAccountName;
    this.retired = parts.retired;
  }

  /**
   * The DestinationRule for the Service that reaches this version only, where it has a policy.
   *
   * @default - none, where the service has subsets, which stand in the service's own, or neither of them has a `trafficPolicy`
   */
  public get destinationRule(): ApiObject | undefined {
    return this.rule;
  }

  /** The labels by which its pods are known; empty where none are. A copy. */
  public get labels(): { readonly [key: string]: string } {
    return { ...this.parts.labels };
  }

  /**
   * The host of the destination that reaches this version, as a route in `namespace` writes it.
   *
   * @internal
   */
  public _hostFrom(namespace: string | undefined): string {
    return this.service._hostOf(this._serviceName(), namespace);
  }

  /**
   * The name of the Service by which routes reach it.
   *
   * @internal
   */
  public _serviceName(): string {
    return this.parts.serviceName ?? this.service.name;
  }

  /**
   * Whether the Service by which routes reach it is somebody else's.
   *
   * @internal
   */
  public _isReachedElsewhere(): boolean {
    return this.ownService === undefined && (this.subset === undefined || this.service.service === undefined);
  }

  /**
   * What stands for it in names of objects, and no other version of the service has.
   *
   * @internal
   */
  public _label(): string {
    return this.parts.label;
  }

  /**
   * How callers treat it: the service's policy, in which its own takes the place of whole groups.
   *
   * @internal
   */
  public _effectivePolicy(): TrafficPolicy {
    return mergedPolicy(this.service._policy(), this.parts.policy);
  }

  /**
   * What its own options say of that.
   *
   * @internal
   */
  public _ownPolicy(): TrafficPolicy | undefined {
    return this.parts.policy;
  }

  /**
   * The labels that tell its pods from those of other versions; empty where none are known.
   *
   * @internal
   */
  public _selecting(): { readonly [key: string]: string } {
    return this.parts.selecting;
  }

  /**
   * Labels and annotations of what is made for it.
   *
   * @internal
   */
  public _metadata(): MetadataOptions | undefined {
    return this.parts.metadata;
  }

  /** @internal */
  public _ruledBy(rule: ApiObject): void {
    this.rule = rule;
  }

  /**
   * Whether a value of the request decides which of its pods gets it.
   *
   * @internal
   */
  public _usesConsistentHash(): boolean {
    return this._effectivePolicy().loadBalancer?._usesConsistentHash() ?? false;
  }
}

interface VersionParts {
  /** Labels and annotations of what is made for it. */
  readonly metadata?: MetadataOptions;
  readonly version: string;
  readonly service: VersionedService;
  readonly label: string;
  readonly labels: { readonly [key: string]: string };
  readonly selecting: { readonly [key: string]: string };
  readonly retired: boolean;
  readonly app?: FlaskLikeApp;
  readonly subset?: string;
  readonly ownService?: Service;
  readonly serviceName?: string;
  readonly serviceAccountName?: string;
  readonly policy?: TrafficPolicy;
}
