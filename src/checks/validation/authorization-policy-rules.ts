/*
 * Rules for an AuthorizationPolicy (`ValidateAuthorizationPolicy`).
 */
import type { Node } from '../../manifests/node';
import { condition, notOfIdentity } from './authorization-condition-rules';
import { address, path, portNumber, serviceAccount, trustDomain, values } from './authorization-value-rules';
import { filled, has, textOf } from './conditions';
import { policyTarget } from './policy-target-rules';
import { all, at, NOTHING, type Refusal, type Rule, refuse, refuseIf, warnIf, when } from './refusal';

const capital = (name: string) => `${name[0].toUpperCase()}${name.slice(1)}`;
/** Each field, and the one that says the opposite. */
const andNot = (...names: readonly string[]) => names.flatMap((name) => [name, `not${capital(name)}`]);

const ADDRESSES = andNot('ipBlocks', 'remoteIpBlocks');
const NAMES = andNot('principals', 'requestPrincipals', 'namespaces');
const ACCOUNTS = andNot('serviceAccounts');
const DOMAINS = andNot('trustDomains');
/** Of a source, all that says who a client is. */
const IDENTITIES = [...NAMES, ...ACCOUNTS, ...DOMAINS];
const OPERATIONS = andNot('hosts', 'methods');
const PORTS = andNot('ports');
const PATHS = andNot('paths');

/** Whether nothing in `part` is said by any of `names`. */
const saysNothing = (part: string, names: readonly string[]) => (node: Node) =>
  !has(node, part) || filled(node.get(part), ...names).length === 0;

// biome-ignore format: a table
const FROM: Rule = all(
  refuseIf(saysNothing('source', [...IDENTITIES, ...ADDRESSES]),
    "An item of 'from' needs a source with at least one field", "Write 'source: {namespaces: [shop]}'."),
  at('source',
    (source) => {
      const others = filled(source, ...andNot('principals', 'namespaces'));
      return filled(source, ...ACCOUNTS).length > 0 && others.length > 0
        ? refuse(source, `serviceAccounts cannot be combined with ${others.join(' or ')}`, 'Keep one of the two.')
        : NOTHING;
    },
    ...values(ADDRESSES, address),
    ...values(NAMES),
    ...values(ACCOUNTS, serviceAccount),
    ...values(DOMAINS, trustDomain),
  ),
);

// biome-ignore format: a table
const TO: Rule = all(
  refuseIf(saysNothing('operation', [...OPERATIONS, ...PORTS, ...PATHS]),
    "An item of 'to' needs an operation with at least one field", "Write 'operation: {methods: [GET]}'."),
  at('operation', ...values(OPERATIONS), ...values(PORTS, portNumber), ...values(PATHS, path)),
);

const actionOf = (spec: Node) => textOf(spec.get('action')) ?? 'ALLOW';
const isAction = (spec: Node, ...actions: readonly string[]) => actions.includes(actionOf(spec));
const hasRules = (spec: Node) => spec.get('rules').items().length > 0;

function forAction(spec: Node): readonly Refusal[] {
  const action = actionOf(spec);
  return all(
    refuseIf(
      () => !hasRules(spec) && isAction(spec, 'CUSTOM', 'DENY'),
      `Action ${action} without rules has no effect`,
      "Write 'rules: [{}]' for every request.",
    ),
    refuseIf(
      () => isAction(spec, 'CUSTOM') && hasRules(spec) && textOf(spec.get('provider').get('name')) === undefined,
      'Action CUSTOM needs a provider',
      "Write 'provider: {name: …}'.",
    ),
    refuseIf(
      () => !isAction(spec, 'CUSTOM') && has(spec, 'provider'),
      `Action ${action} does not use a provider`,
      "Take it out, or write 'action: CUSTOM'.",
      'provider',
    ),
    when(() => isAction(spec, 'CUSTOM'), at('rules[]', WITHOUT_IDENTITY)),
    when(() => isAction(spec, 'DENY'), at('rules[]', DENIES_ALL_OF_TCP)),
  )(spec);
}

/** What a provider decides may not depend on who the client is. */
const WITHOUT_IDENTITY: Rule = all(
  at('from[].source', (source) =>
    filled(source, ...IDENTITIES).flatMap((name) =>
      refuse(source.get(name), 'Action CUSTOM cannot use the identity of clients', 'Take it out.'),
    ),
  ),
  at('when[]', notOfIdentity),
);

/** What a rule has to look at so that it does not act on all connections of TCP. */
const OF_TCP = [...andNot('principals', 'namespaces'), ...ADDRESSES, ...ACCOUNTS];

const partsOf = (rule: Node, list: string, part: string) =>
  rule
    .get(list)
    .items()
    .map((node) => node.get(part))
    .filter(({ present }) => present);

// biome-ignore format: a table
const DENIES_ALL_OF_TCP = warnIf((rule) => {
  const [sources, operations] = [partsOf(rule, 'from', 'source'), partsOf(rule, 'to', 'operation')];
  return operations.length > 0
    ? operations.every((operation) => filled(operation, ...PORTS).length === 0)
    : sources.length > 0 && sources.every((source) => filled(source, ...OF_TCP).length === 0);
},
  'The rule denies by attributes that only HTTP has, so it denies all connections to TCP ports',
  'Add the ports that are meant, as in \'to: [{operation: {ports: ["80"]}}]\'.');

export const AUTHORIZATION_POLICY: Rule = all(
  policyTarget,
  forAction,
  at('rules[]', at('from[]', FROM), at('to[]', TO), at('when[]', condition)),
);
