/*
 * The service registry: every host that the mesh knows, whether from a Service or a ServiceEntry, in one form.
 */

import type { MeshObject } from '../manifests/object';
import { serviceHost } from './naming';
import type { PortProtocol } from './port-protocol';
import type { Service } from './service';
import type { ServiceEntry } from './service-entry';
import { visibilityOf } from './visibility';

export interface RegistryPort {
  readonly path: string;
  readonly number: number;
  readonly name: string;
  readonly protocol: PortProtocol;
  /** Whether the protocol is one in HTTP/2. */
  readonly http2: boolean;
  /** Whether it speaks gRPC-Web, which Istio has Envoy translate. */
  readonly grpcWeb: boolean;
}

/** A host of the registry. */
export interface RegistryService {
  readonly object: MeshObject;
  /** The full name; may have a leading wildcard when it comes from a ServiceEntry. */
  readonly host: string;
  readonly namespace: string;
  readonly ports: readonly RegistryPort[];
  readonly exportTo: readonly string[];
  /** Addresses by which clients reach it, where they are known. */
  readonly addresses: readonly string[];
  /** Exactly one of the two. */
  readonly service?: Service;
  readonly entry?: ServiceEntry;
}

const EXPORT_TO_ANNOTATION = 'networking.istio.io/exportTo';

export function fromService(service: Service, clusterDomain: string): RegistryService {
  const { object } = service;
  const exportTo = object.annotations.get(EXPORT_TO_ANNOTATION);
  return {
    object,
    host: serviceHost(object.name, object.namespace, clusterDomain),
    namespace: object.namespace,
    ports: service.ports,
    exportTo: exportTo === undefined ? [] : exportTo.split(',').map((part) => part.trim()),
    addresses: service.clusterIps,
    service,
  };
}

/** A ServiceEntry gives one registry service a host. */
export function fromServiceEntry(entry: ServiceEntry): readonly RegistryService[] {
  return entry.hosts.map((host) => ({
    object: entry.object,
    host,
    namespace: entry.object.namespace,
    ports: entry.ports,
    exportTo: entry.exportTo,
    // A range of one address is that address.
    addresses: entry.addresses.map((address) => address.replace(/\/32$/, '')),
    entry,
  }));
}

export function isServiceVisible(service: RegistryService, viewer: string): boolean {
  return visibilityOf(service.exportTo, service.namespace, viewer) !== undefined;
}

/**
 * Whether a sidecar lets connections to it through to the address that was dialled, instead of choosing an endpoint:
 * `clusterIP: None`, or a ServiceEntry that does not say how its hosts are resolved. Istio calls it passthrough.
 */
export function hasNoAddress({ entry, service }: RegistryService): boolean {
  return service?.headless === true || entry?.resolution === 'NONE';
}

/** Whether a gateway has no endpoints for it for certain, though it need not have any (`convertResolution`). */
export function hasNothingToChoose(
  mesh: { definitionsOf(service: RegistryService): readonly RegistryService[] },
  service: RegistryService,
): boolean {
  return mesh
    .definitionsOf(service)
    .every(({ entry }) => entry?.resolution === 'NONE' && entry.workloadSelector === undefined);
}

/** Whether sidecars read requests on the port, or look first whether they are requests. */
export function isHttpOrSniffed({ protocol }: RegistryPort): boolean {
  return protocol === 'HTTP' || protocol === 'AUTO';
}
