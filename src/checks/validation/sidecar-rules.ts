/*
 * Rules for a Sidecar (`ValidateSidecar`).
 */

import type { Node } from '../../manifests/node';
import type { MeshObject } from '../../manifests/object';
import { parseProtocol } from '../../model/port-protocol';
import { isIP } from '../../syntax/ip-address';
import { scalarNumber, scalarText } from '../../syntax/scalar-text';
import { bindAddress, isUnix, unixPath } from './address-rules';
import { connectionPool } from './connection-pool-rules';
import { dnsName } from './host-rules';
import { olderSelectorOfPods } from './label-rules';
import { portName, protocol } from './port-rules';
import { applyToEach, errorsOnly, filled, has, NOTHING, port, type Refusal, refuse, textOf, warn } from './refusal';
import { destination } from './route-destination-rules';
import { serverTls } from './server-tls-rules';
import { egressHosts } from './sidecar-host-rules';

export function sidecar({ node, namespace }: MeshObject): readonly Refusal[] {
  const spec = node.get('spec');
  return [
    ...olderSelectorOfPods(spec.get('workloadSelector')),
    ...empty(spec),
    ...applyToEach(spec.get('ingress'), [ingress]),
    ...portsTwice(spec.get('ingress').items()),
    ...errorsOnly(connectionPool(spec.get('inboundConnectionPool'))),
    ...applyToEach(spec.get('egress'), [egress, (listener) => egressHosts(listener, namespace)]),
    ...portsTwice(
      spec
        .get('egress')
        .items()
        .filter((listener) => has(listener, 'port')),
    ),
    ...catchAll(spec.get('egress').items()),
    ...(has(spec, 'outboundTrafficPolicy') ? outboundTrafficPolicy(spec.get('outboundTrafficPolicy')) : NOTHING),
  ];
}

function empty(spec: Node): readonly Refusal[] {
  return filled(spec, 'egress', 'ingress', 'outboundTrafficPolicy', 'inboundConnectionPool').length === 0
    ? refuse(spec, 'The Sidecar says nothing', 'Write egress, as in \'egress: [{hosts: ["./*"]}]\'.')
    : NOTHING;
}

/** Listeners of one port, or of one socket. */
function portsTwice(listeners: readonly Node[]): readonly Refusal[] {
  const seen = new Set<string>();
  return listeners.flatMap((listener) => {
    const number = listener.get('port').get('number').value ?? 0;
    const key = number === 0 ? `socket ${scalarText(listener.get('bind').value ?? '')}` : `port ${scalarText(number)}`;
    const again = seen.has(key);
    seen.add(key);
    return again ? refuse(listener, `Two listeners of the Sidecar are for the ${key}`, 'Take one out.') : NOTHING;
  });
}

function listenerPort(listener: Node): readonly Refusal[] {
  const node = listener.get('port');
  return [
    ...(scalarNumber(node.get('targetPort').value ?? 0) > 0
      ? refuse(node.get('targetPort'), 'A listener of a Sidecar has no targetPort', 'Take it out.')
      : NOTHING),
    ...(textOf(node.get('name')) === undefined ? NOTHING : portName(node.get('name'))),
    ...protocol(node.get('protocol')),
  ];
}

function ingress(listener: Node): readonly Refusal[] {
  const node = listener.get('port');
  const speaks = parseProtocol(textOf(node.get('protocol')) ?? '');
  if (!node.present) {
    return NOTHING;
  }
  return [
    ...listenerPort(listener),
    ...(has(node, 'number')
      ? port(node.get('number'))
      : refuse(node, 'A port needs its number', "Write 'number: 80'.")),
    ...bindAddress(listener.get('bind')),
    ...defaultEndpoint(listener.get('defaultEndpoint')),
    ...(has(listener, 'tls') ? ingressTls(listener.get('tls'), speaks) : NOTHING),
    ...errorsOnly(connectionPool(listener.get('connectionPool'))),
    ...(listener.get('connectionPool').get('http').present && speaks !== 'HTTP'
      ? warn(
          listener.get('connectionPool').get('http'),
          'Limits of HTTP act on ports of HTTP only, and this is none',
          "Write 'protocol: HTTP', or limits of tcp.",
        )
      : NOTHING),
  ];
}

const OWN_ADDRESSES = ['', '127.0.0.1', '0.0.0.0', '::1', '::'];

