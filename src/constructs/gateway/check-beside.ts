/*
 * Two servers of one Gateway on the same port: what Istio does not take, and what it takes and does otherwise than asked.
 */
import type { IConstruct } from 'constructs';
import { isSubsetOf, isWildcard } from '../../syntax/hosts';
import { refuse, show } from '../objects/refuse';
import type { HttpsServer } from './check-server';

/** How hosts are served on one port. */
export interface Serving {
  /** The name of the server. */
  readonly name: string;
  readonly port: number;
  /** Where the port speaks HTTP: how requests are answered. */
  readonly http?: 'plain' | 'redirect';
  readonly https?: HttpsServer;
}

/** A server, and the hosts that it is for. */
export interface Server extends Serving {
  readonly hosts: string[];
}

/** Throws when hosts cannot be served so beside a server of the same port. */
export function checkBeside(gateway: IConstruct, serving: Serving, hosts: readonly string[], server: Server): void {
  const { port } = serving;
  if ((serving.https === undefined) !== (server.https === undefined)) {
    refuse(
      gateway,
      `addServer: port ${port} speaks ${server.https === undefined ? 'HTTP' : 'HTTPS'}, for ${show(server.hosts[0])}; one port speaks HTTP or HTTPS, give them different ones.`,
    );
  }
  const twice = hosts.find((host) => server.hosts.includes(host));
  if (twice !== undefined) {
    refuse(gateway, `addServer: host ${show(twice)} is served on port ${port} already; leave out one.`);
  }
  if (serving.https !== undefined && server.https !== undefined) {
    checkCertificates(gateway, serving.https, hosts, server.https, server.hosts);
  } else if (serving.http !== server.http) {
    const [plain, redirected] = serving.http === 'plain' ? [hosts, server.hosts] : [server.hosts, hosts];
    const [host, wider] = within(plain, redirected) ?? [];
    if (host !== undefined) {
      refuse(
        gateway,
        `addServer: host ${show(host)} is to be answered on port ${port}, and ${show(wider)}, which it belongs to, is to be redirected to HTTPS; Istio would redirect both. Redirect both or neither, by tls.redirectHttp.`,
      );
    }
  }
}

function checkCertificates(
  gateway: IConstruct,
  https: HttpsServer,
  hosts: readonly string[],
  other: HttpsServer,
  served: readonly string[],
): void {
  const isSameCertificate = https.credentialName === other.credentialName;
  if (isSameCertificate && (https.isMutual !== other.isMutual || https.minVersion !== other.minVersion)) {
    refuse(
      gateway,
      `addServer: certificate ${show(https.credentialName)} serves ${show(served[0])} on port ${https.port} with another mutual or minVersion. Browsers reuse one connection for all hosts of a certificate, and would get 404; give both the same, or a certificate each.`,
    );
  }
  if (https.isMutual === other.isMutual) {
    return;
  }
  const [closed, open] = https.isMutual ? [hosts, served] : [served, hosts];
  const [host, wider] = within(closed, open) ?? [];
  if (host !== undefined) {
    refuse(
      gateway,
      `addServer: host ${show(host)} asks clients for a certificate, and ${show(wider)}, which it belongs to, does not; clients without one would reach it by a connection for another of these hosts. Set mutual for both or neither.`,
    );
  }
}

/**
 * Throws when a host would get another certificate than the one that was asked for: Istio has a server whose hosts hold '*'
 * take whatever connections no other server of the port takes by name, those for its other hosts, too.
 */
export function checkCatchAll(gateway: IConstruct, servers: readonly Server[]): void {
  for (const { port, https, hosts } of servers.filter((one) => one.https !== undefined && one.hosts.includes('*'))) {
    const others = servers.filter((other) => other.port === port && other.https !== https);
    for (const other of others) {
      const wildcards = other.hosts.filter(isWildcard);
      const [host, wider] = within(hosts, wildcards) ?? [];
      if (host !== undefined) {
        refuse(
          gateway,
          `addServer: host ${show(host)} is to have the certificate ${show(https?.credentialName)} that '*' has on port ${port}, too, and it belongs to ${show(wider)}, with whose certificate Istio would serve it: a server for '*' is not found by other names. Give '*' a Secret of another name.`,
        );
      }
    }
  }
}

/** The first host that belongs to one of the others, and that one. */
function within(hosts: readonly string[], others: readonly string[]): [host: string, wider: string] | undefined {
  for (const host of hosts) {
    const wider = others.find((other) => isSubsetOf(host, other));
    if (wider !== undefined) {
      return [host, wider];
    }
  }
  return undefined;
}
