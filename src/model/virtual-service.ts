/*
 * VirtualService: the routes of some hosts, on some gateways.
 */

import type { StringMap } from '../manifests/node';
import type { MeshObject } from '../manifests/object';
import type { HttpRoute, WeightedDestination } from './http-route';
import { MESH_GATEWAY } from './naming';

export interface WrittenName {
  readonly path: string;
  readonly written: string;
  /** The name in full. */
  readonly resolved: string;
}

/** A `tcp` or `tls` route. */
export interface L4Route {
  readonly path: string;
  readonly match: readonly {
    readonly path: string;
    readonly port: number;
    readonly gateways: readonly string[];
    readonly sniHosts: readonly string[];
    readonly destinationSubnets: readonly string[];
    readonly sourceLabels: StringMap;
    /** Empty when nothing is written. */
    readonly sourceNamespace: string;
  }[];
  readonly destinations: readonly WeightedDestination[];
}

export interface VirtualService {
  readonly object: MeshObject;
  /** Empty: this is a delegate, and has effect only through another VirtualService. */
  readonly hosts: readonly WrittenName[];
  /** As written, resolved; empty when nothing is written. */
  readonly gateways: readonly WrittenName[];
  /** The gateways in force: `mesh` alone when none is written. */
  readonly boundTo: readonly string[];
  readonly exportTo: readonly string[];
  readonly http: readonly HttpRoute[];
  readonly tls: readonly L4Route[];
  readonly tcp: readonly L4Route[];
}

/** Whether a match, as far as its gateways and its port go, is for a port of `ref`: a Gateway (`namespace/name`), or `mesh`. */
export function isMatchFor(
  match: { readonly gateways: readonly string[]; readonly port: number },
  ref: string,
  port: number,
): boolean {
  return (match.port === 0 || match.port === port) && isForGateway(match, ref);
}

/** Whether a match is for sidecars at all. */
export function isForSidecars(match: { readonly gateways: readonly string[] }): boolean {
  return isForGateway(match, MESH_GATEWAY);
}

/** Whether a rule with these matches is for a gateway, or `mesh`. */
export function isAt(matches: readonly { readonly gateways: readonly string[] }[], ref: string): boolean {
  return matches.length === 0 || matches.some((match) => isForGateway(match, ref));
}

function isForGateway({ gateways }: { readonly gateways: readonly string[] }, ref: string): boolean {
  return gateways.length === 0 || gateways.includes(ref);
}
