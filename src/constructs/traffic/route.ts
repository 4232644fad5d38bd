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
   * Paths are relative to the route, as in `/timeout`. What it writes both at the gateway and inside the mesh is patched in
   * both. The entries before it that keep users by `sessionAffinity` are patched, too, but for what is their own: `/name`,
   * `/match` and `/route`.
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
   * @param isStay Whether it is for users who stay, beside the route's main entry.
   * @internal
   */
  public _patched(entry: VirtualServiceSpecHttp, isStay: boolean): VirtualServiceSpecHttp {
    const patches = this.patches.filter((patch) => !(isStay && isAboutOwn(patch)));
    // A copy: a patch is applied in place, and entries share what options and matches hold.
    return patches.reduce((patched, patch) => this.apply(patch, patched), structuredClone(entry));
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

  private apply(patch: JsonPatch, entry: VirtualServiceSpecHttp): VirtualServiceSpecHttp {
    try {
      return JsonPatch.apply(entry, patch);
    } catch {
      const { op, path } = patch._toJson();
      refuse(
        this.mesh,
        op === 'test'
          ? `the patch ${show(`test ${path}`)} of ${this._title()} fails: another value is there.`
          : `the patch ${show(`${op} ${path}`)} of ${this._title()} cannot be applied: what it asks for is not there; paths are relative to the route, as in '/timeout', and 'add' needs all but their last part.`,
      );
    }
  }
}

/** Whether a patch is about what each entry of a route has for itself. */
function isAboutOwn(patch: JsonPatch): boolean {
  const { path, from = '' } = patch._toJson();
  return [path, from].some((pointer: string) => /^\/(name|match|route)(\/|$)/.test(pointer));
}

const VERBS = { redirect: 'redirects', respond: 'answers by itself' };
