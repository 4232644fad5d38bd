/*
 * istio-config-validator needs no more than VirtualServices, and its users give it no more. A mesh has doors: what the
 * manifests lack of them is put in here, so that the rules can be asked at all.
 */
import { Mesh } from '../mesh';
import type { MeshModel } from '../model/model';
import { MESH_GATEWAY } from '../model/naming';

/** The name of everything that is put in. */
export const STAND_IN = 'versioned-mesh-stand-in';

/**
 * The mesh with a Gateway for every one that a VirtualService names and nobody defines, a client in each
 * namespace whose VirtualServices concern the mesh, a Service that makes sidecars listen on port 80, and the delegates among
 * `delegates` that live elsewhere.
 */
export function withStandIns(mesh: Mesh, delegates: ReadonlySet<string>): Mesh {
  const { _model: model } = mesh;
  const added = [...clients(model), ...missingDelegates(model, delegates)];
  return Mesh.fromManifests([...model.objects.map(({ raw }) => raw), ...added], {
    ...mesh._options,
    assumeGateways: true,
  });
}

function clients(model: MeshModel): readonly object[] {
  const inMesh = model.effectiveVirtualServices.filter(({ boundTo }) => boundTo.includes(MESH_GATEWAY));
  return [...new Set(inMesh.map(({ object }) => object.namespace))].flatMap((namespace) => [
    { apiVersion: 'v1', kind: 'Pod', metadata: { name: STAND_IN, namespace } },
    {
      apiVersion: 'v1',
      kind: 'Service',
      metadata: { name: STAND_IN, namespace },
      spec: { ports: [{ name: 'http', port: 80 }] },
    },
  ]);
}

function missingDelegates(model: MeshModel, wanted: ReadonlySet<string>): readonly object[] {
  const known = new Set(model.virtualServices.map(({ object }) => `${object.namespace}/${object.name}`));
  const named = model.virtualServices
    .flatMap(({ http }) => http)
    .flatMap(({ delegate }) => (delegate !== undefined && wanted.has(delegate.name) ? [delegate] : []));
  const missing = new Map(named.map(({ namespace, name }) => [`${namespace}/${name}`, { namespace, name }]));
  return [...missing]
    .filter(([ref]) => !known.has(ref))
    .map(([, metadata]) => ({
      apiVersion: 'networking.istio.io/v1',
      kind: 'VirtualService',
      metadata,
      spec: { http: [{ route: [{ destination: { host: STAND_IN } }] }] },
    }));
}
