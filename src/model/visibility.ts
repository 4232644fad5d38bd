/*
 * exportTo: which namespaces may see a VirtualService, DestinationRule or service (`pkg/config/visibility`).
 */

/** How an object that a namespace sees became visible to it. Istio orders VirtualServices by this before anything else. */
export enum Visibility {
  /** It lives in the namespace and is exported to it alone. */
  PRIVATE = 0,
  /** It is exported to the namespace by name. */
  EXPORTED = 1,
  /** It is exported to all. */
  PUBLIC = 2,
}

/** How an object of `owner` with this `exportTo` is visible from `viewer`; undefined when it is not. */
export function visibilityOf(exportTo: readonly string[], owner: string, viewer: string): Visibility | undefined {
  if (exportTo.length === 0 || exportTo.includes('*')) {
    return Visibility.PUBLIC;
  }
  if (exportTo.includes('~')) {
    return undefined;
  }
  if (viewer === owner && (exportTo.includes('.') || exportTo.includes(owner))) {
    return Visibility.PRIVATE;
  }
  return exportTo.includes(viewer) ? Visibility.EXPORTED : undefined;
}
