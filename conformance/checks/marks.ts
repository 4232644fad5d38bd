/*
 * Names for rules and matches, by which Envoy says which of them answered a request. Istio makes the name of an Envoy route of
 * them: `rule.match`, and of a delegate's rule `root-rule.root-match-match`. They change nothing else.
 */
import type { Finding } from '../../src/checks/finding';
import { namespaceOf } from '../cluster';
import type { Manifest } from '../manifest';
import type { Observation } from '../observation';

/** A rule of a VirtualService, as far as this comparison looks into it. */
export interface WrittenRule {
  readonly name?: string;
  readonly match?: readonly WrittenMatch[];
  readonly route?: readonly WrittenRoute[];
  readonly delegate?: { readonly name: string; readonly namespace?: string };
  readonly [field: string]: unknown;
}

export interface WrittenMatch {
  readonly name?: string;
  readonly gateways?: readonly string[];
  readonly [field: string]: unknown;
}

export interface WrittenRoute {
  readonly destination: {
    readonly host: string;
    readonly subset?: string;
    readonly port?: { readonly number: number };
  };
  readonly weight?: number;
}

export interface VirtualServiceSpec {
  readonly hosts?: readonly string[];
  readonly gateways?: readonly string[];
  readonly exportTo?: readonly string[];
  readonly http?: readonly WrittenRule[];
  readonly [field: string]: unknown;
}

export function specOf(manifest: Manifest): VirtualServiceSpec {
  return manifest.spec as VirtualServiceSpec;
}

/** Every rule and every match of `manifests` with a name that no other has. */
export function marked(manifests: readonly Manifest[]): readonly Manifest[] {
  let count = 0;
  return manifests.map((manifest) => {
    const { http } = manifest.kind === 'VirtualService' ? specOf(manifest) : {};
    if (http === undefined) {
      return manifest;
    }
    const named = http.map((rule) => ({
      ...rule,
      name: `r${count++}`,
      ...(rule.match === undefined ? {} : { match: rule.match.map((match) => ({ ...match, name: `m${count++}` })) }),
    }));
    return { ...manifest, spec: { ...specOf(manifest), http: named } };
  });
}

/** Where a finding is, if it is in a rule. */
export interface Place {
  readonly object: Manifest;
  readonly rule: number;
  readonly match?: number;
}

const IN_RULE = /^spec\.http\[(\d+)\](?:\.match\[(\d+)\])?/;

export function placeOf({ kind, namespace, name, path }: Finding, manifests: readonly Manifest[]): Place | undefined {
  const object = objectNamed(manifests, kind, namespace, name);
  const [, rule, match] = IN_RULE.exec(path) ?? [];
  return object === undefined || rule === undefined
    ? undefined
    : { object, rule: Number(rule), ...(match === undefined ? {} : { match: Number(match) }) };
}

export function objectNamed(
  manifests: readonly Manifest[],
  kind: string,
  namespace: string,
  name: string,
): Manifest | undefined {
  return manifests.find((each) => each.kind === kind && namespaceOf(each) === namespace && each.metadata.name === name);
}

export function ruleAt({ object, rule }: Place): WrittenRule {
  return specOf(object).http?.[rule] ?? {};
}

export function matchAt(place: Place): WrittenMatch | undefined {
  return place.match === undefined ? undefined : ruleAt(place).match?.[place.match];
}

/** The mark of the match, or of the rule where the place is none of a match. */
export function markAt(place: Place): string {
  return (place.match === undefined ? ruleAt(place).name : matchAt(place)?.name) ?? '';
}

/** The marks of the rules and matches that answered: several where a delegate did. */
export function marksOf(seen: Observation): ReadonlySet<string> {
  return new Set(seen.kind === 'http' ? (seen.route ?? '').split(/[.-]/).filter((mark) => /^[rm]\d+$/.test(mark)) : []);
}
