import { type ObjectReference, referenceTo } from '../manifests/object';
import { HTTP_STATUS_OF_GRPC, type InjectedFault } from '../proxy/fault';
import type { RetryPolicy } from '../proxy/retries';
import { shortened } from '../syntax/printable';
import { reachedDestinations, versionShares } from './arrivals';
import type { Caveat } from './caveat';
import { RouteDestination, type RouteMirror, workloadsOf } from './destination';
import { explain } from './explain';
import { grpcStatusFor, grpcTimeout } from './grpc';
import { RouteOutcome } from './outcome';
import type { RouteRequest } from './request';
import type { TraceStep } from './trace';
import { type Step, type Trail, toTraceStep } from './trail';
import { grpcStatusOf, outcomeAt, type Verdict } from './verdict';

/** Knows what decisions rest on. */
export interface Doubting {
  restsOn(request: RouteRequest, verdict: Verdict, trail: Trail): readonly Caveat[];
}

/** The answer to a request: how it ends, where it goes, and why. */
export class RouteDecision {
  private places?: RouteDestination[];
  private steps?: readonly Step[];
  private doubts?: readonly Caveat[];

  /** @internal */
  public static _of(verdict: Verdict, trail: Trail, asked?: RouteRequest, doubting?: Doubting): RouteDecision {
    return new RouteDecision(verdict, trail, asked, doubting);
  }

  private constructor(
    private readonly verdict: Verdict,
    private readonly trail: Trail,
    private readonly asked: RouteRequest | undefined,
    private readonly doubting: Doubting | undefined,
  ) {}

  /** How the request ends. */
  public get outcome(): RouteOutcome {
    return this.verdict.outcome;
  }

  /**
   * The HTTP status that the client sees. For a request of gRPC (`content-type: application/grpc`) it is 200, and
   * `grpcStatus` says how it ended; but not for what is malformed in HTTP/1.1, which Envoy refuses before it knows.
   *
   * @default - the destination answers, or there is no HTTP answer at all
   */
  public get status(): number | undefined {
    return this.verdict.isGrpc ? HTTP_STATUS_OF_GRPC : this.verdict.status;
  }

  /**
   * The gRPC status that a client of gRPC sees where the proxy answers by itself, by name, as in `UNAVAILABLE`. Envoy makes it
   * of the HTTP status: `INTERNAL` of 400, `UNAUTHENTICATED` of 401, `PERMISSION_DENIED` of 403, `UNIMPLEMENTED` of 404,
   * `UNAVAILABLE` of 429, 502, 503 and 504, and `UNKNOWN` of every other, 200 included.
   *
   * @default - the request is none of gRPC, or malformed in HTTP/1.1, or the destination answers
   */
  public get grpcStatus(): string | undefined {
    return grpcStatusOf(this.verdict);
  }

  /**
   * Envoy's response flag for the outcome, as access logs show it: `NR`, `NC`, `UH`, `FI`.
   *
   * @default - none
   */
  public get responseFlag(): string | undefined {
    return this.verdict.responseFlag;
  }

  /** Where the request may go, with its shares. Filled also when these places do not exist. */
  public get destinations(): RouteDestination[] {
    const { clusters, request } = this.verdict;
    this.places ??=
      clusters === undefined || request === undefined
        ? []
        : clusters.map((cluster) => RouteDestination._of(cluster, request));
    return this.places;
  }

  /**
   * The share of the requests that each version answers, in percent: `{ v1: 90, v2: 10 }`. A version is the label `version` of
   * the pods that answer; within a destination, requests spread by number of pods. `none` stands for pods without that label
   * and for endpoints that the manifests do not name, `aborted with 503` for the requests that an injected fault aborts. Empty
   * where the request reaches no destination.
   */
  public get versions(): { readonly [version: string]: number } {
    return Object.fromEntries(versionShares(this, reachedDestinations(this)));
  }

  /** Who gets copies. */
  public get mirrors(): RouteMirror[] {
    const { clusters, route } = this.verdict;
    const mirrors = clusters === undefined ? [] : (route?.action.mirrors ?? []);
    return mirrors.map(({ cluster, percentage }) => {
      const { host, subset, port } = cluster;
      return { host, subset, port, percentage, outcome: outcomeAt(cluster), workloads: workloadsOf(cluster) };
    });
  }

  /**
   * The VirtualService whose rule decided. Of a rule in a delegate, the one that delegates.
   *
   * @default - no VirtualService decided
   */
  public get virtualService(): ObjectReference | undefined {
    const owner = this.verdict.route?.origin?.owner ?? this.verdict.l4Owner;
    return owner && referenceTo(owner.object);
  }

