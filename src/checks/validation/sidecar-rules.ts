/*
 * Rules for a Sidecar (`ValidateSidecar`).
 */

import type { Node } from '../../manifests/node';
import type { MeshObject } from '../../manifests/object';
import { parseProtocol } from '../../model/port-protocol';
import { scalarText } from '../../syntax/scalar-text';
import { bindAddress, isUnix, unixPath } from './address-rules';
import { port } from './common-rules';
import { filled, has, is, lacks, not, number, repeated, saysNone, text, textOf } from './conditions';
import { connectionPool } from './connection-pool-rules';
import { dnsNameOrAddress } from './host-rules';
import { olderSelectorOfPods } from './label-rules';
import { portName, protocol } from './port-rules';
import {
  all,
  at,
  errorsOnly,
  NOTHING,
  perNamespace,
  type Refusal,
  type Rule,
  refuse,
  refuseIf,
  warnIf,
  when,
} from './refusal';
import { destination } from './route-destination-rules';
import { serverTls } from './server-tls-rules';
import { egressHosts } from './sidecar-host-rules';

// biome-ignore format: a table
const LISTENER_PORT: Rule = all(
  at('targetPort', refuseIf(number((value) => value > 0), 'A listener of a Sidecar cannot have a targetPort', 'Take it out.')),
  at('name', when(text(() => true), portName)),
  at('protocol', protocol),
);

/** Where the app listens: `net.SplitHostPort`, and of addresses only the pod's own. */
function isOwnAddress(written: string): boolean {
  const [, bracketed, plain, number = ''] = /^(?:\[([^[\]]*)\]|([^:[\]]*)):([^:[\]]*)$/.exec(written) ?? [];
  const isOwn = ['', '127.0.0.1', '0.0.0.0', '::1', '::'].includes(bracketed ?? plain ?? 'none');
  return isOwn && /^\+?\d+$/.test(number) && Number(number) >= 1 && Number(number) <= 65535;
}

// biome-ignore format: a table
const appAddress = refuseIf(text((written) => !isOwnAddress(written)),
  "'{}' is not an address of an app in the pod", "Write '127.0.0.1:8080', or 'unix:///run/a'.");

const speaks =
  (...protocols: readonly string[]) =>
  (listener: Node) =>
    protocols.includes(parseProtocol(textOf(listener.get('port').get('protocol')) ?? '') ?? '');

// biome-ignore format: a table
const INGRESS_TLS: Rule = all(
  (tls) => {
    const extra = filled(tls, 'subjectAltNames', 'credentialName', 'credentialNames', 'tlsCertificates').join(' or ');
    const help = 'Write serverCertificate and privateKey.';
    return extra === '' ? NOTHING : refuse(tls, `The tls of a Sidecar cannot have ${extra}`, help);
  },
  at('httpsRedirect', refuseIf(is(true), 'A Sidecar cannot redirect to HTTPS', 'Take httpsRedirect out.')),
  at('mode', refuseIf(is('ISTIO_MUTUAL', 'AUTO_PASSTHROUGH'),
    'The tls of a Sidecar cannot have mode {}', 'Write SIMPLE or MUTUAL.')),
  serverTls,
);

// biome-ignore format: a table
const HTTP_ALONE = warnIf(() => true,
  'HTTP limits apply only to HTTP ports, and this port is not one', "Write 'protocol: HTTP', or write tcp limits.");

// biome-ignore format: a table
const INGRESS: Rule = all(
  at('port',
    LISTENER_PORT,
    refuseIf(lacks('number'), 'A port needs its number', "Write 'number: 80'."),
    at('number', port),
  ),
  at('bind', bindAddress),
  at('defaultEndpoint', (endpoint) => (isUnix(endpoint) ? unixPath : appAddress)(endpoint)),
  refuseIf((listener) => has(listener, 'tls') && !speaks('HTTPS', 'TLS')(listener),
    'tls is only for HTTPS and TLS ports', "Write 'protocol: HTTPS'.", 'tls'),
  at('tls', INGRESS_TLS),
  at('connectionPool', errorsOnly(connectionPool)),
  when(not(speaks('HTTP')), at('connectionPool.http', HTTP_ALONE)),
);

