/*
 * The TLS that a traffic policy has clients speak.
 */
import type { Node } from '../manifests/node';
import type { MeshObject } from '../manifests/object';

export interface ClientTls {
  readonly object: MeshObject;
  /** Where it is written. */
  readonly path: string;
  /** `DISABLE`, `SIMPLE`, `MUTUAL` or `ISTIO_MUTUAL`. */
  readonly mode: string;
}

/** @param settings a traffic policy, or what one says of a port */
export function readClientTls(object: MeshObject, settings: Node): ClientTls | undefined {
  const tls = settings.get('tls');
  const mode = tls.get('mode');
  return tls.present ? { object, path: mode.path, mode: mode.text() ?? 'DISABLE' } : undefined;
}