  /**
   * The object in which the rule stands: `virtualService`, or its delegate.
   *
   * @default - no rule decided
   */
  public get ruleObject(): ObjectReference | undefined {
    const { rule } = this.verdict.route?.origin ?? {};
    return rule && referenceTo(rule.object);
  }

  /**
   * Place of the rule among the `http` rules of `ruleObject`, from 0.
   *
   * @default - no rule decided
   */
  public get ruleIndex(): number | undefined {
    return this.verdict.route?.origin?.rule.index;
  }

  /**
   * Envoy's name of the route (`%ROUTE_NAME%` in access logs): the rule's name, behind a dot the match's, and in a delegate's rule
   * before it the name of the rule that delegates, with a hyphen (`TranslateRoute`, `mergeHTTPRoute`).
   *
   * @default - no rule decided, or it has no name
   */
  public get ruleName(): string | undefined {
    const { route } = this.verdict;
    return route?.origin === undefined ? undefined : route.name || undefined;
  }

  /**
   * Where a redirect leads.
   *
   * @default - no redirect
   */
  public get location(): string | undefined {
    return this.verdict.location;
  }

  /**
   * Body of a direct response.
   *
   * @default - no direct response
   */
  public get body(): string | undefined {
    const { outcome, route } = this.verdict;
    return outcome === RouteOutcome.DIRECT_RESPONSE ? route?.action.directResponse?.body : undefined;
  }

  /**
   * Time limit for the whole answer, in milliseconds. A request of gRPC may ask for a shorter one by `grpc-timeout`.
   *
   * @default - none, which is Istio's default
   */
  public get timeoutMillis(): number | undefined {
    const { route, request } = this.verdict;
    const ofRoute = route?.action.timeoutMillis;
    return request?.isGrpc && (this.verdict.clusters?.length ?? 0) > 0
      ? grpcTimeout(request.header('grpc-timeout'), ofRoute)
      : ofRoute;
  }

  /**
   * Retries in force.
   *
   * @default - none
   */
  public get retries(): RetryPolicy | undefined {
    return this.verdict.route?.action.retries;
  }

  /**
   * Fault that is injected into some or all requests.
   *
   * @default - none
   */
  public get fault(): InjectedFault | undefined {
    const { route, request } = this.verdict;
    const fault = route?.action.fault;
    if (fault?.abortStatus === undefined || !request?.isGrpc) {
      return fault;
    }
    const abortGrpcStatus = fault.abortGrpcStatus ?? grpcStatusFor(fault.abortStatus);
    return { ...fault, abortStatus: HTTP_STATUS_OF_GRPC, abortGrpcStatus };
  }

  /**
   * What was looked at, in order, and why it matched or did not; of a virtual host every rule, also those that were not reached.
   * Worked out when first asked for.
   */
  public get trace(): TraceStep[] {
    return this.walked().map(toTraceStep);
  }

  /**
   * What the decision rests on and what was not looked at, is not known, or is refused before it gets into the cluster. Where that
   * is empty, the manifests decide. Worked out when first asked for.
   */
  public get caveats(): Caveat[] {
    const { asked, doubting, trail, verdict } = this;
    this.doubts ??= [
      ...trail.caveats(),
      ...(asked === undefined || doubting === undefined ? [] : doubting.restsOn(asked, verdict, trail)),
    ];
    return [...this.doubts];
  }

  /** The decision and its trace, as text for people. */
  public explain(): string {
    return explain(this, this.walked());
  }

  /** The text of `explain()`, for template literals and for languages that print objects by it. */
  public toString(): string {
    return this.explain();
  }

  /** The decision and its trace, as the data that `versioned-mesh route --json` prints. `JSON.stringify` and snapshots ask for it. */
  public toJSON(): unknown {
    const { ruleObject } = this;
    return {
      outcome: this.outcome,
      status: this.status,
      grpcStatus: this.grpcStatus,
      responseFlag: this.responseFlag,
      location: this.location,
      body: this.body,
      destinations: this.destinations.map((destination) => destination.toJSON()),
      mirrors: this.mirrors,
      virtualService: this.virtualService,
      rule: ruleObject && { object: ruleObject, index: this.ruleIndex, name: this.ruleName },
      timeoutMillis: this.timeoutMillis,
      retries: this.retries,
      fault: this.fault,
      caveats: this.caveats.map((caveat) => ({ ...caveat, text: shortened(caveat.text) })),
      trace: this.trace.map((step) => ({ ...step, text: shortened(step.text) })),
    };
  }

  private walked(): readonly Step[] {
    this.steps ??= this.trail.steps();
    return this.steps;
  }
}
