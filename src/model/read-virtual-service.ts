/*
 * Reads a VirtualService. Names are resolved on the way: hosts in full, gateways as `namespace/name`.
 */
import { readDuration } from '../manifests/duration';
import type { Node } from '../manifests/node';
import type { MeshObject } from '../manifests/object';
import type {
  CorsPolicy,
  Delegate,
  Destination,
  DirectResponse,
  Fault,
  HeaderOperations,
  HttpMatch,
  HttpRoute,
  Mirror,
  Redirect,
  Retries,
  Rewrite,
  WeightedDestination,
} from './http-route';
import { MESH_GATEWAY, resolveGateway, resolveHost } from './naming';
import { readNamedMatches, readStringMatch, type StringMatch } from './string-match';
import type { L4Route, VirtualService, WrittenName } from './virtual-service';

/** @param exportTo for what does not say to whom it is exported */
export function readVirtualService(
  object: MeshObject,
  clusterDomain: string,
  exportTo: readonly string[],
): VirtualService {
  return new Reader(object, clusterDomain, exportTo).read();
}

class Reader {
  public constructor(
    private readonly object: MeshObject,
    private readonly clusterDomain: string,
    private readonly defaultExportTo: readonly string[],
  ) {}

  public read(): VirtualService {
    const spec = this.object.node.get('spec');
    const exportTo = spec.get('exportTo').strings();
    const gateways = this.names(spec.get('gateways'), (name) => resolveGateway(name, this.object.namespace));
    return {
      object: this.object,
      hosts: this.names(spec.get('hosts'), (name) => this.host(name)),
      gateways,
      boundTo: gateways.length === 0 ? [MESH_GATEWAY] : [...new Set(gateways.map((gateway) => gateway.resolved))],
      exportTo: exportTo.length === 0 ? this.defaultExportTo : exportTo,
      http: spec
        .get('http')
        .items()
        .flatMap((node, index) => (node.isMap() ? [this.httpRoute(node, index)] : [])),
      tls: spec
        .get('tls')
        .maps()
        .map((node) => this.l4Route(node)),
      tcp: spec
        .get('tcp')
        .maps()
        .map((node) => this.l4Route(node)),
    };
  }

  private host(name: string): string {
    return resolveHost(name, this.object.namespace, this.clusterDomain);
  }

  private names(node: Node, resolve: (name: string) => string): readonly WrittenName[] {
    return node.items().flatMap((item) => {
      const written = item.text();
      return written === undefined ? [] : [{ path: item.path, written, resolved: resolve(written) }];
    });
  }

  private httpRoute(node: Node, index: number): HttpRoute {
    return {
      object: this.object,
      path: node.path,
      index,
      name: node.get('name').string() ?? '',
      match: node
        .get('match')
        .maps()
        .map((match) => this.httpMatch(match)),
      destinations: node
        .get('route')
        .maps()
        .map((route) => this.weighted(route)),
      redirect: readRedirect(node.get('redirect')),
      directResponse: readDirectResponse(node.get('directResponse')),
      delegate: this.delegate(node.get('delegate')),
      rewrite: readRewrite(node.get('rewrite')),
      timeoutMs: readDuration(node.get('timeout')),
      retries: readRetries(node.get('retries')),
      fault: readFault(node.get('fault')),
      corsPolicy: readCorsPolicy(node.get('corsPolicy')),
      mirror: node.get('mirror').present ? this.destination(node.get('mirror')) : undefined,
      mirrorPercentage: readPercent(node.get('mirrorPercentage')) ?? node.get('mirrorPercent').number(),
      mirrors: node.get('mirrors').present ? this.mirrors(node.get('mirrors')) : undefined,
      headers: readHeaderOperations(node.get('headers')),
    };
  }

  private httpMatch(node: Node): HttpMatch {
    return {
      object: this.object,
      path: node.path,
      name: node.get('name').string() ?? '',
      uri: readStringMatch(node.get('uri')),
      scheme: readStringMatch(node.get('scheme')),
      method: readStringMatch(node.get('method')),
      authority: readStringMatch(node.get('authority')),
      headers: readNamedMatches(node.get('headers')),
      withoutHeaders: readNamedMatches(node.get('withoutHeaders')),
      queryParams: readNamedMatches(node.get('queryParams')),
      ignoreUriCase: node.get('ignoreUriCase').boolean() ?? false,
      port: node.get('port').number() ?? 0,
      gateways: node
        .get('gateways')
        .strings()
        .map((name) => resolveGateway(name, this.object.namespace)),
      sourceLabels: node.get('sourceLabels').stringMap(),
      sourceNamespace: node.get('sourceNamespace').string() ?? '',
    };
  }

  private weighted(node: Node): WeightedDestination {
    return {
      path: node.path,
      destination: this.destination(node.get('destination')),
      weight: node.get('weight').number() ?? 0,
      headers: readHeaderOperations(node.get('headers')),
    };
  }

  private destination(node: Node): Destination {
    const writtenHost = node.get('host').string() ?? '';
    return {
      path: node.path,
      writtenHost,
      host: this.host(writtenHost),
      subset: node.get('subset').text(),
      port: node.get('port').get('number').number(),
    };
  }

