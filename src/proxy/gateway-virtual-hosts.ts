/*
 * The virtual hosts of one route configuration of a gateway (`buildGatewayHTTPRouteConfig`).
 */
import type { Server } from '../model/gateway';
import type { EffectiveVirtualService } from '../model/model';
import { DomainTable } from './domain-table';
import type { HttpChain } from './filter-chains';
import {
  type LeftOut,
  type ListenerScope,
  type Route,
  type RoutesOfVirtualService,
  routesOf,
  sortRoutes,
} from './routes';
import { type VirtualHost, virtualHostName } from './virtual-host';

interface HostInMaking {
  readonly name: string;
  readonly routes: Route[];
  readonly leftOut: LeftOut[];
  requireTls: boolean;
}

/** Collects the routes of each host. Istio translates a VirtualService once a Gateway and reuses the result on every server. */
export class VirtualHostsBuilder {
  private readonly hosts = new Map<string, HostInMaking>();
  private readonly made = new Map<string, RoutesOfVirtualService>();
  public readonly unused: LeftOut[] = [];
  public readonly unusable: Route[] = [];

  public add(
    server: Server,
    owner: EffectiveVirtualService,
    names: readonly string[],
    scope: () => ListenerScope,
  ): void {
    const key = `${server.gateway.ref} ${owner.object.namespace}/${owner.object.name}`;
    const { routes, leftOut } = this.made.get(key) ?? routesOf(owner, scope());
    this.made.set(key, { routes, leftOut });
    if (routes.length === 0) {
      this.unused.push(...leftOut);
      return;
    }
    this.unusable.push(...routes.filter(({ isUnusable }) => isUnusable));
    for (const name of names) {
      const host = this.host(name, server);
      host.routes.push(...routes);
      host.leftOut.push(...leftOut);
      host.requireTls ||= server.tls?.httpsRedirect === true;
    }
  }

  /**
   * A server that redirects does so for all its hosts, also for those without any route. Of one that is for VirtualServices of a
   * namespace, Istio takes the namespace for a part of the name, so that no request is for it.
   */
  public redirect(server: Server): void {
    for (const { host, namespace } of server.hosts) {
      this.host(namespace === '*' ? host : `${namespace}/${host}`, server).requireTls = true;
    }
  }

  public build(): Pick<HttpChain, 'hosts' | 'virtualHosts'> {
    const virtualHosts = [...this.hosts].map(([domain, { routes, ...host }]) => ({
      ...host,
      domain,
      domains: [domain],
      routes: sortRoutes(routes),
    }));
    const hosts = new DomainTable<VirtualHost>();
    for (const host of virtualHosts) {
      hosts.set(host.domain, host);
    }
    return { hosts, virtualHosts };
  }

  private host(written: string, { port }: Server): HostInMaking {
    const domain = written.toLowerCase();
    const name = virtualHostName(domain, port.number);
    const known = this.hosts.get(domain) ?? { name, routes: [], leftOut: [], requireTls: false };
    this.hosts.set(domain, known);
    return known;
  }
}
