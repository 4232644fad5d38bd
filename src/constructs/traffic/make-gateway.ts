import type { ApiObject } from 'cdk8s';
import type { Construct } from 'constructs';
import type { GatewaySpecServers, GatewaySpecServersTlsMode } from '../../../imports/networking.istio.io';
import { complaintAboutDnsName, complaintAboutLabelValue, complaintAboutPort } from '../../syntax/names';
import type { GatewayOptions } from '../gateway/gateway-options';
import { checkOptions } from '../objects/check-argument';
import { istioObject } from '../objects/istio-object';
import { checkLabels, metadataOf, namespaceOf } from '../objects/object-options';
import { refuse, refuseIf } from '../objects/refuse';
import type { RoutingApi } from '../objects/routing-api';

export const DEFAULT_SELECTOR = { istio: 'ingressgateway' };

/** The enum itself would have the generated code loaded, which is long, with every app. */
const SIMPLE = 'SIMPLE' as GatewaySpecServersTlsMode.SIMPLE;

/** The Gateway of a mesh: an HTTP server for `hosts`, and an HTTPS server if asked for. */
export function makeGateway(
  scope: Construct,
  hosts: readonly string[],
  options: GatewayOptions & { name: string },
  apiVersion: RoutingApi,
): ApiObject {
  const selector = options.selector ?? DEFAULT_SELECTOR;
  checkLabels(scope, selector);
  for (const [key, value] of Object.entries(selector)) {
    refuseIf(scope, `gatewayOptions.selector: label '${key}'`, value, complaintAboutLabelValue(value));
  }
  if (Object.keys(selector).length === 0) {
    refuse(
      scope,
      'gatewayOptions.selector is empty, which Istio reads as every proxy that is a gateway; name the labels of yours.',
    );
  }
  const spec = { selector: { ...selector }, servers: serversFor(scope, hosts, options) };
  return istioObject(scope, 'Gateway', {
    kind: 'Gateway',
    apiVersion,
    metadata: metadataOf(scope, options, { name: options.name, namespace: namespaceOf(scope, options.namespace) }),
    spec: () => spec,
  });
}

function serversFor(
  scope: Construct,
  hosts: readonly string[],
  { port = 80, tls }: GatewayOptions,
): GatewaySpecServers[] {
  refuseIf(scope, 'gatewayOptions.port', port, complaintAboutPort(port));
  // HTTP, not TCP: on a TCP server Istio looks at tcp routes only, and with none the port is never opened.
  const http = { port: { name: 'http', number: port, protocol: 'HTTP' }, hosts: [...hosts] };
  if (tls === undefined) {
    return [http];
  }
  checkOptions(scope, 'gatewayOptions.tls', tls, "{ credentialName: 'apis-certificate' }");
  const { credentialName, port: tlsPort = 443 } = tls;
  const standard = port === 80 && tlsPort === 443;
  const { redirectHttp = standard } = tls;
  refuseIf(scope, 'gatewayOptions.tls.port', tlsPort, complaintAboutPort(tlsPort));
  refuseIf(
    scope,
    'gatewayOptions.tls.credentialName',
    credentialName ?? '',
    complaintAboutDnsName(credentialName ?? ''),
  );
  if (tlsPort === port) {
    refuse(
      scope,
      `gatewayOptions.tls.port ${tlsPort} is the HTTP server's port too; one port speaks HTTP or HTTPS, give them different ones.`,
    );
  }
  if (redirectHttp && !standard) {
    refuse(
      scope,
      `gatewayOptions.tls.redirectHttp leads a client of port ${port} to the same port by HTTPS, where nothing speaks it; use ports 80 and 443, or leave redirectHttp out.`,
    );
  }
  return [
    redirectHttp ? { ...http, tls: { httpsRedirect: true } } : http,
    {
      port: { name: 'https', number: tlsPort, protocol: 'HTTPS' },
      tls: { mode: SIMPLE, credentialName },
      hosts: [...hosts],
    },
  ];
}
