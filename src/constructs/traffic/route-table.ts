/*
 * The http routes of one VirtualService: rules in order and a default, in the words of Istio.
 */
import type {
  VirtualServiceSpecHttp,
  VirtualServiceSpecHttpMatch,
  VirtualServiceSpecHttpRoute,
} from '../../../imports/networking.istio.io';
import type { ServiceVersion } from '../workload/service-version';
import type { Condition, RequestMatch, StringMatch } from './request-match';

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
      match: [toHttpMatch(match._conditions())],
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

function toHttpMatch(conditions: readonly Condition[]): VirtualServiceSpecHttpMatch {
  const headers: Record<string, object> = {};
  const withoutHeaders: Record<string, object> = {};
  const request: { uri?: object; method?: object } = {};
  for (const condition of conditions) {
    switch (condition.on) {
      case 'header':
        // Lower case, as Istio's reference asks for; Envoy compares without regard to it.
        (condition.negated ? withoutHeaders : headers)[condition.name.toLowerCase()] = toStringMatch(condition.match);
        break;
      case 'path':
        request.uri = toStringMatch(condition.match);
        break;
      case 'method':
        request.method = { exact: condition.method };
        break;
    }
  }
  return {
    ...(Object.keys(headers).length > 0 && { headers }),
    ...(Object.keys(withoutHeaders).length > 0 && { withoutHeaders }),
    ...request,
  };
}

/** A match of no kind is how Istio says "present". */
function toStringMatch(match: StringMatch): object {
  return 'present' in match ? {} : match;
}
