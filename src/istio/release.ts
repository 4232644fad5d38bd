/*
 * The one release of Istio that the read side knows: schema, kinds, annotations, the rules of the webhook, and what conformance
 * holds them against. For the next one, pin it in conformance/xds/go.mod, write it here, and run `npm run import`.
 */

/** Of the Go modules istio.io/api and istio.io/client-go. */
export const ISTIO_RELEASE = '1.31.1';

/** As messages name it. */
export const ISTIO = `Istio ${ISTIO_RELEASE.split('.').slice(0, 2).join('.')}`;
