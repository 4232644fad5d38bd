import type { RouteRequest } from './request';

/** What a step of a trace looked at. */
export enum TraceKind {
  /** The request itself. */
  REQUEST = 'REQUEST',
  /** A gateway, its port and its servers. */
  GATEWAY = 'GATEWAY',
  /** The listener of a sidecar. */
  SIDECAR = 'SIDECAR',
  /** The choice of a virtual host. */
  VIRTUAL_HOST = 'VIRTUAL_HOST',
  /** A rule of a VirtualService. */
  VIRTUAL_SERVICE = 'VIRTUAL_SERVICE',
  /** A destination: service, subset, workloads. */
  DESTINATION = 'DESTINATION',
}

/** One thing that was looked at on the way to a decision. */
export interface TraceStep {
  /** What kind of thing. */
  readonly kind: TraceKind;
  /**
   * The object looked at, as `namespace/name`.
   *
   * @default - no object
   */
  readonly object?: string;
  /**
   * Where in the object: `spec.http[0].match[1]`.
   *
   * @default - the object as a whole, or none
   */
  readonly path?: string;
  /** What was found, for people. */
  readonly text: string;
  /** Whether the request goes on from here. */
  readonly matched: boolean;
}

/** Whoever can say how a request was decided. */
export interface Tracer {
  trace(request: RouteRequest): TraceStep[];
}