/** Where the app listens: `net.SplitHostPort`, and of addresses only the pod's own. */
function defaultEndpoint(node: Node): readonly Refusal[] {
  const text = textOf(node);
  if (text === undefined || isUnix(node)) {
    return text === undefined ? NOTHING : unixPath(node);
  }
  const [, bracketed, plain, number = ''] = /^(?:\[([^[\]]*)\]|([^:[\]]*)):([^:[\]]*)$/.exec(text) ?? [];
  const isOwn = OWN_ADDRESSES.includes(bracketed ?? plain ?? 'none');
  return isOwn && /^\+?\d+$/.test(number) && Number(number) >= 1 && Number(number) <= 65535
    ? NOTHING
    : refuse(node, `'${text}' is not where an app in the pod listens`, "Write '127.0.0.1:8080', or 'unix:///run/a'.");
}

const NOT_IN_SIDECARS = ['subjectAltNames', 'credentialName', 'credentialNames', 'tlsCertificates'];

function ingressTls(tls: Node, speaks: string | undefined): readonly Refusal[] {
  const extra = filled(tls, ...NOT_IN_SIDECARS);
  const mode = textOf(tls.get('mode'));
  return [
    ...(extra.length > 0
      ? refuse(tls, `The tls of a Sidecar cannot have ${extra.join(' or ')}`, 'Write serverCertificate and privateKey.')
      : NOTHING),
    ...(tls.get('httpsRedirect').value === true
      ? refuse(tls.get('httpsRedirect'), 'A Sidecar does not redirect', 'Take httpsRedirect out.')
      : NOTHING),
    ...(mode === 'ISTIO_MUTUAL' || mode === 'AUTO_PASSTHROUGH'
      ? refuse(tls.get('mode'), `A Sidecar has no tls of mode ${mode}`, 'Write SIMPLE or MUTUAL.')
      : NOTHING),
    ...(speaks === 'HTTPS' || speaks === 'TLS'
      ? NOTHING
      : refuse(tls, 'tls is for ports of HTTPS and TLS only', "Write 'protocol: HTTPS'.")),
    ...serverTls(tls),
  ];
}

function egress(listener: Node): readonly Refusal[] {
  if (!has(listener, 'port')) {
    return NOTHING;
  }
  const number = listener.get('port').get('number');
  const isSocket = (number.value ?? 0) === 0;
  return [...listenerPort(listener), ...(isSocket ? atSocket(listener) : [...port(number), ...atAddress(listener)])];
}

function atAddress(listener: Node): readonly Refusal[] {
  return bindAddress(listener.get('bind'));
}

function atSocket(listener: Node): readonly Refusal[] {
  const bind = listener.get('bind');
  return [
    ...(isUnix(bind)
      ? unixPath(bind)
      : refuse(listener, 'A port of number 0 is for a Unix socket', "Write 'bind: unix:///run/a', or the number.")),
    ...(listener.get('captureMode').value === 'IPTABLES'
      ? refuse(listener.get('captureMode'), 'iptables cannot lead to a Unix socket', 'Write DEFAULT or NONE.')
      : NOTHING),
  ];
}

/** The listener without port takes all that no other takes. */
function catchAll(listeners: readonly Node[]): readonly Refusal[] {
  return listeners
    .slice(0, -1)
    .filter((listener) => listener.present && !has(listener, 'port'))
    .flatMap((listener) =>
      refuse(listener, 'The egress listener without port has to be the last, and the only one', 'Move it to the end.'),
    );
}

function outboundTrafficPolicy(node: Node): readonly Refusal[] {
  const proxy = node.get('egressProxy');
  if (!proxy.present) {
    return NOTHING;
  }
  if (node.get('mode').value !== 'ALLOW_ANY') {
    return refuse(node, 'An egressProxy goes with mode ALLOW_ANY only', "Write 'mode: ALLOW_ANY'.");
  }
  const named = isIP(textOf(proxy.get('host')) ?? '') ? NOTHING : dnsName(proxy.get('host'));
  return [
    ...named,
    ...(has(proxy, 'port') ? NOTHING : refuse(proxy, 'An egressProxy needs its port', "Write 'port: {number: 80}'.")),
    ...(named.length > 0 ? NOTHING : destination(proxy)),
  ];
}
