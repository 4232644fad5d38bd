/**
 * The annotation that lists headers which apps pass on from the request that they serve, joined by ','. On a VirtualService it
 * says which its rules need; on pods, which of them the apps do pass on.
 */
export const PROPAGATED_HEADERS = 'cdk8s-versioned-mesh/propagated-headers';

/** The headers that the text of such an annotation lists, in lower case. */
export function headersListed(annotation: string | undefined): string[] {
  return (annotation ?? '')
    .split(',')
    .map((name) => name.trim().toLowerCase())
    .filter((name) => name !== '');
}
