/*
 * What the checks on Gateways, and on who speaks for a host, predict.
 */
import type { Ask, Manifest } from '../manifest';
import {
  answeredBy,
  asksForAll,
  boundTo,
  gatewaySpec,
  gatewaysOf,
  refOf,
  replace,
  rulesOf,
  type Server,
  servingAll,
  silent,
  virtualServiceOf,
} from './gateways';
import { marksOf, objectNamed, specOf } from './marks';
import { asksFor, type Case, named, type Prediction, placeIn, withSpec } from './trial';

const gatewayNotFound: Prediction = {
  says: 'Bound to no other Gateway: no rule of the VirtualService answers; with the Gateway it does',
  predict(one) {
    const object = virtualServiceOf(one);
    const present = new Set(one.mesh.manifests.filter(({ kind }) => kind === 'Gateway').map(refOf));
    const refs = object === undefined ? [] : boundTo(object);
    if (
      object === undefined ||
      !/^spec\.gateways/.test(one.finding.path) ||
      refs.some((ref) => ref === 'mesh' || present.has(ref))
    ) {
      return undefined;
    }
    const others = one.mesh.manifests.filter(({ kind }) => kind !== 'Gateway');
    const mended = { ...one.mesh, manifests: [...others, servingAll(one.mesh, refs[0], specOf(object))] };
    const asks = asksForAll(one, object).map((ask, index) => ({ ...ask, port: index % 2 === 0 ? 80 : ask.port }));
    return silent(asks, rulesOf(object), mended);
  },
};

/** The authority's host, as a proxy compares it. */
function hostOf({ authority }: Ask): string {
  return authority.replace(/:\d*$/, '').toLowerCase();
}

function covers(pattern: string, host: string): boolean {
  const lower = pattern.toLowerCase();
  return lower.startsWith('*') ? host.endsWith(lower.slice(1)) : host === lower;
}

const hostNotInGateway: Prediction = {
  says: 'No rule of the VirtualService answers for the host; with a Gateway that serves it, one does',
  predict(one) {
    const object = virtualServiceOf(one);
    const [, index] = /^spec\.hosts\[(\d+)\]/.exec(one.finding.path) ?? [];
    if (object === undefined || index === undefined || one.finding.severity !== 'error') {
      return undefined;
    }
    const { hosts = [] } = specOf(object);
    const host = hosts[Number(index)];
    const refs = boundTo(object);
    const [ref] = refs.filter((each) => each !== 'mesh');
    const others = one.mesh.manifests.filter(({ kind }) => kind !== 'Gateway');
    const mended = { ...one.mesh, manifests: [...others, servingAll(one.mesh, ref, { hosts: [host] })] };
    const asks = asksForAll(one, withSpec(object, { hosts: [host] })).map((ask) => ({ ...ask, port: 80 }));
    const isMeant = (ask: Ask) => hosts.filter((each) => covers(each, hostOf(ask))).join() === host;
    return silent(asks, rulesOf(object), mended, isMeant);
  },
};

function asHttp(server: Server): Server {
  const { tls: _tls, ...rest } = server;
  return { ...rest, port: { ...server.port, name: `http-${server.port.number}`, protocol: 'HTTP' } };
}

const httpRoutesOnTcpServer: Prediction = {
  says: 'No http rule answers; by way of an HTTP server the same do. Where the message says so, connections are refused',
  predict(one) {
    const object = virtualServiceOf(one);
    const { finding, mesh } = one;
    const gateway = named(mesh, finding.message, 'Gateway');
    if (
      object === undefined ||
      gateway === undefined ||
      finding.severity !== 'error' ||
      !finding.path.startsWith('spec.http')
    ) {
      return undefined;
    }
    const place = placeIn(one);
    const marks = place === undefined ? rulesOf(object) : [specOf(object).http?.[place.rule]?.name ?? ''];
    const asks = place === undefined ? asksForAll(one, object) : asksFor(one, place);
    const others = mesh.manifests.filter((each) => each.kind !== 'Gateway');
    const { servers } = gatewaySpec(gateway);
    // Hosts of servers that shared a port with another protocol may now overlap, so each is by itself.
    const byHttp = servers.map(asHttp).map((server, index) => ({
      ...gateway,
      metadata: { ...gateway.metadata, name: `${gateway.metadata.name}${index === 0 ? '' : `-${index}`}` },
      spec: { ...gatewaySpec(gateway), servers: [server] },
    }));
    const mended = {
      ...mesh,
      manifests: [...others, ...byHttp].map((each) => (each === object ? boundToAll(object, byHttp) : each)),
    };
    const trial = silent(asks, marks, mended);
    const refused = refusedPorts(one, gateway);
    return {
      ...trial,
      judge: (exchange) =>
        refused.includes(exchange.ask.port) && exchange.seen.kind !== 'refused'
          ? { refutes: 'the connection was not refused' }
          : trial.judge(exchange),
    };
  },
};

