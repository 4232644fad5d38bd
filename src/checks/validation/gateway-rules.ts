/*
 * Rules for a Gateway (`ValidateGateway`). A short host has a check of its own.
 */
import type { Node } from '../../manifests/node';
import { parseProtocol } from '../../model/port-protocol';
import { isIP } from '../../syntax/ip-address';
import { complaintAboutDnsLabel } from '../../syntax/names';
import { bindAddress, isUnix, unixPath } from './address-rules';
import { port } from './common-rules';
import { emptyList, filled, has, is, not, number, repeated, string, type Test, textOf } from './conditions';
import { complaintAboutHost } from './host-rules';
import { all, at, NOTHING, type Refusal, type Rule, refuse, refuseIf, warn } from './refusal';
import { serverTls } from './server-tls-rules';

// biome-ignore format: a table
const shortHost = refuseIf(string((text) => /^[\w-]+$/.test(text.replace(/^[^/]*\//, ''))),
  "'{}' is a short name, which a Gateway does not complete", "Take it out: '*/*' is all hosts.");

function hosts(list: Node): readonly Refusal[] {
  const items = list.items();
  // Beside `*/*` Istio forgets the others, and the check of short names does not see them; its validation does.
  const isForgotten = items.some(({ value }) => value === '*/*');
  return items.flatMap((node) => [...host(node), ...(isForgotten ? shortHost(node) : NOTHING)]);
}

/** `ValidateNamespaceSlashWildcardHostname`. */
function host(node: Node): readonly Refusal[] {
  const { value: text } = node;
  if (typeof text !== 'string') {
    return NOTHING;
  }
  const [first, ...rest] = text.split('/');
  const name = rest.length === 0 ? first : rest.join('/');
  const namespace = rest.length === 0 ? '*' : first;
  if (!['*', '.'].includes(namespace) && complaintAboutDnsLabel(namespace.toLowerCase()) !== undefined) {
    return refuse(
      node,
      `'${text}' is neither a host nor namespace/host`,
      "Write 'apis.example.com', or 'shop/apis.example.com' for VirtualServices of one namespace.",
    );
  }
  const complaint = complaintAboutServed(name);
  return complaint === undefined
    ? NOTHING
    : refuse(node, `The host '${name}' ${complaint}`, "Write a DNS name, '*.example.com' or '*'.");
}

function complaintAboutServed(name: string): string | undefined {
  if (isIP(name)) {
    return name.includes('.') ? undefined : 'is an IPv6 address, which Istio takes for a short name';
  }
  return /^\*[^.]/.test(name) ? "has a '*' that is only a part of its first label" : complaintAboutHost(name);
}

// biome-ignore format: a table
const noPort = refuseIf(number((value) => value !== 0),
  'A server on a Unix socket cannot have a port number', "Write 'number: 0', or take bind out.");

// biome-ignore format: a table
const PORT: Rule = all(
  at('protocol', refuseIf(string((word) => parseProtocol(word) === undefined),
    "Istio does not know the protocol '{}'", 'Write HTTP, HTTPS, HTTP2, GRPC, TCP or TLS.')),
  at('targetPort', refuseIf(not(is(0)),
    'A server of a Gateway cannot have a targetPort',
    "Take it out; the Service of the gateway's pods says where a port leads.")),
  at('name', refuseIf(is(''), 'The port of a server needs a name', "Write 'name: http'.")),
);

const isAtSocket = (server: Node) => isUnix(server.get('bind'));
const protocolOf = (server: Node) => parseProtocol(textOf(server.get('port').get('protocol')) ?? '');
const speaks =
  (...protocols: readonly (string | undefined)[]): Test =>
  (server) =>
    protocols.includes(protocolOf(server));

/** Whether the tls of a server only redirects, which plain HTTP can do. */
const onlyRedirects = (tls: Node) =>
  ['PASSTHROUGH', 'AUTO_PASSTHROUGH'].includes(textOf(tls.get('mode')) ?? 'PASSTHROUGH') &&
  filled(tls, 'serverCertificate', 'privateKey', 'caCertificates').length === 0;

function tlsByProtocol(server: Node): readonly Refusal[] {
  const tls = server.get('tls');
  const protocol = protocolOf(server);
  if (speaks('HTTPS', 'TLS')(server) && !tls.present) {
    const help = "Add 'tls: {mode: SIMPLE, credentialName: …}', or mode PASSTHROUGH.";
    return refuse(server, `A server of protocol ${protocol} needs tls`, help);
  }
  if (speaks('HTTP')(server) && tls.present && !onlyRedirects(tls)) {
    const message = 'A server of plain HTTP cannot have tls, except for httpsRedirect';
    return refuse(tls, message, "Write 'protocol: HTTPS', or take tls out.");
  }
  if (speaks('TCP', 'UDP')(server) && tls.present) {
    const message = `A server of protocol ${protocol} cannot have tls`;
    return refuse(tls, message, "Write 'protocol: TLS', or take tls out.");
  }
  return NOTHING;
}

function redirectOnWrongProtocol(server: Node): readonly Refusal[] {
  const redirect = server.get('tls').get('httpsRedirect');
  const message = `httpsRedirect acts on plain HTTP only, and this server speaks ${protocolOf(server)}`;
  return redirect.value === true && !speaks('HTTP', undefined)(server)
    ? warn(redirect, message, 'Move it to the server of port 80.')
    : NOTHING;
}

const SERVER: Rule = all(
  at('hosts', refuseIf(emptyList, 'A server needs at least one host', 'Write \'hosts: ["*"]\' for all.'), hosts),
  (server) => at('port.number', isAtSocket(server) ? noPort : port)(server),
  at('port', PORT),
  (server) => at('bind', isAtSocket(server) ? unixPath : bindAddress)(server),
  tlsByProtocol,
  at('tls', serverTls),
  redirectOnWrongProtocol,
);

const twoPortsOfOneName: Rule = (spec) => {
  const names = spec
    .get('servers')
    .items()
    .map((server) => server.get('port').get('name'));
  return repeated(names, textOf).flatMap((node) => {
    const name = textOf(node);
    const help = `Give each a name of its own, as in ${name}-2.`;
    return refuse(node, `Two servers of the Gateway call their port ${name}`, help);
  });
};

// biome-ignore format: a table
export const GATEWAY: Rule = all(
  refuseIf((spec) => !has(spec, 'servers') || emptyList(spec.get('servers')),
    'A Gateway needs at least one server',
    "Add one with 'port: {number: 80, name: http, protocol: HTTP}' and hosts.",
    'servers'),
  at('servers[]', SERVER),
  twoPortsOfOneName,
);
