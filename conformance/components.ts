/*
 * Where the programs are that conformance/prepare fetches and builds.
 */
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { CannotRun } from './command';

export const CACHE = join(__dirname, '.cache');

const COMPONENTS = {
  xds: process.env.CONFORMANCE_XDS ?? join(CACHE, 'xds'),
  envoy: process.env.CONFORMANCE_ENVOY ?? join(CACHE, 'envoy'),
  istioctl: process.env.ISTIOCTL ?? join(CACHE, 'istioctl'),
  etcd: join(CACHE, 'etcd'),
  kubeApiserver: join(CACHE, 'kube-apiserver'),
  kubeControllerManager: join(CACHE, 'kube-controller-manager'),
  kubectl: join(CACHE, 'kubectl'),
  pilotDiscovery: join(CACHE, 'pilot-discovery'),
  helm: join(CACHE, 'helm'),
  charts: join(CACHE, 'charts'),
  helloworld: join(CACHE, 'helloworld'),
  prometheus: join(CACHE, 'prometheus'),
};

export type Component = keyof typeof COMPONENTS;

/** Paths of components; an error that says what to do if one is missing. */
export function components<K extends Component>(...wanted: readonly K[]): { readonly [component in K]: string } {
  const missing = wanted.map((component) => COMPONENTS[component]).filter((path) => !existsSync(path));
  if (missing.length > 0) {
    throw new CannotRun(
      `${missing.join(', ')}: not here yet, and this run needs it. Run conformance/prepare first, which fetches and builds it.`,
    );
  }
  return COMPONENTS;
}
