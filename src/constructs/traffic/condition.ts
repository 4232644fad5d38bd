/*
 * What a match is made of: alternatives, each a list of conditions that all must hold.
 */
import { compileFullMatch } from '../../syntax/full-match';
import { quoteRegex } from '../../syntax/re2';
import type { BaggageMember } from './baggage';

/** How one part of a request is compared. */
export type StringMatch =
  | { readonly exact: string }
  | { readonly prefix: string }
  | { readonly regex: string }
  /** Any value: only presence counts. */
  | { readonly present: true };

export interface HeaderCondition {
  readonly on: 'header';
  /** As it was written; compared without regard to case. */
  readonly name: string;
  readonly match: StringMatch | { readonly baggage: BaggageMember };
  readonly negated: boolean;
}

export interface PathCondition {
  readonly on: 'path';
  readonly match: PathMatching;
}

/** How a path is compared. `under` is a folder without '/' at its end, so that '' is all paths. */
export type PathMatching =
  | { readonly exact: string }
  | { readonly prefix: string }
  | { readonly under: string }
  | { readonly regex: string };

/** One of these methods. */
export interface MethodCondition {
  readonly on: 'method';
  readonly methods: readonly string[];
}

export interface QueryCondition {
  readonly on: 'query';
  readonly name: string;
  readonly match: StringMatch;
}

export interface SourceLabelsCondition {
  readonly on: 'sourceLabels';
  readonly labels: { readonly [key: string]: string };
}

export interface SourceNamespaceCondition {
  readonly on: 'sourceNamespace';
  readonly namespace: string;
}

/** One thing that is asked of a request. */
export type Condition =
  | HeaderCondition
  | PathCondition
  | MethodCondition
  | QueryCondition
  | SourceLabelsCondition
  | SourceNamespaceCondition;

/** Conditions that all must hold. */
export type Alternative = readonly Condition[];

/** The pattern of a folder and all below it, by whole segments. */
export function underRegex(folder: string): string {
  return `${quoteRegex(folder)}(/.*)?`;
}

export function takesPath(match: PathMatching, path: string): boolean {
  if ('exact' in match) {
    return match.exact === path;
  }
  if ('prefix' in match) {
    return path.startsWith(match.prefix);
  }
  return compileFullMatch('under' in match ? underRegex(match.under) : match.regex)(path);
}
