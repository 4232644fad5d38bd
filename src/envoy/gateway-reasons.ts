/*
 * Why a gateway's proxy takes a request or not, in words for the trace.
 */
import type { Server } from '../model/gateway';
import type { FilterChain, HttpChain } from '../proxy/filter-chains';
import type { GatewayListeners, ProxyListener } from '../proxy/gateway-listeners';
import { type GatewayRefusal, whyIdle, whySkipped } from '../proxy/gateway-refusal';
import { isSubsetOf } from '../syntax/hosts';
import type { ParsedRequest } from './parsed-request';
import { stepsOfLeftOut, unusableStep } from './route-steps';
import { TraceKind } from './trace';
import type { Step } from './trail';

export function serverStep(server: Server, text: string, matched: boolean): Step {
  return {
    kind: TraceKind.GATEWAY,
    object: server.gateway.object,
    path: server.path,
    text: `server ${server.port.name || server.index}:${server.port.number} ${text}`,
    matched,
  };
}

/** Why Envoy refuses the listener. */
export function refusalStep({ reason, route, server }: GatewayRefusal): Step {
  return route === undefined ? serverStep(server, reason, false) : unusableStep(route);
}

function gatewayStep(text: string): Step {
  return { kind: TraceKind.GATEWAY, text, matched: false };
}

/** Why none of the listener's filter chains is for the connection. */
export function whyNoChain({ overTls, port, serverName }: ParsedRequest, { servers }: ProxyListener): string {
  if (!overTls) {
    return `expects TLS on port ${port}, and the request is plain HTTP`;
  }
  if (servers.every(({ tls }) => tls?.mode === 'AUTO_PASSTHROUGH')) {
    return 'has TLS mode AUTO_PASSTHROUGH, which is only for other clusters of the mesh, so the TLS handshake fails';
  }
  return serverName === ''
    ? `port ${port} needs a host name in TLS (SNI), and TLS to an address sends none, so the TLS handshake fails`
    : `port ${port} has no server for host ${serverName}, so the TLS handshake fails`;
}

/** Whether client and filter chain speak the same; bytes are forwarded in any language. */
export function whyNotSpoken({ overTls, port }: ParsedRequest, { endsTls, http }: FilterChain): string | undefined {
  if (endsTls && !overTls) {
    return `expects TLS on port ${port}, and the request is plain HTTP`;
  }
  return http !== undefined && overTls && !endsTls
    ? `port ${port} speaks plain HTTP, so the TLS handshake fails`
    : undefined;
}

export function stepsWithoutListener(port: number, listeners: GatewayListeners): readonly Step[] {
  const servers = listeners.serversFor(port);
  const lost = new Map(listeners.merged.skipped.map((skipped) => [skipped.server, skipped]));
  const why = (server: Server): string => {
    const skipped = lost.get(server);
    if (skipped !== undefined) {
      return whySkipped(skipped);
    }
    return listeners.isIdle(server) ? whyIdle(server) : `listens, but no Service leads to port ${port}`;
  };
  const steps = servers.map((server) => serverStep(server, why(server), false));
  const { name } = listeners.proxy;
  if (servers.length === 0) {
    return [gatewayStep(`no Gateway that applies to ${name} has a server on port ${port}`)];
  }
  return listeners.isExposed(port) ? steps : [...steps, gatewayStep(`no Service in front of ${name} has port ${port}`)];
}

export function stepsWithoutVirtualHost({ host }: ParsedRequest, { servers, unused }: HttpChain): readonly Step[] {
  const steps = servers.map((server) => {
    const accepts = server.hosts.some((served) => isSubsetOf(host, served.host));
    const hosts = server.hosts.map(({ written }) => written).join(', ');
    const text = accepts
      ? `accepts host ${host}, and no VirtualService bound to Gateway ${server.gateway.ref} has rules for it`
      : `accepts only ${hosts}, not ${host}`;
    return serverStep(server, text, false);
  });
  return [...steps, ...stepsOfLeftOut(unused)];
}
