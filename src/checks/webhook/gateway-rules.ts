/*
 * Rules for a Gateway. A short host has a check of its own.
 */
import { isIP } from 'node:net';
import type { Node } from '../../mesh/node';
import { parseProtocol } from '../../mesh/port-protocol';
import { complaintAboutDnsLabel } from '../../syntax/names';
import { complaintAboutHost } from './host-rules';
import { applyToEach, filled, NOTHING, port, type Refusal, type Rule, refuse, textOf, warn } from './refusal';

const CERTIFICATE_SOURCES = ['credentialName', 'credentialNames', 'tlsCertificates', 'serverCertificate'];
const CERTIFICATE_FIELDS = [...CERTIFICATE_SOURCES, 'privateKey', 'caCertificates'];

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
  if (list.present && list.items().length === 0) {
    return refuse(list, 'A server needs at least one host', 'Write \'hosts: ["*"]\' for all.');
  }
  return list.items().flatMap((node) => {
    const text = textOf(node);
    if (text === undefined) {
      return node.value === ''
        ? refuse(node, 'The host is empty', "Write a DNS name, '*.example.com' or '*'.")
        : NOTHING;
    }
    const parts = text.split('/');
    const name = parts[parts.length - 1];
    const namespace = parts.length === 2 ? parts[0] : '*';
    if (
      parts.length > 2 ||
      (!['*', '.'].includes(namespace) && complaintAboutDnsLabel(namespace.toLowerCase()) !== undefined)
    ) {
      return refuse(
        node,
        `'${text}' is neither a host nor namespace/host`,
        "Write 'apis.example.com', or 'shop/apis.example.com' for VirtualServices of one namespace.",
      );
    }
    const complaint = /^\*[^.]/.test(name)
      ? "has a '*' that is not the whole of its first part"
      : complaintAboutHost(name);
    return complaint === undefined
      ? NOTHING
      : refuse(node, `The host '${name}' ${complaint}`, "Write a DNS name, '*.example.com' or '*'.");
  });
}

function serverPort(server: Node): readonly Refusal[] {
  const node = server.get('port');
  const protocol = node.get('protocol');
  const word = textOf(protocol);
  return [
    ...(isUnixSocket(server) ? noPort(node.get('number')) : port(node.get('number'))),
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

function isUnixSocket(server: Node): boolean {
  return textOf(server.get('bind'))?.startsWith('unix://') ?? false;
}

function noPort(number: Node): readonly Refusal[] {
  return typeof number.value === 'number' && number.value !== 0
    ? refuse(number, 'A server on a Unix socket has no port number', "Write 'number: 0', or take bind out.")
    : NOTHING;
}

function bind(server: Node): readonly Refusal[] {
  const address = textOf(server.get('bind'));
  return address === undefined || isIP(address) !== 0 || address.startsWith('unix://')
    ? NOTHING
    : refuse(
        server.get('bind'),
        `'${address}' is not an address to bind to`,
        'Write an IP address, or leave bind out for all.',
      );
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
        ? refuse(tls, 'A server of protocol TCP cannot have tls', "Write 'protocol: TLS', or take tls out.")
        : NOTHING;
    default:
      return NOTHING;
  }
}

function certificates(server: Node): readonly Refusal[] {
  const tls = server.get('tls');
  const mode = textOf(tls.get('mode')) ?? 'PASSTHROUGH';
  const sources = filled(tls, ...CERTIFICATE_SOURCES);
  const all = filled(tls, ...CERTIFICATE_FIELDS);
  const unused = [...all, ...filled(tls, 'caCrl')];
  if (!tls.present) {
    return NOTHING;
  }
  switch (mode) {
    case 'PASSTHROUGH':
    case 'AUTO_PASSTHROUGH':
      return unused.length > 0
        ? warn(
            tls,
            `With mode ${mode} the gateway never uses ${unused.join(' or ')}`,
            "Take it out, or write 'mode: SIMPLE' to end TLS here.",
          )
        : NOTHING;
    case 'ISTIO_MUTUAL':
      return all.length > 0
        ? refuse(
            tls,
            `Mode ISTIO_MUTUAL brings its own certificates, and cannot have ${all.join(' or ')}`,
            'Take it out.',
          )
        : NOTHING;
    default:
      return [...ownCertificate(tls, mode, sources), ...clientAuthority(tls, mode)];
  }
}

function ownCertificate(tls: Node, mode: string, sources: readonly string[]): readonly Refusal[] {
  if (sources.length > 1) {
    return refuse(
      tls,
      `A server takes its certificate from one place, and this has ${sources.join(' and ')}`,
      'Keep one of them.',
    );
  }
  if (sources.length === 0) {
    return refuse(
      tls,
      `Mode ${mode} needs a certificate`,
      "Write 'credentialName' with the name of a Secret in the gateway's namespace.",
    );
  }
  return sources[0] === 'serverCertificate' && textOf(tls.get('privateKey')) === undefined
    ? refuse(tls, 'serverCertificate needs a privateKey', 'Add the path of the key.')
    : NOTHING;
}

function clientAuthority(tls: Node, mode: string): readonly Refusal[] {
  return mode === 'MUTUAL' && filled(tls, 'caCertificates', 'credentialName', 'credentialNames').length === 0
    ? refuse(
        tls,
        'Mode MUTUAL needs the authority of the clients',
        'Add caCertificates, or use a credentialName whose Secret has a ca.crt.',
      )
    : NOTHING;
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

const SERVER_RULES: readonly Rule[] = [hosts, serverPort, bind, tlsByProtocol, certificates, redirectOnWrongProtocol];

export const GATEWAY_RULES: readonly Rule[] = [servers, duplicatePortNames];
