/*
 * ServiceEntry: hosts that are no Service of the cluster, made known to the mesh.
 */
import type { Node, StringMap } from '../manifests/node';
import { EMPTY_MAP } from '../manifests/node';
import type { MeshObject } from '../manifests/object';
import { meansHttp2, type PortProtocol, parseProtocol } from './port-protocol';

interface ServiceEntryPort {
  readonly path: string;
  readonly number: number;
  readonly name: string;
  readonly protocol: PortProtocol;
  readonly http2: boolean;
  readonly grpcWeb: boolean;
  /** Port of the endpoints, where it is another one. */
  readonly targetPort?: number;
}

interface ServiceEntryEndpoint {
  readonly path: string;
  readonly address: string;
  readonly labels: StringMap;
  /** Ports of this endpoint by the name of the ServiceEntry's port, where they are other ones. */
  readonly ports: ReadonlyMap<string, number>;
}

export interface ServiceEntry {
  readonly object: MeshObject;
  readonly hosts: readonly string[];
  readonly addresses: readonly string[];
  readonly ports: readonly ServiceEntryPort[];
  readonly exportTo: readonly string[];
  /** Whether what stands behind it is part of the mesh (`location: MESH_INTERNAL`). */
  readonly isInternal: boolean;
  /** NONE, STATIC, DNS, DNS_ROUND_ROBIN or DYNAMIC_DNS. */
  readonly resolution: string;
  readonly endpoints: readonly ServiceEntryEndpoint[];
  /** Pods and WorkloadEntries of its namespace that stand behind it; absent when there is no selector. */
  readonly workloadSelector?: StringMap;
}

/** An endpoint with a name of its own: a machine outside of the cluster, found by its labels as pods are. */
export interface WorkloadEntry extends ServiceEntryEndpoint {
  readonly object: MeshObject;
}

export function readServiceEntry(object: MeshObject): ServiceEntry {
  const spec = object.node.get('spec');
  const selector = spec.get('workloadSelector');
  return {
    object,
    hosts: spec.get('hosts').strings(),
    addresses: spec.get('addresses').strings(),
    ports: spec.get('ports').maps().flatMap(readPort),
    exportTo: spec.get('exportTo').strings(),
    isInternal: spec.get('location').text() === 'MESH_INTERNAL',
    resolution: spec.get('resolution').text() ?? 'NONE',
    endpoints: spec.get('endpoints').maps().map(readEndpoint),
    workloadSelector: selector.present ? selector.get('labels').stringMap() : undefined,
  };
}

/** The labels of its spec count, and before them those of its metadata (`ConvertWorkloadEntry`). */
export function readWorkloadEntry(object: MeshObject): WorkloadEntry {
  const endpoint = readEndpoint(object.node.get('spec'));
  return { ...endpoint, object, labels: new Map([...endpoint.labels, ...object.labels]) };
}

function readEndpoint(node: Node): ServiceEntryEndpoint {
  const labels = node.get('labels');
  return {
    path: node.path,
    address: node.get('address').string() ?? '',
    labels: labels.present ? labels.stringMap() : EMPTY_MAP,
    ports: new Map(
      node
        .get('ports')
        .entries()
        .flatMap(([name, port]) => {
          const number = port.number();
          return number === undefined ? [] : [[name, number] as const];
        }),
    ),
  };
}

function readPort(node: Node): readonly ServiceEntryPort[] {
  const number = node.get('number').number();
  if (number === undefined) {
    node.get('number').problem('is missing; a port of a ServiceEntry needs a number');
    return [];
  }
  return [
    {
      path: node.path,
      number,
      name: node.get('name').string() ?? '',
      protocol: parseProtocol(node.get('protocol').string() ?? '') ?? 'AUTO',
      http2: meansHttp2(node.get('protocol').string() ?? ''),
      grpcWeb: node.get('protocol').string()?.toLowerCase() === 'grpc-web',
      targetPort: node.get('targetPort').number() || undefined,
    },
  ];
}
