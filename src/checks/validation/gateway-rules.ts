/*
 * Rules for a Gateway (`ValidateGateway`). A short host has a check of its own.
 */

import type { Node } from '../../manifests/node';
import { parseProtocol } from '../../model/port-protocol';
import { isIP } from '../../syntax/ip-address';
import { complaintAboutDnsLabel } from '../../syntax/names';
import { scalarText } from '../../syntax/scalar-text';
import { bindAddress, isUnix, unixPath } from './address-rules';
import { complaintAboutHost } from './host-rules';
import { applyToEach, filled, NOTHING, port, type Refusal, type Rule, refuse, textOf, warn } from './refusal';
import { serverTls } from './server-tls-rules';

function servers(spec: Node): readonly Refusal[] {
  const list = spec.get('servers');
  return list.items().length === 0
    ? refuse(
        list,
        'A Gateway needs at least one server',
        "Add one with 'port: {number: 80, name: http, protocol: HTTP}' and hosts.",
      )
    : applyToEach(list, SERVER_RULES);
}

function duplicatePortNames(spec: Node): readonly Refusal[] {
  const seen = new Set<string>();
  return spec
    .get('servers')
    .items()
    .flatMap((server) => {
      const node = server.get('port').get('name');
      const name = textOf(node);
      if (name === undefined) {
        return NOTHING;
      }
      const again = seen.has(name);
      seen.add(name);
      return again
        ? refuse(
            node,
            `Two servers of the Gateway call their port ${name}`,
            `Give each a name of its own, as in ${name}-2.`,
          )
        : NOTHING;
    });
}

function hosts(server: Node): readonly Refusal[] {
  const list = server.get('hosts');
  const items = list.items();
  // Beside `*/*` Istio forgets the others, and the check of short names does not see them; its validation does.
  const forgets = items.some(({ value }) => value === '*/*');
  return list.present && items.length === 0
    ? refuse(list, 'A server needs at least one host', 'Write \'hosts: ["*"]\' for all.')
    : items.flatMap((node) => [...host(node), ...(forgets ? shortHost(node) : NOTHING)]);
}

function shortHost(node: Node): readonly Refusal[] {
  const name = scalarText(node.value).replace(/^[^/]*\//, '');
  return /^[\w-]+$/.test(name)
    ? refuse(node, `'${name}' is a short name, which a Gateway does not complete`, "Take it out: '*/*' is all hosts.")
    : NOTHING;
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
  return /^\*[^.]/.test(name) ? "has a '*' that is not the whole of its first part" : complaintAboutHost(name);
}

function serverPort(server: Node): readonly Refusal[] {
  const node = server.get('port');
  const protocol = node.get('protocol');
  const word = textOf(protocol);
  return [
    ...(isUnix(server.get('bind')) ? noPort(node.get('number')) : port(node.get('number'))),
    ...(protocol.value === '' || (word !== undefined && parseProtocol(word) === undefined)
      ? refuse(protocol, `Istio knows no protocol '${word ?? ''}'`, 'Write HTTP, HTTPS, HTTP2, GRPC, TCP or TLS.')
      : NOTHING),
    ...(node.get('targetPort').value !== undefined && node.get('targetPort').value !== 0
      ? refuse(
          node.get('targetPort'),
          'A server of a Gateway has no targetPort',
          "Take it out; the Service of the gateway's pods says where a port leads.",
        )
      : NOTHING),
    ...(node.present && node.get('name').value === ''
      ? refuse(node.get('name'), 'The port of a server needs a name', "Write 'name: http'.")
      : NOTHING),
  ];
}

function noPort(number: Node): readonly Refusal[] {
  return typeof number.value === 'number' && number.value !== 0
    ? refuse(number, 'A server on a Unix socket has no port number', "Write 'number: 0', or take bind out.")
    : NOTHING;
}

function bind(server: Node): readonly Refusal[] {
  const node = server.get('bind');
  return isUnix(node) ? unixPath(node) : bindAddress(node);
}

/** Which protocols go with tls, and which do not. */
function tlsByProtocol(server: Node): readonly Refusal[] {
  const tls = server.get('tls');
  const protocol = parseProtocol(textOf(server.get('port').get('protocol')) ?? '');
  const onlyRedirects =
    ['PASSTHROUGH', 'AUTO_PASSTHROUGH'].includes(textOf(tls.get('mode')) ?? 'PASSTHROUGH') &&
    filled(tls, 'serverCertificate', 'privateKey', 'caCertificates').length === 0;
  switch (protocol) {
    case 'HTTPS':
    case 'TLS':
      return tls.present
        ? NOTHING
        : refuse(
            server,
            `A server of protocol ${protocol} needs tls`,
            "Add 'tls: {mode: SIMPLE, credentialName: …}', or mode PASSTHROUGH.",
          );
    case 'HTTP':
      return tls.present && !onlyRedirects
        ? refuse(
            tls,
            'A server of plain HTTP cannot have tls, except for httpsRedirect',
            "Write 'protocol: HTTPS', or take tls out.",
          )
        : NOTHING;
    case 'TCP':
    case 'UDP':
      return tls.present
        ? refuse(tls, `A server of protocol ${protocol} cannot have tls`, "Write 'protocol: TLS', or take tls out.")
        : NOTHING;
    default:
      return NOTHING;
  }
}

function redirectOnWrongProtocol(server: Node): readonly Refusal[] {
  const redirect = server.get('tls').get('httpsRedirect');
  const protocol = parseProtocol(textOf(server.get('port').get('protocol')) ?? '');
  return redirect.value === true && protocol !== undefined && protocol !== 'HTTP'
    ? warn(
        redirect,
        `httpsRedirect acts on plain HTTP only, and this server speaks ${protocol}`,
        'Move it to the server of port 80.',
      )
    : NOTHING;
}

const SERVER_RULES: readonly Rule[] = [
  hosts,
  serverPort,
  bind,
  tlsByProtocol,
  (server) => serverTls(server.get('tls')),
  redirectOnWrongProtocol,
];

export const GATEWAY_RULES: readonly Rule[] = [servers, duplicatePortNames];
