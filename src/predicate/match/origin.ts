/*
 * What a match asks of the proxy that gets the request: `port`, `gateways`, `sourceLabels` and `sourceNamespace`. Istio decides it
 * when it writes a proxy's routes (`sourceMatchHTTP`). Where gateways are named, it does not look at where the request comes from.
 */
import type { StringMap } from '../../manifests/node';
import type { HttpMatch } from '../../model/http-route';
import { MESH_GATEWAY } from '../../model/naming';
import { selects } from '../../model/workload';
import { labelsOf, listOf } from '../../syntax/wording';
import { Language } from '../language';
import type { Subject } from '../predicate';
import { type ValueSet, within } from '../value-set';

/** The proxy and listener for which routes are written. */
export interface Origin {
  /** `namespace/name` of the Gateway, or `mesh`. */
  readonly gateway: string;
  /** The server's, or the service's. */
  readonly port: number;
  readonly proxyLabels: StringMap;
  readonly proxyNamespace: string;
}

/** Why a match cannot apply there, as a sentence about it; undefined where it does. */
export function whyNotAt(match: HttpMatch, origin: Origin): string | undefined {
  const { gateways, port, sourceLabels, sourceNamespace } = match;
  if (port !== 0 && port !== origin.port) {
    return `is for port ${port}, and this is port ${origin.port}`;
  }
  if (gateways.length > 0) {
    return gateways.includes(origin.gateway)
      ? undefined
      : `is for ${gateways.join(', ')}, and this is ${origin.gateway === MESH_GATEWAY ? 'a sidecar' : origin.gateway}`;
  }
  if (!selects(sourceLabels, origin.proxyLabels)) {
    return `is for pods labelled ${labelsOf(sourceLabels)}, and this proxy's pod is not`;
  }
  if (sourceNamespace !== '' && sourceNamespace !== origin.proxyNamespace) {
    return `is for namespace ${sourceNamespace}, and this proxy is in ${origin.proxyNamespace}`;
  }
  return undefined;
}

/** @param oneOf makes the set of exactly some values */
export function originSets(
  { port, gateways, sourceLabels, sourceNamespace }: HttpMatch,
  oneOf: (values: readonly string[]) => ValueSet,
): readonly (readonly [Subject, ValueSet])[] {
  const exactly = (value: string) => within(Language.exact(value));
  return [
    ...(port > 0 ? [['port', exactly(`${port}`)] as const] : []),
    ...(gateways.length > 0
      ? [['gateway', oneOf(gateways)] as const]
      : [
          ...[...sourceLabels].map(([name, value]) => [`label ${name}`, exactly(value)] as const),
          ...(sourceNamespace === '' ? [] : [['namespace', exactly(sourceNamespace)] as const]),
        ]),
  ];
}

/** Whether it is a part that Istio decides about, before there is any request. */
export function isConfigTime(subject: Subject): boolean {
  return /^(?:port|gateway|namespace|label .*)$/.test(subject);
}

export function proxyInWords({ port, gateways, sourceLabels, sourceNamespace }: HttpMatch): readonly string[] {
  return [
    ...(port > 0 ? [`port ${port}`] : []),
    ...(gateways.length > 0 ? [`gateway ${listOf(gateways, 'or')}`] : []),
    ...(sourceLabels.size > 0 ? [`source labels ${labelsOf(sourceLabels)}`] : []),
    ...(sourceNamespace !== '' ? [`source namespace ${sourceNamespace}`] : []),
  ];
}