function boundToAll(virtualService: Manifest, gateways: readonly Manifest[]): Manifest {
  return withSpec(virtualService, { gateways: gateways.map(refOf) });
}

/** The ports of which a message says that nobody opens them, and that no other Gateway opens. */
function refusedPorts({ finding, mesh }: Case, gateway: Manifest): readonly number[] {
  const [, list = ''] = /clients of port (.*?) get a refused connection/.exec(finding.message) ?? [];
  const opened = gatewaysOf(mesh)
    .filter((each) => each !== gateway)
    .flatMap((each) => gatewaySpec(each).servers);
  return (list.match(/\d+/g) ?? []).map(Number).filter((port) => !opened.some((server) => server.port.number === port));
}

function serverIn({ finding, mesh }: Case): { readonly gateway: Manifest; readonly server: Server } | undefined {
  const gateway = objectNamed(mesh.manifests, 'Gateway', finding.namespace, finding.name);
  const [, index] = /^spec\.servers\[(\d+)\]/.exec(finding.path) ?? [];
  const server = gateway === undefined ? undefined : gatewaySpec(gateway).servers[Number(index)];
  return gateway === undefined || server === undefined ? undefined : { gateway, server };
}

const gatewayConflict: Prediction = {
  says: 'A server that is left out: no rule of VirtualServices that are bound to it alone answers; without the other server one does',
  predict(one) {
    const found = serverIn(one);
    if (found === undefined || !one.finding.message.startsWith('Istio leaves this server out')) {
      return undefined;
    }
    const { gateway, server } = found;
    const { number } = server.port;
    const alone = gatewaySpec(gateway).servers.filter(({ port }) => port.number === number).length === 1;
    const bound = one.mesh.manifests.filter(
      (each) => each.kind === 'VirtualService' && boundTo(each).join() === refOf(gateway),
    );
    if (!alone || bound.length === 0 || !gatewaysOf(one.mesh).includes(gateway)) {
      return undefined;
    }
    const others = one.mesh.manifests.filter(({ kind }) => kind !== 'Gateway');
    const mended = { ...one.mesh, manifests: [...others, withSpec(gateway, { servers: [server] })] };
    const asks = bound.flatMap((each) => asksForAll(one, each, 3)).map((ask) => ({ ...ask, port: number }));
    return silent(asks, bound.flatMap(rulesOf), mended, ({ port }) => port === number);
  },
};

const gatewaySelectsNoWorkload: Prediction = {
  says: 'No rule of VirtualServices that are bound to the Gateway alone answers; with a selector that fits one does',
  predict(one) {
    const gateway = objectNamed(one.mesh.manifests, 'Gateway', one.finding.namespace, one.finding.name);
    const bound = one.mesh.manifests.filter(
      (each) => each.kind === 'VirtualService' && gateway !== undefined && boundTo(each).join() === refOf(gateway),
    );
    if (gateway === undefined || bound.length === 0) {
      return undefined;
    }
    const mended = replace(one.mesh, gateway, withSpec(gateway, { selector: one.mesh.proxy.gateway?.labels }));
    return silent(
      bound.flatMap((each) => asksForAll(one, each, 3)),
      bound.flatMap(rulesOf),
      mended,
    );
  },
};

