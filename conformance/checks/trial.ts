/*
 * A finding as something that can be seen in traffic: which requests try it, and what speaks for or against it.
 *
 * Where a finding says that a rule is dead, silence alone proves little: perhaps no request was ever meant for it. So there is a
 * twin, the mesh with the fault mended, which gets the same requests: one that the rule takes there, and not here, confirms.
 */
import type { Finding } from '../../src/checks/finding';
import { namespaceOf } from '../cluster';
import { aimsOf, makeAsk } from '../generate/requests';
import type { Ask, Manifest, MeshCase } from '../manifest';
import type { Observation } from '../observation';
import type { Random } from '../random';
import {
  markAt,
  marksOf,
  objectNamed,
  type Place,
  placeOf,
  ruleAt,
  specOf,
  type VirtualServiceSpec,
  type WrittenMatch,
  type WrittenRule,
} from './marks';

/** What a prediction is made of. */
export interface Case {
  readonly finding: Finding;
  /** With marks on all rules and matches. */
  readonly mesh: MeshCase;
  readonly random: Random;
}

/** One request, and what became of it. */
export interface Exchange {
  readonly ask: Ask;
  readonly seen: Observation;
  /** What became of it in the mesh that isolates the fault, if the trial has one. */
  readonly isolated?: Observation;
  /** What became of it in the mesh without the fault, if the trial has one. */
  readonly mended?: Observation;
}

export type Judgement = 'confirms' | 'says nothing' | { readonly refutes: string };

export interface Trial {
  /** Requests that try the finding. All others that the mesh gets are judged, too. */
  readonly asks: readonly Ask[];
  /** The mesh with nothing in it that could hide the fault. */
  readonly isolated?: MeshCase;
  readonly mended?: MeshCase;
  judge(exchange: Exchange): Judgement;
}

/** Gives the trial of a finding; undefined where this one cannot be tried. */
export type Predict = (one: Case) => Trial | undefined;

/** What is predicted, for people, and how it is tried. */
export interface Prediction {
  readonly says: string;
  readonly predict: Predict;
}

const ASKS = 10;

/** Requests aimed at a rule, or at one match of it; a delegate's come by the rules that delegate to it. */
export function asksFor({ mesh, random }: Pick<Case, 'mesh' | 'random'>, place: Place, count = ASKS): readonly Ask[] {
  const wanted = rulesOf(place);
  const { hosts } = specOf(place.object);
  const aims =
    hosts !== undefined ? [{ hosts, http: wanted }] : throughDelegation(mesh.manifests, place.object, wanted);
  const targets = aims.flatMap(({ hosts: names, http }) =>
    aimsOf([{ ...place.object, spec: { hosts: names, http } as VirtualServiceSpec }]),
  );
  return targets.length === 0
    ? []
    : Array.from({ length: count }, () => withReachableHost(mesh, random, makeAsk(random, targets, portsOf(mesh))));
}

function rulesOf(place: Place): readonly WrittenRule[] {
  const rule = ruleAt(place);
  return [place.match === undefined ? rule : { ...rule, match: [rule.match?.[place.match] ?? {}] }];
}

/** The delegate's rules, with what the delegating ones ask besides. */
function throughDelegation(manifests: readonly Manifest[], delegate: Manifest, wanted: readonly WrittenRule[]) {
  return manifests.flatMap((manifest) =>
    (manifest.kind === 'VirtualService' ? (specOf(manifest).http ?? []) : [])
      .filter((rule) => delegatesTo(rule, manifest, delegate))
      .map((root) => ({
        hosts: specOf(manifest).hosts ?? [],
        http: wanted.map((rule) => ({ ...rule, match: mergedMatches(root.match, rule.match) })),
      })),
  );
}

function mergedMatches(
  roots: readonly WrittenMatch[] = [{}],
  own: readonly WrittenMatch[] = [{}],
): readonly WrittenMatch[] {
  return own.flatMap((match) =>
    roots.map((root) => ({
      ...root,
      ...match,
      headers: { ...(root.headers as object), ...(match.headers as object) },
    })),
  );
}

export function delegatesTo({ delegate }: WrittenRule, root: Manifest, target: Manifest): boolean {
  return (
    delegate !== undefined &&
    delegate.name === target.metadata.name &&
    (delegate.namespace ?? namespaceOf(root)) === namespaceOf(target)
  );
}

