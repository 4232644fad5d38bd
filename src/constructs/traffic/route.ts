import { JsonPatch } from 'cdk8s';
import type { IConstruct } from 'constructs';
import type { VirtualServiceSpecHttp } from '../../../imports/networking.istio.io';
import { refuse, show } from '../objects/refuse';
import type { ServiceVersion } from '../workload/service-version';
import type { VersionedService } from '../workload/versioned-service';
import type { RequestMatch } from './request-match';
import type { RedirectOptions, ResponseOptions, RouteOptions } from './route-options';

/** What a mesh does with some requests for a service, as data. */
export interface Rule {
  readonly name?: string;
  readonly service: VersionedService;
  /** Which requests; undefined for a default route, which takes the rest. */
  readonly match?: RequestMatch;
  readonly action: Action;
  /** Whether it puts requests on a lane, which is done where they come in. */
  readonly isEntry?: boolean;
}

export type Action = Forward | Redirect | Respond;

export interface Forward {
  readonly kind: 'forward';
  readonly version: ServiceVersion;
  readonly options: RouteOptions;
}

interface Redirect {
  readonly kind: 'redirect';
  readonly options: RedirectOptions;
}

interface Respond {
  readonly kind: 'respond';
  readonly options: ResponseOptions;
}

/**
 * One route of a mesh: a rule, or the default of a service. Made by HeaderRoutedMesh.
 */
export class Route {
  /**
   * Its name, in Envoy's logs and statistics.
   *
   * @default - none
   */
  public readonly name?: string;

  /** The service whose requests it takes. */
  public readonly service: VersionedService;

  /**
   * The version that it leads to.
   *
   * @default - none, where it redirects or answers by itself
   */
  public readonly version?: ServiceVersion;

  private readonly patches: JsonPatch[] = [];

  /** @internal */
  public static _of(mesh: IConstruct, rule: Rule): Route {
    return new Route(mesh, rule);
  }

  private constructor(
    private readonly mesh: IConstruct,
    private readonly rule: Rule,
  ) {
    this.name = rule.name;
    this.service = rule.service;
    this.version = rule.action.kind === 'forward' ? rule.action.version : undefined;
  }

  /**
   * Patches what the route writes, for fields of Istio that its options have no words for.
   *
   * Paths are relative to the route, as in `/timeout`. What it writes as several entries, as for `sessionAffinity`, or at the
   * gateway and inside the mesh, is patched in each of them.
   *
   * @param ops The operations, as in `JsonPatch.add('/timeout', '5s')`.
   * @throws Error when one is not an operation. One that cannot be applied fails synthesis.
   */
  public addJsonPatch(...ops: JsonPatch[]): void {
    const stranger = ops.findIndex((op) => typeof op?._toJson !== 'function');
    if (stranger >= 0) {
      refuse(
        this.mesh,
        `addJsonPatch: ${show(ops[stranger])} is not a patch; write one as in JsonPatch.add('/timeout', '5s').`,
      );
    }
    this.patches.push(...ops);
  }

  /** @internal */
  public _rule(): Rule {
    return this.rule;
  }

  /**
   * The entry, patched.
   *
   * @internal
   */
  public _patched(entry: VirtualServiceSpecHttp): VirtualServiceSpecHttp {
    try {
      return this.patches.length === 0 ? entry : JsonPatch.apply(entry, ...this.patches);
    } catch (error) {
      const [reason] = (error as Error).message.split('\n');
      refuse(
        this.mesh,
        `a patch of ${this._title()} cannot be applied (${reason}); its paths are relative to the route, as in '/timeout'.`,
      );
    }
  }

  /**
   * What messages call it.
   *
   * @internal
   */
  public _title(): string {
    const { name, match, action } = this.rule;
    const what = action.kind === 'forward' ? `to version '${action.version.version}'` : `that ${VERBS[action.kind]}`;
    const which =
      match === undefined ? 'the default route' : `the route${name === undefined ? '' : ` '${name}'`} ${what}`;
    return `${which} of service '${this.service.name}'`;
  }
}

const VERBS = { redirect: 'redirects', respond: 'answers by itself' };