const httpsRedirectWithoutHttpsServer: Prediction = {
  says: 'Requests are redirected to https, and nothing listens on port 443',
  predict(one) {
    const found = serverIn(one);
    if (found === undefined || !gatewaysOf(one.mesh).includes(found.gateway)) {
      return undefined;
    }
    const { port, hosts } = found.server;
    const opened = gatewaysOf(one.mesh).flatMap((each) =>
      gatewaySpec(each).servers.map((server) => server.port.number),
    );
    const host = hosts[0]
      .replace(/^.*\//, '')
      .replace(/^\*\.?/, 'x.')
      .replace(/\.$/, '')
      .toLowerCase();
    const ask: Ask = {
      method: 'GET',
      scheme: 'http',
      connectHost: host,
      port: port.number,
      authority: host,
      target: '/',
      headers: [],
    };
    const follow: Ask = { ...ask, scheme: 'https', port: 443 };
    return {
      asks: [ask, follow],
      judge({ ask: asked, seen }) {
        if (asked === follow) {
          return seen.kind !== 'http' || opened.includes(443) ? 'says nothing' : { refutes: 'port 443 spoke TLS' };
        }
        return asked === ask &&
          seen.kind === 'http' &&
          seen.status === 301 &&
          (seen.location ?? '').startsWith('https://')
          ? 'confirms'
          : 'says nothing';
      },
    };
  },
};

const gatewayHostWithoutRoutes: Prediction = {
  says: 'No rule answers for the host: 404, or no connection where the server forwards bytes',
  predict(one) {
    const found = serverIn(one);
    const [, list = ''] = / has (\S+(?:, \S+)*(?: or \S+)?)\. Unless/.exec(one.finding.message) ?? [];
    if (found === undefined || !gatewaysOf(one.mesh).includes(found.gateway)) {
      return undefined;
    }
    const { port, tls } = found.server;
    const isForBytes = !one.finding.message.includes('404');
    const asks = list.split(/, | or /).map((written): Ask => {
      const host = written
        .replace(/^.*\//, '')
        .replace(/^\*(?=\.|$)/, 'nobody')
        .toLowerCase();
      const scheme = tls === undefined ? 'http' : 'https';
      return { method: 'GET', scheme, connectHost: host, port: port.number, authority: host, target: '/', headers: [] };
    });
    return {
      asks,
      judge({ ask, seen }) {
        if (!asks.includes(ask)) {
          return 'says nothing';
        }
        if (marksOf(seen).size > 0) {
          return { refutes: 'a rule answered' };
        }
        return isForBytes === (seen.kind !== 'http') ? 'confirms' : 'says nothing';
      },
    };
  },
};

const ingressRulesNotAffected: Prediction = {
  says: "The gateway's rule answers, and no rule that is for the mesh alone ever does",
  predict(one) {
    const place = placeIn(one);
    if (place === undefined || one.mesh.proxy.gateway === undefined) {
      return undefined;
    }
    const own = specOf(place.object).http?.[place.rule]?.name ?? '';
    const inside = one.mesh.manifests.filter(
      (each) => each.kind === 'VirtualService' && specOf(each).hosts !== undefined && boundTo(each).join() === 'mesh',
    );
    const marks = inside.flatMap(rulesOf);
    return {
      asks: asksFor(one, place),
      judge({ seen }) {
        if (answeredBy(seen, marks)) {
          return { refutes: 'a rule of the mesh answered at the gateway' };
        }
        return answeredBy(seen, [own]) && seen.kind === 'http' && seen.received !== undefined
          ? 'confirms'
          : 'says nothing';
      },
    };
  },
};

const meshHostConflict: Prediction = {
  says: 'No rule of the VirtualService that loses answers for the host; without the one that wins, one does',
  predict(one) {
    const object = virtualServiceOf(one);
    const winner = named(one.mesh, one.finding.message, 'VirtualService');
    const [, index] = /^spec\.hosts\[(\d+)\]/.exec(one.finding.path) ?? [];
    const isSure = one.finding.severity === 'error' && one.finding.message.includes('here those of this one');
    if (
      object === undefined ||
      winner === undefined ||
      index === undefined ||
      !isSure ||
      one.mesh.proxy.sidecar === undefined
    ) {
      return undefined;
    }
    if ((specOf(object).hosts ?? []).length > 1) {
      return undefined;
    }
    const claims = one.mesh.manifests.filter(
      (each) => each.kind === 'VirtualService' && specOf(each).hosts !== undefined,
    );
    const rest = claims.filter((each) => each !== object);
    const mended = { ...one.mesh, manifests: one.mesh.manifests.filter((each) => !rest.includes(each)) };
    return silent(asksForAll(one, object), rulesOf(object), mended);
  },
};

/** Meshes that differ by the object alone give the same answers. */
const destinationRuleHostUnknown: Prediction = {
  says: 'Without the DestinationRule, the same rules answer in the same way',
  predict(one) {
    const { finding, mesh, random } = one;
    const rule = objectNamed(mesh.manifests, 'DestinationRule', finding.namespace, finding.name);
    const services = mesh.manifests.filter(
      ({ kind, spec }) => kind === 'VirtualService' && (spec as { http?: unknown }).http !== undefined,
    );
    if (rule === undefined || services.length === 0) {
      return undefined;
    }
    return {
      asks: services.flatMap((object) => asksForAll({ ...one, random }, object, 2)),
      isolated: mesh,
      mended: replace(mesh, rule),
      judge({ isolated, mended }) {
        if (isolated === undefined || mended === undefined) {
          return 'says nothing';
        }
        const [before, after] = [isolated, mended].map((seen) => [...marksOf(seen)].join());
        // Where no http rule answers, bytes may go to one of several destinations by chance.
        if (before === '' && after === '') {
          return 'says nothing';
        }
        return before === after && isolated.kind === mended.kind ? 'confirms' : { refutes: 'another rule answered' };
      },
    };
  },
};

export const GATEWAY_PREDICTIONS: { readonly [check: string]: Prediction } = {
  'gateway-not-found': gatewayNotFound,
  'host-not-in-gateway': hostNotInGateway,
  'http-routes-on-tcp-server': httpRoutesOnTcpServer,
  'gateway-conflict': gatewayConflict,
  'gateway-host-without-routes': gatewayHostWithoutRoutes,
  'gateway-selects-no-workload': gatewaySelectsNoWorkload,
  'https-redirect-without-https-server': httpsRedirectWithoutHttpsServer,
  'ingress-rules-not-affected': ingressRulesNotAffected,
  'mesh-host-conflict': meshHostConflict,
  'destination-rule-host-unknown': destinationRuleHostUnknown,
};