  private delegate(node: Node): Delegate | undefined {
    return node.present
      ? {
          path: node.path,
          name: node.get('name').string() ?? '',
          namespace: node.get('namespace').text() ?? this.object.namespace,
        }
      : undefined;
  }

  private mirrors(node: Node): readonly Mirror[] {
    return node.maps().map((mirror) => ({
      path: mirror.path,
      destination: this.destination(mirror.get('destination')),
      percentage: readPercent(mirror.get('percentage')) ?? 100,
    }));
  }

  private l4Route(node: Node): L4Route {
    return {
      path: node.path,
      match: node
        .get('match')
        .maps()
        .map((match) => ({
          path: match.path,
          port: match.get('port').number() ?? 0,
          gateways: match
            .get('gateways')
            .strings()
            .map((name) => resolveGateway(name, this.object.namespace)),
          sniHosts: match.get('sniHosts').strings(),
          destinationSubnets: match.get('destinationSubnets').strings(),
          sourceLabels: match.get('sourceLabels').stringMap(),
          sourceNamespace: match.get('sourceNamespace').string() ?? '',
        })),
      destinations: node
        .get('route')
        .maps()
        .map((route) => this.weighted(route)),
    };
  }
}

/** A `percentage: {value: …}`; undefined when there is none. */
function readPercent(node: Node): number | undefined {
  return node.present ? (node.get('value').number() ?? 0) : undefined;
}

function readRedirect(node: Node): Redirect | undefined {
  return node.present
    ? {
        path: node.path,
        uri: node.get('uri').string() ?? '',
        prefixRewrite: node.get('prefixRewrite').string() ?? '',
        authority: node.get('authority').string() ?? '',
        scheme: node.get('scheme').string() ?? '',
        port: node.get('port').number(),
        derivePort: node.get('derivePort').text(),
        code: node.get('redirectCode').number() ?? 0,
      }
    : undefined;
}

function readDirectResponse(node: Node): DirectResponse | undefined {
  return node.present
    ? {
        path: node.path,
        status: node.get('status').number() ?? 0,
        body: node.get('body').get('string').string() ?? '',
      }
    : undefined;
}

function readRewrite(node: Node): Rewrite | undefined {
  const regex = node.get('uriRegexRewrite');
  return node.present
    ? {
        path: node.path,
        uri: node.get('uri').string() ?? '',
        authority: node.get('authority').string() ?? '',
        regex: regex.present
          ? { match: regex.get('match').string() ?? '', rewrite: regex.get('rewrite').string() ?? '' }
          : undefined,
      }
    : undefined;
}

export function readRetries(node: Node): Retries | undefined {
  return node.present
    ? {
        path: node.path,
        attempts: node.get('attempts').number() ?? 0,
        retryOn: node.get('retryOn').string() ?? '',
        perTryTimeoutMs: readDuration(node.get('perTryTimeout')),
      }
    : undefined;
}

function readFault(node: Node): Fault | undefined {
  if (!node.present) {
    return undefined;
  }
  const abort = node.get('abort');
  const delay = node.get('delay');
  const fixedDelayMs = readDuration(delay.get('fixedDelay'));
  return {
    path: node.path,
    abort: abort.present
      ? {
          path: abort.path,
          httpStatus: abort.get('httpStatus').number(),
          grpcStatus: abort.get('grpcStatus').text(),
          percentage: readPercent(abort.get('percentage')) ?? 0,
        }
      : undefined,
    delay:
      fixedDelayMs === undefined
        ? undefined
        : {
            path: delay.path,
            fixedDelayMs,
            percentage: readPercent(delay.get('percentage')) ?? delay.get('percent').number() ?? 0,
          },
  };
}

function readCorsPolicy(node: Node): CorsPolicy | undefined {
  if (!node.present) {
    return undefined;
  }
  const origins = node
    .get('allowOrigins')
    .items()
    .flatMap((origin) => readStringMatch(origin) ?? []);
  return {
    path: node.path,
    allowOrigins: origins.length > 0 ? origins : olderOrigins(node.get('allowOrigin')),
    allowMethods: node.get('allowMethods').strings(),
    allowHeaders: node.get('allowHeaders').strings(),
    exposeHeaders: node.get('exposeHeaders').strings(),
    allowCredentials: node.get('allowCredentials').boolean(),
    maxAgeMs: readDuration(node.get('maxAge')),
    unmatchedPreflights: node.get('unmatchedPreflights').string() === 'IGNORE' ? 'IGNORE' : 'FORWARD',
  };
}

/** The form before `allowOrigins`, which counts where that says nothing. */
function olderOrigins(node: Node): readonly StringMatch[] {
  return node.items().flatMap((origin) => {
    const value = origin.text();
    return value === undefined ? [] : [{ path: origin.path, kind: 'exact', value }];
  });
}

function readHeaderOperations(node: Node): HeaderOperations | undefined {
  if (!node.present) {
    return undefined;
  }
  const request = node.get('request');
  const response = node.get('response');
  return {
    path: node.path,
    requestSet: request.get('set').stringMap(),
    requestAdd: request.get('add').stringMap(),
    requestRemove: request.get('remove').strings(),
    responseSet: response.get('set').stringMap(),
    responseAdd: response.get('add').stringMap(),
    responseRemove: response.get('remove').strings(),
  };
}
