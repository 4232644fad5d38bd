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
import { hostsOverlap, intersectHosts, isSubsetOf, isWildcard } from '../../syntax/hosts';
import { checkBeside, checkCatchAll, type Server, type Serving } from './check-beside';
import { type CheckedServer, checkHttpsHosts, checkServer, checkServerHosts, type HttpsServer } from './check-server';
import type { GatewayServerOptions } from './gateway-options';

/** The enum itself would have the generated code loaded, which is long, with every app. */
const SIMPLE = 'SIMPLE' as GatewaySpecServersTlsMode.SIMPLE;
const MUTUAL = 'MUTUAL' as GatewaySpecServersTlsMode.MUTUAL;

/** A port by which requests come to routes. */
export interface Door {
  readonly port: number;
  readonly isHttps: boolean;
}

export class GatewayServers {
  private servers: readonly Server[] = [];

  /**
   * @param gateway What messages are about.
   * @param options What a server has that says nothing else.
   * @param defaults The same, checked.
   */
  public constructor(
    private readonly gateway: IConstruct,
    private readonly options: GatewayServerOptions,
    private readonly defaults: CheckedServer,
  ) {}

  /** Serves more hosts; throws, and serves none of them, where they cannot be served so. */
  public add(hosts: readonly string[], options: GatewayServerOptions): void {
    checkServerHosts(this.gateway, hosts);
    const { port = this.options.port, tls = this.options.tls } = options;
    const checked = checkServer(this.gateway, 'addServer: options.', { port, tls });
    if (checked.https !== undefined) {
      checkHttpsHosts(this.gateway, hosts);
    }
    const wanted = this.servingsFor(checked);
    for (const serving of wanted) {
      for (const server of this.servers.filter((other) => other.port === serving.port)) {
        checkBeside(this.gateway, serving, hosts, server);
      }
    }
    const servers = this.servers.map((server) => ({ ...server, hosts: [...server.hosts] }));
    for (const serving of wanted) {
      serverFor(serving, servers).hosts.push(...hosts);
    }
    checkCatchAll(this.gateway, servers);
    this.servers = servers;
  }

  public get isEmpty(): boolean {
    return this.servers.length === 0;
  }

  /** Of what a host of routes stands for, the hosts that some server takes requests for: itself where that is all. */
  public servedOf(host: string): readonly string[] {
    return intersectHosts(
      this.servers.flatMap(({ hosts }) => hosts),
      [host],
    );
  }

  /** Whether all requests for a host of routes come by HTTPS. */
  public servesHttpsOnly(host: string): boolean {
    const isCovered = this.servers.some(
      ({ https, hosts }) => https !== undefined && hosts.some((served) => isSubsetOf(host, served)),
    );
    return isCovered && this.doorsFor(host).every(({ isHttps }) => isHttps);
  }

  /** By which some requests for a host of routes come to them; what only redirects is none. */
  public doorsFor(host: string): Door[] {
    return this.servers
      .filter(({ http, hosts }) => http !== 'redirect' && hosts.some((served) => hostsOverlap(served, host)))
      .map(({ port, https }) => ({ port, isHttps: https !== undefined }));
  }

  /**
   * The servers with the hosts that are written, which are those that do not get there by a wildcard host anyway. Beside
   * `*.example.com`, Istio would have `a.example.com` answered by the routes for `*.example.com`, too, whichever are older;
   * without it, by those for `a.example.com` where there are any.
   */
  public written(): Server[] {
    const wildcards = this.servers.flatMap((server) =>
      server.hosts.filter(isWildcard).map((host) => ({ host, server })),
    );
    return this.servers.map((server) => {
      const onPort = wildcards.filter((wildcard) => wildcard.server.port === server.port);
      const isWritten = (host: string) => nearest(host, onPort)?.server !== server;
      return { ...server, hosts: server.hosts.filter(isWritten) };
    });
  }

  public toSpec(): GatewaySpecServers[] {
    return this.written().map(({ name, port, http, https, hosts }) => ({
      // HTTP, not TCP: on a TCP server Istio looks at tcp routes only, and with none the port is never opened.
      port: { name, number: port, protocol: https === undefined ? 'HTTP' : 'HTTPS' },
      ...(http === 'redirect' && { tls: { httpsRedirect: true } }),
      ...(https !== undefined && { tls: tlsOf(https) }),
      hosts,
    }));
  }

  private servingsFor({ http, https }: CheckedServer): Serving[] {
    const plain: Serving = {
      name: this.httpName(http),
      port: http.port,
      http: http.isRedirect ? 'redirect' : 'plain',
    };
    return https === undefined ? [plain] : [plain, { name: this.httpsName(https), port: https.port, https }];
  }

  /** Said by what is served, not by a count, so that another server renames none; the gateway's own options need no word. */
  private httpName({ port, isRedirect }: CheckedServer['http']): string {
    const { http } = this.defaults;
    const isUsual = port === http.port;
    const way = isRedirect ? '-redirect' : '-plain';
    return `http${isUsual ? '' : `-${port}`}${isRedirect === (isUsual && http.isRedirect) ? '' : way}`;
  }

  private httpsName({ port, credentialName }: HttpsServer): string {
    const { https } = this.defaults;
    if (port === https?.port && credentialName === https.credentialName) {
      return 'https';
    }
    // Istio takes the names of its route tables, where this is a part, apart at the dots.
    return `https-${port === 443 ? '' : `${port}-`}${credentialName.replaceAll('.', '-')}`;
  }
}

/** The one of the servers that hosts served like that are put into, which is added where there is none. */
function serverFor(serving: Serving, servers: Server[]): Server {
  const found = servers.find((server) => isSame(server, serving));
  if (found !== undefined) {
    return found;
  }
  const server = { ...serving, name: unused(serving.name, servers), hosts: [] };
  servers.push(server);
  return server;
}

/** Two Secrets may differ in a dot only. */
function unused(name: string, servers: readonly Server[]): string {
  const isTaken = (candidate: string) => servers.some((server) => server.name === candidate);
  let candidate = name;
  for (let count = 2; isTaken(candidate); count += 1) {
    candidate = `${name}-${count}`;
  }
  return candidate;
}

function isSame(a: Serving, b: Serving): boolean {
  return a.port === b.port && a.http === b.http && a.https?.credentialName === b.https?.credentialName;
}

function tlsOf({ credentialName, isMutual, minVersion }: HttpsServer): GatewaySpecServersTls {
  return {
    mode: isMutual ? MUTUAL : SIMPLE,
    credentialName,
    minProtocolVersion: minVersion as GatewaySpecServersTlsMinProtocolVersion | undefined,
  };
}

/** The narrowest wildcard host that `host` gets to by belonging to it. */
function nearest<T extends { readonly host: string }>(host: string, wildcards: readonly T[]): T | undefined {
  return wildcards
    .filter((wildcard) => wildcard.host !== host && isSubsetOf(host, wildcard.host))
    .reduce<T | undefined>((best, next) => (best && best.host.length >= next.host.length ? best : next), undefined);
}
