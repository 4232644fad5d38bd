/*
 * The http routes of one VirtualService: rules in order and a default, in the words of Istio.
 */
import type { VirtualServiceSpecHttp, VirtualServiceSpecHttpRoute } from '../../../imports/networking.istio.io';
import type { ServiceVersion } from '../workload/service-version';
import { toHttpMatches } from './http-match';
import type { RequestMatch } from './request-match';

/** One rule: what matches goes to that version. */
export interface RouteRule {
  readonly version: ServiceVersion;
  readonly match: RequestMatch;
  readonly name?: string;
}

/** The routes: first match wins, and what matches no rule goes to the default. `namespace` is the VirtualService's. */
export function httpRoutes(
  rules: readonly RouteRule[],
  defaultVersion: ServiceVersion,
  namespace: string | undefined,
): VirtualServiceSpecHttp[] {
  return [
    ...rules.map(({ version, match, name }) => ({
      name,
      match: toHttpMatches(match),
      route: [routeTo(version, namespace)],
    })),
    { route: [routeTo(defaultVersion, namespace)] },
  ];
}

function routeTo(version: ServiceVersion, namespace: string | undefined): VirtualServiceSpecHttpRoute {
  return {
    destination: {
      host: version._hostFrom(namespace),
      subset: version.subset,
      // Said in full: Istio refuses to guess as soon as the Service gets a second port.
      port: { number: version.service.port },
    },
  };
}
