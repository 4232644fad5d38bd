import { type MeshObject, placeIn, refOf } from '../manifests/object';
import type { TracePlace } from './trace';

/** Why a decision may not hold. */
export enum CaveatKind {
  /** Something that is not read here can change the answer, which therefore is UNDECIDED. */
  NOT_READ = 'NOT_READ',
  /** A policy selects a proxy that the request passes, and whether it lets the request through is not evaluated. */
  NOT_EVALUATED = 'NOT_EVALUATED',
  /** The API server, Istio or Envoy refuses an object on which the answer rests. After a first deployment the answer is another. */
  REFUSED = 'REFUSED',
  /** Objects contradict each other and the older one wins, but the manifests do not say which one that is. */
  AGE = 'AGE',
  /** The manifests do not say something that the answer needs, and it was assumed. */
  ASSUMED = 'ASSUMED',
}

/** Something that was not looked at, or is not known, and on which a decision rests. */
export interface Caveat {
  /** Why the decision may not hold. */
  readonly kind: CaveatKind;
  /** A sentence for people: what it is, and what it can do to the request. */
  readonly text: string;
  /**
   * The object in question, as `namespace/name`.
   *
   * @default - it is about no object
   */
  readonly object?: string;
  /**
   * Where it is written down.
   *
   * @default - it is no part of a manifest
   */
  readonly place?: TracePlace;
}

/** @param path where in the object, if not the object as a whole */
export function caveatAbout(kind: CaveatKind, object: MeshObject, text: string, path?: string): Caveat {
  return { kind, text, object: refOf(object), place: placeIn(object, path) };
}
