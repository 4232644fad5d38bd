import type { IConstruct } from 'constructs';
import { complaintAboutDnsName, complaintAboutHost, complaintAboutPort } from '../../syntax/names';
import { refuse, refuseIf, show } from '../objects/refuse';
import type { GatewayServerOptions, TlsVersion } from './gateway-options';

/** Where hosts are served, defaults filled in. */
export interface CheckedServer {
  readonly http: { readonly port: number; readonly isRedirect: boolean };
  readonly https?: HttpsServer;
}

export interface HttpsServer {
  readonly port: number;
  readonly credentialName: string;
  readonly isMutual: boolean;
  readonly minVersion?: TlsVersion;
}

/**
 * Throws when the options of a server contradict each other or name no port or Secret.
 *
 * @param what What the options are called in messages: '' for those of a constructor, else as in `gatewayOptions.`.
 */
export function checkServer(where: IConstruct, what: string, { port = 80, tls }: GatewayServerOptions): CheckedServer {
  refuseIf(where, `${what}port`, port, complaintAboutPort(port));
  if (tls === undefined) {
    return { http: { port, isRedirect: false } };
  }
  const { credentialName, port: tlsPort = 443, mutual: isMutual = false, minVersion } = tls;
  const isStandard = port === 80 && tlsPort === 443;
  const { redirectHttp: isRedirect = isStandard } = tls;
  refuseIf(where, `${what}tls.port`, tlsPort, complaintAboutPort(tlsPort));
  refuseIf(where, `${what}tls.credentialName`, credentialName, complaintAboutDnsName(credentialName));
  if (tlsPort === port) {
    refuse(
      where,
      `${what}tls.port ${tlsPort} is the HTTP server's port too; one port speaks HTTP or HTTPS, give them different ones.`,
    );
  }
  if (isRedirect && !isStandard) {
    refuse(
      where,
      `${what}tls.redirectHttp leads a client of port ${port} to the same port by HTTPS, where nothing speaks it; use ports 80 and 443, or leave redirectHttp out.`,
    );
  }
  return { http: { port, isRedirect }, https: { port: tlsPort, credentialName, isMutual, minVersion } };
}

/** Throws when the hosts of a server are not hosts. */
export function checkServerHosts(where: IConstruct, hosts: readonly string[]): void {
  if (hosts.length === 0) {
    refuse(
      where,
      "addServer: hosts is empty, so the server would accept no request; name the hosts that clients ask for, or ['*'] for all.",
    );
  }
  hosts.forEach((host, index) => {
    const [namespace, name] = host.split('/');
    if (name !== undefined && /^([a-z0-9-]+|[.*])$/.test(namespace) && complaintAboutHost(name) === undefined) {
      refuse(
        where,
        `addServer: host ${show(host)} names the namespace of the routes, too, and all that are bound to this Gateway may serve it; write ${show(name)}.`,
      );
    }
    refuseIf(where, 'addServer: host', host, complaintAboutHost(host));
    if (hosts.indexOf(host) !== index) {
      refuse(where, `addServer: host ${show(host)} is listed twice; leave out one.`);
    }
  });
}

/** Throws when a client of HTTPS could not say which of the hosts it asks for. */
export function checkHttpsHosts(where: IConstruct, hosts: readonly string[]): void {
  const address = hosts.find((host) => /^[0-9.]+$/.test(host));
  if (address !== undefined) {
    refuse(
      where,
      `addServer: host ${show(address)} is an address, which a client does not name when it begins TLS, so that the handshake would fail; serve '*' with this certificate, or the address without tls.`,
    );
  }
}
