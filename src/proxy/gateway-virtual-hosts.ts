/*
 * The virtual hosts of one route configuration of a gateway (`buildGatewayHTTPRouteConfig`).
 */
import type { Server } from '../model/gateway';
import type { EffectiveVirtualService } from '../model/model';
import { DomainTable } from './domain-table';
import {
  type LeftOut,
  type ListenerScope,
  type Route,
  type RoutesOfVirtualService,
  routesOf,
  sortRoutes,
} from './routes';
import type { VirtualHost } from './virtual-host';

/** Collects the routes of each host. Istio translates a VirtualService once a Gateway and reuses the result on every server. */
export class VirtualHostsBuilder {
  private readonly hosts = new Map<string, { routes: Route[]; leftOut: LeftOut[]; requireTls: boolean }>();
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
      const host = this.host(name);
      host.routes.push(...routes);
      host.leftOut.push(...leftOut);
      host.requireTls ||= server.tls?.httpsRedirect === true;
    }
  }

  /** A server that redirects does so for all its hosts, also for those without any route. */
  public redirect(server: Server): void {
    for (const { host, namespace } of server.hosts) {
      if (namespace === '*') {
        this.host(host).requireTls = true;
      }
    }
  }

  public table(): DomainTable<VirtualHost> {
    const table = new DomainTable<VirtualHost>();
    for (const [domain, { routes, leftOut, requireTls }] of this.hosts) {
      table.set(domain, { domain, routes: sortRoutes(routes), leftOut, requireTls });
    }
    return table;
  }

  private host(name: string) {
    const domain = name.toLowerCase();
    const known = this.hosts.get(domain) ?? { routes: [], leftOut: [], requireTls: false };
    this.hosts.set(domain, known);
    return known;
  }
}