/** The ports on which the proxy may listen. */
export function portsOf({ manifests, proxy }: MeshCase): readonly number[] {
  const [kind, field] = proxy.gateway === undefined ? ['Service', 'ports'] : ['Gateway', 'servers'];
  const numbers = manifests
    .filter((manifest) => manifest.kind === kind)
    .flatMap((manifest) => {
      const spec = manifest.spec as { [list: string]: readonly { port: number | { number: number } }[] | undefined };
      return (spec[field] ?? []).map(({ port }) => (typeof port === 'number' ? port : port.number));
    });
  return [...new Set(numbers)];
}

/** From a sidecar, a request goes to the address of the service that its authority names. */
function withReachableHost({ manifests, proxy }: MeshCase, random: Random, ask: Ask): Ask {
  if (proxy.sidecar === undefined) {
    return ask;
  }
  const services = manifests.filter(({ kind }) => kind === 'Service');
  if (services.length === 0) {
    return ask;
  }
  const host = ask.authority.replace(/:.*$/, '').toLowerCase();
  const named = services.find(
    (service) => host === service.metadata.name || host.startsWith(`${service.metadata.name}.${namespaceOf(service)}`),
  );
  const { metadata } = named ?? random.pick(services);
  return { ...ask, connectHost: `${metadata.name}.${metadata.namespace ?? 'default'}.svc.cluster.local` };
}

/** The place of a finding that is in a rule. */
export function placeIn({ finding, mesh }: Case): Place | undefined {
  return placeOf(finding, mesh.manifests);
}

/** The mesh in which no other rule can take requests of this one: only it is left, and what delegates to it. */
export function alone(
  mesh: MeshCase,
  place: Place,
  change: (rule: WrittenRule) => WrittenRule = (rule) => rule,
): MeshCase {
  const [rule] = rulesOf(place);
  const manifests = mesh.manifests.flatMap((manifest): readonly Manifest[] => {
    if (manifest.kind !== 'VirtualService') {
      return [manifest];
    }
    if (manifest === place.object) {
      return [withSpec(manifest, { http: [change(rule)] })];
    }
    const { http = [] } = specOf(manifest);
    const delegating = http.filter((other) => delegatesTo(other, manifest, place.object));
    return delegatesTo(rule, place.object, manifest)
      ? [manifest]
      : delegating.length > 0
        ? [withSpec(manifest, { http: delegating })]
        : [];
  });
  return { ...mesh, manifests };
}

export function withSpec(manifest: Manifest, changed: { readonly [field: string]: unknown }): Manifest {
  return { ...manifest, spec: { ...(manifest.spec as object), ...changed } };
}

/** `change` for the one match of a rule that `alone` has left. */
export function inMatch(change: (match: WrittenMatch) => WrittenMatch): (rule: WrittenRule) => WrittenRule {
  return (rule) => ({ ...rule, match: rule.match?.map(change) });
}

/** Judges whether a rule or match stays without requests, and gets them in the mended mesh. */
export function staysUnreached(mark: string): Trial['judge'] {
  return ({ seen, isolated, mended }) => {
    if (marksOf(seen).has(mark) || (isolated !== undefined && marksOf(isolated).has(mark))) {
      return { refutes: 'the rule answered' };
    }
    return mended !== undefined && marksOf(mended).has(mark) ? 'confirms' : 'says nothing';
  };
}

/** A place whose rule or match gets nothing, in the mesh as it is. */
export function unreachedAt(one: Case, place: Place, mended: MeshCase): Trial {
  return { asks: asksFor(one, place), mended, judge: staysUnreached(markAt(place)) };
}

/** The manifest that a text names, as in `DestinationRule apps/web`. */
export function named({ manifests }: MeshCase, text: string, kind: string): Manifest | undefined {
  const [, namespace, name] = new RegExp(`${kind} ([^/\\s]+)/([^\\s,.]+)`).exec(text) ?? [];
  return namespace === undefined ? undefined : objectNamed(manifests, kind, namespace, name);
}

export function isAnswer(seen: Observation, status: number, flag: string): boolean {
  return (
    seen.kind === 'http' &&
    seen.received === undefined &&
    seen.status === status &&
    (seen.flags?.split(',').includes(flag) ?? false)
  );
}

/** The namespace of the proxy that is asked. */
export function proxyNamespace({ proxy }: MeshCase): string {
  return proxy.gateway?.namespace ?? proxy.sidecar?.namespace ?? '';
}
