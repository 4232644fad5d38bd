/*
 * How Istio completes the short names that manifests contain (`pilot/pkg/model/config.go`, `virtualservice.go`).
 */

/** The name that a VirtualService gives in `gateways` to the sidecars of the mesh. */
export const MESH_GATEWAY = 'mesh';

const IPV4 = /^\d{1,3}(\.\d{1,3}){3}$/;

/** A host as written in a VirtualService or DestinationRule of `namespace`, in full. Only a name without a dot is completed. */
export function resolveHost(host: string, namespace: string, clusterDomain: string): string {
  if (host === '' || host.includes('.') || host.includes('*') || host.includes(':') || IPV4.test(host)) {
    return host;
  }
  return serviceHost(host, namespace, clusterDomain);
}

/** The DNS name of a Service. */
export function serviceHost(name: string, namespace: string, clusterDomain: string): string {
  return `${name}.${namespace}.svc.${clusterDomain}`;
}

/** A gateway as written in a VirtualService of `namespace`, as `namespace/name`; `mesh` stays what it is. */
export function resolveGateway(gateway: string, namespace: string): string {
  if (gateway === MESH_GATEWAY) {
    return gateway;
  }
  const slash = gateway.indexOf('/');
  if (slash >= 0) {
    return gateway.slice(0, slash) === '.' ? `${namespace}/${gateway.slice(slash + 1)}` : gateway;
  }
  // Before `namespace/name` there was name.namespace.svc.cluster.local, of which only the first two labels count.
  const [name, legacyNamespace] = gateway.split('.');
  return `${legacyNamespace ?? namespace}/${name}`;
}