// biome-ignore format: a table
const AT_SOCKET: Rule = all(
  at('bind', when(isUnix, unixPath)),
  refuseIf((listener) => !isUnix(listener.get('bind')),
    'Port number 0 is only for a Unix socket', "Write 'bind: unix:///run/a', or the number."),
  at('captureMode', refuseIf(is('IPTABLES'), 'iptables cannot lead to a Unix socket', 'Write DEFAULT or NONE.')),
);

const AT_ADDRESS: Rule = all(at('port.number', port), at('bind', bindAddress));

const EGRESS: Rule = all(at('port', LISTENER_PORT), (listener) =>
  (listener.get('port').get('number').value ?? 0) === 0 ? AT_SOCKET(listener) : AT_ADDRESS(listener),
);

const withPort = (listener: Node) => has(listener, 'port');
const listenersOf = (spec: Node, field: string) => spec.get(field).items();

/** Listeners of one port, or of one socket. */
function portsTwice(listeners: readonly Node[]): readonly Refusal[] {
  const keyOf = (listener: Node) => {
    const number = listener.get('port').get('number').value ?? 0;
    return number === 0 ? `socket ${scalarText(listener.get('bind').value ?? '')}` : `port ${scalarText(number)}`;
  };
  return repeated(listeners, keyOf).flatMap((listener) =>
    refuse(listener, `Two listeners of the Sidecar are for the ${keyOf(listener)}`, 'Take one out.'),
  );
}

/** The listener without port takes all that no other takes. */
function catchAll(spec: Node): readonly Refusal[] {
  return listenersOf(spec, 'egress')
    .slice(0, -1)
    .filter((listener) => listener.present && !withPort(listener))
    .flatMap((listener) =>
      refuse(listener, 'The egress listener without port has to be the last, and the only one', 'Move it to the end.'),
    );
}

function egressProxy(policy: Node): readonly Refusal[] {
  if (policy.get('mode').value !== 'ALLOW_ANY') {
    return refuse(policy, 'An egressProxy works only with mode ALLOW_ANY', "Write 'mode: ALLOW_ANY'.");
  }
  const proxy = policy.get('egressProxy');
  const named = at('host', dnsNameOrAddress)(proxy);
  return [...named, ...NEEDS_PORT(proxy), ...(named.length > 0 ? NOTHING : destination(proxy))];
}

const NEEDS_PORT = refuseIf(lacks('port'), 'An egressProxy needs its port', "Write 'port: {number: 80}'.");

// biome-ignore format: a table
const COMMON: Rule = all(
  at('workloadSelector', olderSelectorOfPods),
  refuseIf(saysNone('egress', 'ingress', 'outboundTrafficPolicy', 'inboundConnectionPool'),
    'The Sidecar is empty', 'Write egress, as in \'egress: [{hosts: ["./*"]}]\'.'),
  at('ingress[]', when(withPort, INGRESS)),
  (spec) => portsTwice(listenersOf(spec, 'ingress')),
  at('inboundConnectionPool', errorsOnly(connectionPool)),
  at('egress[]', when(withPort, EGRESS)),
  (spec) => portsTwice(listenersOf(spec, 'egress').filter(withPort)),
  catchAll,
  at('outboundTrafficPolicy', when((policy) => has(policy, 'egressProxy'), egressProxy)),
);

const rulesIn = perNamespace((namespace) => all(COMMON, at('egress[]', egressHosts(namespace))));

export function sidecar({ node, namespace }: MeshObject): readonly Refusal[] {
  return rulesIn(namespace)(node.get('spec'));
}
