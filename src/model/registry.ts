/*
 * The service registry: every host that the mesh knows, whether from a Service or a ServiceEntry, in one form.
 */

import type { MeshObject } from '../manifests/object';
import type { EntryVisibility } from './mesh-config';
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

/** @param exportTo for what does not say to whom it is exported */
export function fromService(service: Service, clusterDomain: string, exportTo: readonly string[]): RegistryService {
  const { object } = service;
  const written = object.annotations.get(EXPORT_TO_ANNOTATION);
  return {
    object,
    host: serviceHost(object.name, object.namespace, clusterDomain),
    namespace: object.namespace,
    ports: service.ports,
    exportTo: written === undefined ? exportTo : written.split(',').map((part) => part.trim()),
    addresses: service.clusterIps,
    service,
  };
}

/**
 * A ServiceEntry gives one registry service a host.
 *
 * @param otherwise for what does not say to whom it is exported
 * @param most how far it is visible at most
 */
export function fromServiceEntry(
  entry: ServiceEntry,
  otherwise: readonly string[],
  most: EntryVisibility,
): readonly RegistryService[] {
  const exportTo = limited(entry.exportTo.length === 0 ? otherwise : entry.exportTo, entry.object.namespace, most);
  return entry.hosts.map((host) => ({
    object: entry.object,
    host,
    namespace: entry.object.namespace,
    ports: entry.ports,
    exportTo,
    // A range of one address is that address.
    addresses: entry.addresses.map((address) => address.replace(/\/32$/, '')),
    entry,
  }));
}

/** `serviceExportTo` */
function limited(exportTo: readonly string[], owner: string, most: EntryVisibility): readonly string[] {
  if (most === 'PUBLIC') {
    return exportTo;
  }
  return most === 'NAMESPACE' && visibilityOf(exportTo, owner, owner) !== undefined ? ['.'] : ['~'];
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
