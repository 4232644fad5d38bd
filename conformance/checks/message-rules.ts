/*
 * What reasons ask of rules: of delegates, and of rules that stand in the way of others.
 */
import type { Manifest } from '../manifest';
import { type Context, nameOf, namespaceOf, spec, virtualServices } from './message-context';

interface WrittenRule {
  readonly delegate?: { readonly name: string; readonly namespace?: string };
}

interface Use {
  readonly root: Manifest;
  /** As in `spec.http[2]`. */
  readonly path: string;
}

/** The rules by which others delegate to the VirtualService of the message. */
export function usesOfDelegate({ manifests, object }: Context): readonly Use[] {
  return virtualServices(manifests).flatMap((root) =>
    ((root.spec as { http?: readonly WrittenRule[] }).http ?? []).flatMap(({ delegate }, index) => {
      const isMeant =
        object !== undefined &&
        delegate?.name === object.metadata.name &&
        (delegate.namespace ?? namespaceOf(root)) === namespaceOf(object);
      return isMeant ? [{ root, path: `spec.http[${index}]` }] : [];
    }),
  );
}

/** Whether it has no hosts, and nothing comes to it: nobody delegates to it, or only rules of which a check says that they take nothing. */
export function isIdleDelegate(context: Context): boolean {
  return (
    spec(context).hosts === undefined &&
    usesOfDelegate(context).every(({ root, path }) =>
      context.findings.some(
        (finding) =>
          IDLE.includes(finding.check) &&
          finding.kind === 'VirtualService' &&
          `${finding.namespace}/${finding.name}` === nameOf(root) &&
          (finding.path === path || finding.path.startsWith(`${path}.`)),
      ),
    )
  );
}

const IDLE: readonly string[] = [
  'delegate-dropped',
  'match-gateway-not-listed',
  'rule-never-matches',
  'source-match-ignored',
  'unreachable-rule',
  'without-headers-surprise',
];

/** Whether the message fits a rule of another list than http: it gives only the number in its list. */
export function isOfAnotherList(context: Context): boolean {
  const number = Number(/ rule #(\d+)/.exec(context.message.message)?.[1]);
  const { tls = [], tcp = [] } = spec(context) as { [list: string]: readonly Matching[] | undefined };
  return [tls, tcp].some((rules) => number < rules.length && repeatsOthers(rules.slice(0, number + 1)));
}

interface Matching {
  readonly match?: readonly object[];
}

/** Whether an earlier rule has no match, so that it takes everything, or the last one has none, or a match that stands there before. */
export function repeatsOthers(rules: readonly Matching[]): boolean {
  const own = rules[rules.length - 1].match;
  const earlier = rules.slice(0, -1);
  const seen = rules.flatMap(({ match = [] }) => match.map((each) => JSON.stringify(each)));
  return (
    (earlier.length > 0 && own === undefined) ||
    earlier.some(({ match }) => match === undefined) ||
    (own ?? []).some((match) => seen.filter((each) => each === JSON.stringify(match)).length > 1)
  );
}

/** Whether a rule has the match of the message twice: the second changes nothing. */
export function isOfOneRule({ message }: Context): boolean {
  const [, own, other] =
    /rule (\S+) match #\d+ is not used \(duplicate\/overlapping match in rule (\S+)\)/.exec(message.message) ?? [];
  return own !== undefined && own === other;
}

/** Whether the match that is said to take the other's paths has a condition that the other has not. */
export function hasOtherConditions({ message, object }: Context): boolean {
  const [, later, earlier] = / of prefix (\S+) is not used .* of prefix (\S+) on /.exec(message.message) ?? [];
  const { http = [] } = (object?.spec ?? {}) as { http?: readonly { readonly match?: readonly HttpMatch[] }[] };
  const withPrefix = (prefix?: string) =>
    http.flatMap(({ match = [] }) => match.filter(({ uri }) => prefix !== undefined && uri?.prefix === prefix));
  const takers = withPrefix(earlier);
  return (
    takers.length > 0 &&
    takers.every((taker) =>
      withPrefix(later).every((each) =>
        Object.keys(taker).some((key) => key !== 'uri' && JSON.stringify(taker[key]) !== JSON.stringify(each[key])),
      ),
    )
  );
}

interface HttpMatch {
  readonly uri?: { readonly prefix?: string };
  readonly [field: string]: unknown;
}

interface L4Match {
  readonly gateways?: readonly string[];
  readonly sniHosts?: readonly string[];
  readonly destinationSubnets?: readonly string[];
  readonly port?: number;
  readonly sourceLabels?: object;
  readonly sourceNamespace?: string;
}

interface Routes {
  readonly exportTo?: readonly string[];
  readonly http?: readonly unknown[];
  readonly tcp?: readonly { readonly match?: readonly L4Match[] }[];
  readonly tls?: readonly { readonly match?: readonly L4Match[] }[];
}

/** Whether no two of the VirtualServices of the message have rules that compete: for HTTP, for one name of TLS, or for bytes. */
export function areOfDifferentKinds({ message, manifests }: Context): boolean {
  const names = (/The VirtualServices (\S+) associated/.exec(message.message)?.[1] ?? '').split(',');
  const all = virtualServices(manifests).filter((each) => names.includes(nameOf(each)));
  const sorted = [...all].sort(inOrder).map((each) => each.spec as Routes);
  return sorted.every((one, index) => sorted.slice(index + 1).every((later) => !compete(one, later)));
}

/** Narrowly exported ones come first, then the older. */
function inOrder(one: Manifest, other: Manifest): number {
  const keyOf = ({ metadata, spec: of }: Manifest) => {
    const { exportTo = ['*'] } = of as Routes;
    const rank = exportTo.includes('*') ? 2 : exportTo.includes('.') ? 0 : 1;
    return `${rank} ${metadata.creationTimestamp} ${metadata.name}`;
  };
  return keyOf(one) < keyOf(other) ? -1 : 1;
}

function compete(earlier: Routes, later: Routes): boolean {
  return (
    (earlier.http !== undefined && later.http !== undefined) ||
    matchesOf(earlier.tls).some((one) =>
      matchesOf(later.tls).some((other) => isSame(one, other) && covers(one, other)),
    ) ||
    matchesOf(earlier.tcp).some(
      (one) => one.destinationSubnets === undefined && matchesOf(later.tcp).some((other) => covers(one, other)),
    )
  );
}

function matchesOf(rules: Routes['tcp'] = []): readonly L4Match[] {
  return rules.flatMap(({ match = [{}] }) => match.filter(isForMesh));
}

function isSame(one: L4Match, other: L4Match): boolean {
  return `${one.sniHosts}|${one.destinationSubnets}` === `${other.sniHosts}|${other.destinationSubnets}`;
}

/** Whether the first is in force for every client and port for which the second is. */
function covers(one: L4Match, other: L4Match): boolean {
  return (['port', 'sourceLabels', 'sourceNamespace'] as const).every(
    (key) => one[key] === undefined || JSON.stringify(one[key]) === JSON.stringify(other[key]),
  );
}

function isForMesh({ gateways }: L4Match): boolean {
  return gateways === undefined || gateways.includes('mesh');
}
