/*
 * One thing that a match of a VirtualService asks of a request. What each kind means has one home, a file of this folder, which
 * says which requests fulfil it: as a test for one request, as a set for all, and in words.
 */
import type { StringMatch } from '../../model/string-match';
import type { Language } from '../language';
import type { Subject } from '../predicate';
import type { ValueSet } from '../value-set';

/** A request as Envoy's router sees it. */
export interface RequestView {
  /** Normalised, without query. */
  readonly path: string | undefined;
  /** @param name in lower case; `host` and the pseudo-headers are headers too */
  header(name: string): string | undefined;
  /** The values between which matchers tell; undefined for a header that has at most one. */
  separateValues(name: string): readonly string[] | undefined;
  queryParameter(name: string): string | undefined;
}

/** Makes languages, each only once. */
export interface Languages {
  /** The values that a match accepts; undefined where its regex cannot be decided. */
  language(match: StringMatch, ignoreCase?: boolean): Language | undefined;
}

/** The field of the match in which a condition stands. */
export type Field = 'uri' | 'scheme' | 'method' | 'authority' | 'headers' | 'withoutHeaders' | 'queryParams';

export interface Condition {
  readonly field: Field;
  /** Of the header or query parameter, as it is written; otherwise that of the field. */
  readonly name: string;
  readonly value: StringMatch;
  /** What is compared, in the words of a decision: `path`, `not x-version`, `query parameter q`. */
  readonly words: string;
  readonly ignoresCase?: boolean;
  /** What the request has there; undefined where it has nothing. */
  actual(request: RequestView): string | undefined;
  readonly test: (request: RequestView) => boolean;
  /** The requests for which it holds: those that have a value of each set in its part of the request. */
  sets(languages: Languages): readonly (readonly [Subject, ValueSet])[];
}
