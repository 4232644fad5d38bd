/*
 * Istio's annotations and labels.
 */

/** Whether the key belongs to Istio: `istio.io/…` or `….istio.io/…`. */
export function isIstioKey(key: string): boolean {
  return /^([\w-]+\.)*istio\.io\//.test(key);
}

/** Keys of Istio's operator and other tools of its house, which are nobody's to write. */
const INTERNAL = /^((install\.)?operator|internal|lifecycle|release)\.istio\.io\//;

export function isInternalKey(key: string): boolean {
  return INTERNAL.test(key);
}
