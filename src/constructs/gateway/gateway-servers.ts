/*
 * The servers of one Gateway. Hosts that are served alike share a server: one for plain HTTP and one for redirects on a port,
 * and one for HTTPS with each certificate.
 */
import type { IConstruct } from 'constructs';
import type {
  GatewaySpecServers,
  GatewaySpecServersTls,
  GatewaySpecServersTlsMinProtocolVersion,
  GatewaySpecServersTlsMode,
} from '../../../imports/networking.istio.io';
import { hostsOverlap } from '../../mesh/hosts';
import { refuse, show } from '../objects/refuse';
import { type CheckedServer, checkHttpsHosts, checkServer, checkServerHosts, type HttpsServer } from './check-server';
import type { GatewayServerOptions } from './gateway-options';

/** The enum itself would have the generated code loaded, which is long, with every app. */
const SIMPLE = 'SIMPLE' as GatewaySpecServersTlsMode.SIMPLE;
const MUTUAL = 'MUTUAL' as GatewaySpecServersTlsMode.MUTUAL;

/** What a host is served by on one port. */
interface Service {
  readonly name: string;
  readonly port: number;
  /** How requests are answered that are not HTTPS. */
  readonly http?: 'plain' | 'redirect';
  readonly https?: HttpsServer;
}

interface Server extends Service {
  readonly hosts: string[];
}

export class GatewayServers {
  private readonly servers: Server[] = [];
  private readonly defaults: CheckedServer;

  /**
   * @param gateway What messages are about.
   * @param options What a server has that says nothing else.
   */
  public constructor(
    private readonly gateway: IConstruct,
    private readonly options: GatewayServerOptions,
  ) {
    this.defaults = checkServer(gateway, '', options);
  }

  /** Serves more hosts; throws, and serves none of them, where they cannot be served so. */
  public add(hosts: readonly string[], options: GatewayServerOptions): void {
    checkServerHosts(this.gateway, hosts);
    const { port = this.options.port, tls = this.options.tls } = options;
    const checked = checkServer(this.gateway, 'addServer: options.', { port, tls });
    if (checked.https !== undefined) {
      checkHttpsHosts(this.gateway, hosts);
    }
    const wanted = this.servicesFor(checked);
    for (const service of wanted) {
      for (const server of this.servers.filter((other) => other.port === service.port)) {
        checkBeside(this.gateway, service, hosts, server);
      }
    }
    for (const service of wanted) {
      this.serverFor(service).hosts.push(...hosts);
    }
  }

  public get isEmpty(): boolean {
    return this.servers.length === 0;
  }

  /** Whether some server takes requests for a host of routes. */
  public serves(host: string): boolean {
    return this.servers.some(({ hosts }) => hosts.some((served) => hostsOverlap(served, host)));
  }

  /** The same by HTTPS. */
  public servesHttps(host: string): boolean {
    return this.servers.some(
      ({ https, hosts }) => https !== undefined && hosts.some((served) => hostsOverlap(served, host)),
    );
  }

  public toSpec(): GatewaySpecServers[] {
    return this.servers.map(({ name, port, http, https, hosts }) => ({
      // HTTP, not TCP: on a TCP server Istio looks at tcp routes only, and with none the port is never opened.
      port: { name, number: port, protocol: https === undefined ? 'HTTP' : 'HTTPS' },
      ...(http === 'redirect' && { tls: { httpsRedirect: true } }),
      ...(https !== undefined && { tls: tlsOf(https) }),
      hosts: [...hosts],
    }));
  }

  private servicesFor({ http, https }: CheckedServer): Service[] {
    const plain: Service = {
      name: this.httpName(http),
      port: http.port,
      http: http.isRedirect ? 'redirect' : 'plain',
    };
    return https === undefined ? [plain] : [plain, { name: this.httpsName(https), port: https.port, https }];
  }

  /** Said by what is served, not by a count, so that another server renames none; the gateway's own options need no word. */
  private httpName({ port, isRedirect }: CheckedServer['http']): string {
    const { http } = this.defaults;
    const way = isRedirect ? '-redirect' : '-plain';
    return `http${port === http.port ? '' : `-${port}`}${isRedirect === http.isRedirect ? '' : way}`;
  }

  private httpsName({ port, credentialName }: HttpsServer): string {
    const { https } = this.defaults;
    if (port === https?.port && credentialName === https.credentialName) {
      return 'https';
    }
    // Istio takes the names of its route tables, where this is a part, apart at the dots.
    return `https-${port === 443 ? '' : `${port}-`}${credentialName.replaceAll('.', '-')}`;
  }

  private serverFor(service: Service): Server {
    const found = this.servers.find((server) => isSame(server, service));
    if (found !== undefined) {
      return found;
    }
    const server = { ...service, name: this.unused(service.name), hosts: [] };
    this.servers.push(server);
    return server;
  }

  /** Two Secrets may differ in a dot only. */
  private unused(name: string): string {
    const isTaken = (candidate: string) => this.servers.some((server) => server.name === candidate);
    let candidate = name;
    for (let count = 2; isTaken(candidate); count += 1) {
      candidate = `${name}-${count}`;
    }
    return candidate;
  }
}

function isSame(a: Service, b: Service): boolean {
  return a.port === b.port && a.http === b.http && a.https?.credentialName === b.https?.credentialName;
}

function tlsOf({ credentialName, isMutual, minVersion }: HttpsServer): GatewaySpecServersTls {
  return {
    mode: isMutual ? MUTUAL : SIMPLE,
    credentialName,
    minProtocolVersion: minVersion as GatewaySpecServersTlsMinProtocolVersion | undefined,
  };
}

/** Throws when hosts cannot be served so beside a server of the same port. */
function checkBeside(gateway: IConstruct, service: Service, hosts: readonly string[], server: Server): void {
  const { port } = service;
  if ((service.https === undefined) !== (server.https === undefined)) {
    refuse(
      gateway,
      `addServer: port ${port} speaks ${server.https === undefined ? 'HTTP' : 'HTTPS'}, for ${show(server.hosts[0])}; one port speaks HTTP or HTTPS, give them different ones.`,
    );
  }
  const twice = hosts.find((host) => server.hosts.includes(host));
  if (twice !== undefined) {
    refuse(gateway, `addServer: host ${show(twice)} is served on port ${port} already; leave out one.`);
  }
  if (service.https !== undefined && server.https !== undefined) {
    checkCertificates(gateway, service.https, hosts, server.https, server.hosts);
  } else if (service.http !== server.http) {
    const [host, other] = overlapping(hosts, server.hosts) ?? [];
    if (host !== undefined) {
      refuse(
        gateway,
        `addServer: hosts ${show(host)} and ${show(other)} overlap, and only one of them is to be redirected to HTTPS; Istio would redirect what both take. Redirect both or neither, by tls.redirectHttp.`,
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
  const [host, wider] = (https.isMutual !== other.isMutual && overlapping(hosts, served)) || [];
  if (host !== undefined) {
    refuse(
      gateway,
      `addServer: hosts ${show(host)} and ${show(wider)} overlap, and only one of them asks for a certificate of the client, so that clients could reach it through the other without one; set mutual for both or neither.`,
    );
  }
}

function overlapping(hosts: readonly string[], others: readonly string[]): [string, string] | undefined {
  for (const host of hosts) {
    const other = others.find((one) => hostsOverlap(host, one));
    if (other !== undefined) {
      return [host, other];
    }
  }
  return undefined;
}
