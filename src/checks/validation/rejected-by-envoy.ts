/*
 * Listeners and routes that Istio generates and Envoy refuses. Istio's validation looks at one object at a time and admits each, no
 * object has a status that says it, and a proxy that runs goes on with what it had; a new one is without.
 *
 * What is refused is worked out by what routes requests, so that a finding here and an undecided request have one cause. A
 * server that Istio leaves out is the business of gateway-conflict: nothing of it comes to Envoy.
 */
import { nameOf } from '../../manifests/object';
import type { HttpRoute } from '../../model/http-route';
import { dataPlaneOf } from '../../proxy/data-plane';
import type { PartialWildcard } from '../../proxy/filter-chains';
import { isUnusable } from '../../proxy/redirect';
import type { Route } from '../../proxy/routes';
import { listOf } from '../../syntax/wording';
import type { Check, Report } from '../check';
import { Severity } from '../finding';
import { type Collision, collisionsOf, describeCollision } from '../shared/colliding-servers';
import { type RefusedInSidecars, refusedInSidecars } from '../shared/refused-in-sidecars';

export const rejectedByEnvoy: Check = {
  id: 'rejected-by-envoy',
  title: 'Envoy refuses the configuration that Istio generates',
  severity: Severity.ERROR,
  istio: [],
  kiali: [],
  run(mesh, report) {
    const hasUnusable = mesh.effectiveVirtualServices.some(({ http }) => http.some(isUnusable));
    const unusable = new Map<string, HttpRoute>();
    const keepUnusable = ({ origin }: Route) => {
      if (origin !== undefined) {
        unusable.set(`${nameOf(origin.rule.object)} ${origin.rule.path}`, origin.rule);
      }
    };
    const collisions = new Map<string, Collision>();
    const partials = new Map<string, PartialWildcard>();
    const plane = dataPlaneOf(mesh);
    for (const proxy of plane.gateways.all) {
      for (const listener of plane.listenersOf(proxy).all()) {
        for (const collision of collisionsOf(listener, proxy)) {
          keepSurest(collisions, collision);
        }
        for (const partial of listener.chains.partialWildcards) {
          partials.set(`${nameOf(partial.server.gateway.object)} ${partial.server.path}`, partial);
        }
        for (const route of hasUnusable ? listener.chains.unusable : []) {
          keepUnusable(route);
        }
      }
    }
    for (const collision of collisions.values()) {
      report(describeCollision(collision));
    }
    for (const partial of partials.values()) {
      reportPartialWildcard(partial, report);
    }
    for (const refused of refusedInSidecars(mesh, hasUnusable)) {
      if (refused.route === undefined) {
        reportSidecars(refused, report);
      } else {
        keepUnusable(refused.route);
      }
    }
    for (const rule of unusable.values()) {
      reportRedirect(rule, report);
    }
  },
};

/** Of what several proxies have in common, what rests on the fewest assumptions. */
function keepSurest(known: Map<string, Collision>, collision: Collision): void {
  if (known.get(collision.key)?.isCertain !== true) {
    known.set(collision.key, collision);
  }
}

function reportPartialWildcard({ name, server, service }: PartialWildcard, report: Report): void {
  const { object } = server.gateway;
  const why =
    service === undefined
      ? ''
      : ` The filter chain is for ${nameOf(service.object)}, whose host is a wildcard, since the server forwards connections from other clusters (AUTO_PASSTHROUGH).`;
  report({
    object,
    path: `${server.path}.hosts`,
    message: `Istio generates a filter chain for TLS connections to ${name} on port ${server.port.number}, and Envoy refuses a listener with a wildcard inside a name: a running gateway keeps its previous listener, and a new pod does not open the port and does not become ready.${why}`,
    help:
      service === undefined
        ? "Write whole labels after the '*', as in '*.example.com'."
        : `Serve hosts that leave ${service.host} out, or say 'location: MESH_EXTERNAL' in ${nameOf(service.object)}, if it is outside of the mesh.`,
  });
}

function reportRedirect({ object, path, redirect }: HttpRoute, report: Report): void {
  report({
    object,
    path: `${path}.redirect.redirectCode`,
    message: `Envoy does not know the redirect code ${redirect?.code}, though Istio accepts it. Envoy refuses the whole route configuration that contains this route: a running proxy keeps its previous routes for all hosts of the port, and a new one has none, so every request gets 404.`,
    help: 'Write 301, 302, 303, 307 or 308.',
  });
}

function reportSidecars({ refusal, namespaces, isCertain }: RefusedInSidecars, report: Report): void {
  const { kind, reason, parts } = refusal;
  const { object, path } = parts[parts.length - 1];
  const others = [...new Set(parts.map((part) => `${part.path} of ${nameOf(part.object)}`))];
  const where = `namespace ${listOf(namespaces)}`;
  const assumption = isCertain ? '' : ` This assumes that pods with sidecars run in ${where}.`;
  const effect =
    kind === 'every name'
      ? 'Envoy refuses the whole route configuration of the port: a running sidecar keeps its previous routes, and a new one has none.'
      : 'Envoy refuses the listener: a running sidecar keeps its previous one, and a new pod does not become ready.';
  report({
    object,
    path,
    severity: isCertain ? Severity.ERROR : Severity.WARNING,
    message: `In the sidecars of ${where}, ${reason} (${listOf(others)}). ${effect}${assumption}`,
    help: remedyInSidecars(kind),
  });
}

function remedyInSidecars(kind: RefusedInSidecars['refusal']['kind']): string {
  switch (kind) {
    case 'every name':
      return "Name the hosts one by one, or use a wildcard outside of the cluster's domain, as in '*.example.com'.";
    case 'part of a name':
      return "Write whole labels after the '*', as in '*.example.com'.";
    default:
      return 'TLS ignores capitals in names. Let only one of the two have these connections: take the name or the address out of the other.';
  }
}
