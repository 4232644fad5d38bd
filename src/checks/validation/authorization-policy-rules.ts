/*
 * Rules for an AuthorizationPolicy (`ValidateAuthorizationPolicy`).
 */
import type { Node } from '../../manifests/node';
import { condition, isForCustomNone } from './authorization-condition-rules';
import { address, path, portNumber, serviceAccount, trustDomain, values } from './authorization-value-rules';
import { policyTarget } from './policy-target-rules';
import { applyToEach, filled, has, NOTHING, type Refusal, type Rule, refuse, textOf, warn } from './refusal';

function actionOf(spec: Node): string {
  return textOf(spec.get('action')) ?? 'ALLOW';
}

function rulesForAction(spec: Node): readonly Refusal[] {
  const action = actionOf(spec);
  const none = spec.get('rules').items().length === 0;
  const isCustom = action === 'CUSTOM';
  return [
    ...(none && (isCustom || action === 'DENY')
      ? refuse(spec, `Action ${action} without rules acts on nothing`, "Write 'rules: [{}]' for every request.")
      : NOTHING),
    ...(isCustom && !none && textOf(spec.get('provider').get('name')) === undefined
      ? refuse(spec, 'Action CUSTOM needs the provider that decides', "Write 'provider: {name: …}'.")
      : NOTHING),
    ...(!isCustom && has(spec, 'provider')
      ? refuse(spec.get('provider'), `Action ${action} asks no provider`, "Take it out, or write 'action: CUSTOM'.")
      : NOTHING),
    ...(isCustom ? applyToEach(spec.get('rules'), [ruleForCustom]) : NOTHING),
  ];
}

/** Of a source, all that says who a client is. */
const IDENTITIES = ['Namespaces', 'ServiceAccounts', 'TrustDomains', 'Principals', 'RequestPrincipals'].flatMap(
  (name) => [`${name[0].toLowerCase()}${name.slice(1)}`, `not${name}`],
);

/** What a provider decides may not depend on who the client is. */
function ruleForCustom(rule: Node): readonly Refusal[] {
  return [
    ...rule
      .get('from')
      .items()
      .flatMap((from) => filled(from.get('source'), ...IDENTITIES).map((name) => from.get('source').get(name)))
      .flatMap((node) => refuse(node, 'Action CUSTOM looks at no identity of clients', 'Take it out.')),
    ...rule.get('when').items().flatMap(isForCustomNone),
  ];
}

const ADDRESSES = ['ipBlocks', 'notIpBlocks', 'remoteIpBlocks', 'notRemoteIpBlocks'];
const NAMES = [
  'principals',
  'notPrincipals',
  'requestPrincipals',
  'notRequestPrincipals',
  'namespaces',
  'notNamespaces',
];
const ACCOUNTS = ['serviceAccounts', 'notServiceAccounts'];
const DOMAINS = ['trustDomains', 'notTrustDomains'];

function from(node: Node): readonly Refusal[] {
  const source = node.get('source');
  if (!source.present || filled(source, ...ADDRESSES, ...NAMES, ...ACCOUNTS, ...DOMAINS).length === 0) {
    return refuse(
      node,
      "An item of 'from' needs a source that says something",
      "Write 'source: {namespaces: [shop]}'.",
    );
  }
  const others = filled(source, 'principals', 'notPrincipals', 'namespaces', 'notNamespaces');
  return [
    ...(filled(source, ...ACCOUNTS).length > 0 && others.length > 0
      ? refuse(source, `serviceAccounts cannot go with ${others.join(' or ')}`, 'Keep one of the two.')
      : NOTHING),
    ...ADDRESSES.flatMap((name) => valuesOf(source, name, address)),
    ...NAMES.flatMap((name) => valuesOf(source, name)),
    ...ACCOUNTS.flatMap((name) => valuesOf(source, name, serviceAccount)),
    ...DOMAINS.flatMap((name) => valuesOf(source, name, trustDomain)),
  ];
}

const OPERATIONS = ['hosts', 'notHosts', 'methods', 'notMethods'];
const PORTS = ['ports', 'notPorts'];
const PATHS = ['paths', 'notPaths'];

function to(node: Node): readonly Refusal[] {
  const operation = node.get('operation');
  if (!operation.present || filled(operation, ...OPERATIONS, ...PORTS, ...PATHS).length === 0) {
    return refuse(
      node,
      "An item of 'to' needs an operation that says something",
      "Write 'operation: {methods: [GET]}'.",
    );
  }
  return [
    ...OPERATIONS.flatMap((name) => valuesOf(operation, name)),
    ...PORTS.flatMap((name) => valuesOf(operation, name, portNumber)),
    ...PATHS.flatMap((name) => valuesOf(operation, name, path)),
  ];
}

function valuesOf(node: Node, name: string, complain?: (value: string) => string | undefined): readonly Refusal[] {
  return has(node, name) ? values(node.get(name), complain) : NOTHING;
}

/** What a rule has to look at so that it does not act on all connections of TCP. */
const OF_TCP_SOURCES = [...['principals', 'notPrincipals', 'namespaces', 'notNamespaces'], ...ADDRESSES, ...ACCOUNTS];

function deniesAllOfTcp(rule: Node): readonly Refusal[] {
  const sources = rule
    .get('from')
    .items()
    .map((node) => node.get('source'))
    .filter(({ present }) => present);
  const operations = rule
    .get('to')
    .items()
    .map((node) => node.get('operation'))
    .filter(({ present }) => present);
  const tcpFrom = sources.some((source) => filled(source, ...OF_TCP_SOURCES).length > 0);
  const tcpTo = operations.some((operation) => filled(operation, ...PORTS).length > 0);
  const isBlunt = operations.length > 0 ? !tcpTo : sources.length > 0 && !tcpFrom;
  return isBlunt
    ? warn(
        rule,
        'The rule denies by what only HTTP has, so that it denies all connections to ports of TCP',
        'Add the ports that are meant, as in \'to: [{operation: {ports: ["80"]}}]\'.',
      )
    : NOTHING;
}

const RULE_RULES: readonly Rule[] = [
  (rule) => applyToEach(rule.get('from'), [from]),
  (rule) => applyToEach(rule.get('to'), [to]),
  (rule) => applyToEach(rule.get('when'), [condition]),
];

export const AUTHORIZATION_POLICY_RULES: readonly Rule[] = [
  policyTarget,
  rulesForAction,
  (spec) => applyToEach(spec.get('rules'), RULE_RULES),
  (spec) => (actionOf(spec) === 'DENY' ? applyToEach(spec.get('rules'), [deniesAllOfTcp]) : NOTHING),
];
