/*
 * Why a sidecar does what it does with a connection, in sentences for the trace.
 */
import { refOf } from '../manifests/object';
import type { RegistryPort, RegistryService } from '../model/registry';
import type { BytesChain } from '../proxy/bytes-chains';
import { type TakenRule, whyTaken } from '../proxy/bytes-rules';
import type { ParsedRequest } from './parsed-request';
import { TraceKind, TraceState } from './trace';
import type { Step } from './trail';

export function unknownHost({ connectHost, host, overTls, port }: ParsedRequest): string {
  return `the mesh knows no host ${overTls ? connectHost : host} on port ${port}`;
}

/** @param names those of TLS for which the listener has filter chains */
export function whyNobody(
  request: ParsedRequest,
  service: RegistryService | undefined,
  names: readonly string[],
): string {
  const { overTls, port, serverName } = request;
  const protocol = portOf(service, port)?.protocol;
  if (overTls && protocol === 'HTTP') {
    return `port ${port} of ${service?.host} is declared as HTTP, so no rule and no service takes TLS there`;
  }
  if (overTls && names.length > 0) {
    const known = [...new Set(names)];
    const few = `${known.slice(0, 5).join(', ')}${known.length > 5 ? ' …' : ''}`;
    return `TLS on port ${port} is for ${few} (SNI), not for ${serverName || 'clients that give no name'}`;
  }
  if (!overTls && (protocol === 'TLS' || protocol === 'HTTPS')) {
    return `port ${port} of ${service?.host} has protocol ${protocol}, and the request does not use TLS`;
  }
  return unknownHost(request);
}

export function whyOpen({ connectHost }: ParsedRequest, { owner, ranges, service }: BytesChain): string {
  const whose = owner === undefined ? service.host : `VirtualService ${refOf(owner.object)}`;
  const subnets = ranges.map(({ text }) => text).join(', ');
  return `the manifests do not say whether the address of ${connectHost} is in ${subnets}, for which ${whose} has a rule of its own`;
}

/** How it is known that a connection belongs to a filter chain. */
export function whoseBytes({ overTls, port, serverName }: ParsedRequest, { names, service }: BytesChain): string {
  if (!overTls) {
    return `port ${port} of ${service.host} has protocol ${portOf(service, port)?.protocol}`;
  }
  return names.length === 0 || names.includes('*')
    ? `TLS on port ${port} here belongs to ${service.host}, and the sidecar does not decrypt it`
    : `TLS for ${serverName} (SNI) belongs to ${service.host}, and the sidecar does not decrypt it`;
}

/** The rule behind a filter chain, if there is one. */
export function stepsOfBytesRule({ names, owner, path }: BytesChain): readonly Step[] {
  const text = `${path}   ${names.length === 0 ? '' : `SNI ${names.join(', ')}   `}matched`;
  return owner === undefined
    ? []
    : [{ kind: TraceKind.VIRTUAL_SERVICE, object: owner.object, path, text, matched: true }];
}

/** Rules whose connections an earlier rule takes, so that the trace says why they have no effect. */
export function stepsOfTaken(taken: readonly TakenRule[], { owner, path }: BytesChain): readonly Step[] {
  return taken
    .filter(({ by }) => by.owner === owner && by.path === path)
    .map(({ by, rule }) => ({
      kind: TraceKind.VIRTUAL_SERVICE,
      object: rule.owner.object,
      path: rule.path,
      matched: false,
      state: TraceState.SKIPPED,
      text: `${rule.path} ${whyTaken(by)}`,
    }));
}

export function portsOf({ ports }: RegistryService): string {
  return ports.map(({ number }) => number).join(', ') || 'none';
}

export function portOf(service: RegistryService | undefined, port: number): RegistryPort | undefined {
  return service?.ports.find(({ number }) => number === port);
}
