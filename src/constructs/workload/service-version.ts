import type { Service } from 'cdk8s-plus-27';
import { brandOf, isMarked, mark } from '../objects/brand';
import type { FlaskLikeApp } from './flask-like-app';
import type { VersionedService } from './versioned-service';

const BRAND = brandOf('ServiceVersion');

/**
 * One version of a VersionedService: the handle by which a route names it. Made by `VersionedService.addVersion`.
 */
export class ServiceVersion {
  /** The version as it was given, and as the label `version` carries it. */
  public readonly version: string;

  /** The service that this is a version of. */
  public readonly service: VersionedService;

  /** The workload that runs it. */
  public readonly app: FlaskLikeApp;

  /**
   * The subset of the DestinationRule that stands for it.
   *
   * @default - none, where the service has one Service a version
   */
  public readonly subset?: string;

  /**
   * The Service that reaches this version only.
   *
   * @default - none, where the service has subsets
   */
  public readonly ownService?: Service;

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

  private constructor(parts: VersionParts) {
    mark(this, BRAND);
    this.version = parts.version;
    this.service = parts.service;
    this.app = parts.app;
    this.subset = parts.subset;
    this.ownService = parts.ownService;
    this.retired = parts.retired ?? false;
  }

  /**
   * The host of the destination that reaches this version, as a route in `namespace` writes it.
   *
   * @internal
   */
  public _hostFrom(namespace: string | undefined): string {
    return this.service._hostOf(this.ownService?.name ?? this.service.name, namespace);
  }
}

interface VersionParts {
  readonly version: string;
  readonly service: VersionedService;
  readonly app: FlaskLikeApp;
  readonly subset?: string;
  readonly ownService?: Service;
  readonly retired?: boolean;
}
