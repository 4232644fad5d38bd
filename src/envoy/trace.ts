import type { ObjectReference } from '../manifests/object';

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

/** What became of a rule. */
export enum TraceState {
  /** It took the request. */
  MATCHED = 'MATCHED',
  /** It was asked, and did not match. */
  NOT_MATCHED = 'NOT_MATCHED',
  /** A rule before it took the request. */
  NOT_REACHED = 'NOT_REACHED',
  /** It does not apply at this proxy and port. */
  SKIPPED = 'SKIPPED',
}

/** Where in the manifests something stands. */
export interface TracePlace extends ObjectReference {
  /**
   * Where in the object: `spec.http[0].match[1]`.
   *
   * @default - the object as a whole
   */
  readonly path?: string;
  /**
   * The file that the object was read from.
   *
   * @default - it was not read from a file
   */
  readonly file?: string;
  /**
   * The line of the file on which it stands, from 1.
   *
   * @default - it was not read from a file
   */
  readonly line?: number;
}

/** One thing that a rule asks of a request, and what the request has there. */
export interface TraceCondition {
  /** The field of the match: `uri`, `headers`, `withoutHeaders`, `queryParams`, `method`, `authority` or `scheme`. */
  readonly field: string;
  /**
   * The header or query parameter.
   *
   * @default - the field has no names in it
   */
  readonly name?: string;
  /** How the value is compared: `exact`, `prefix` or `regex`; `present` where it only has to be there. */
  readonly operator: string;
  /**
   * What it is compared with.
   *
   * @default - it only has to be there
   */
  readonly wanted?: string;
  /**
   * What the request has there.
   *
   * @default - nothing
   */
  readonly actual?: string;
  /** Whether the request fulfils the condition. One of `withoutHeaders` is fulfilled by a request without such a header. */
  readonly matched: boolean;
}

/** A rule of a VirtualService that was, or would have been, looked at. */
export interface TraceRule {
  /** What became of it. */
  readonly state: TraceState;
  /** Place of the rule among the `http` rules of the object in which it stands, from 0. */
  readonly index: number;
  /**
   * The rule's name.
   *
   * @default - it has none
   */
  readonly name?: string;
  /**
   * Place of the match among those of the rule, from 0.
   *
   * @default - the rule has no match, and is for every request
   */
  readonly matchIndex?: number;
  /** What was asked of the request, all of which must hold. Empty where nobody asked. */
  readonly conditions: TraceCondition[];
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
  /**
   * Where it is written down. Of a rule in a delegate, the delegate.
   *
   * @default - it is no part of a manifest
   */
  readonly place?: TracePlace;
  /**
   * The rule, where one was looked at.
   *
   * @default - it was something else
   */
  readonly rule?: TraceRule;
}
