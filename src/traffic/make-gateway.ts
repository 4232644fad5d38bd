import type { ApiObject } from 'cdk8s';
import type { Construct } from 'constructs';
import {
  Gateway,
  type GatewaySpecServers,
  GatewaySpecServersTlsMode,
  toJson_GatewaySpec,
} from '../../imports/networking.istio.io';
import type { IstioApiVersion } from '../objects/istio-api-version';
import { istioObject } from '../objects/istio-object';
import { checkLabels, metadataOf } from '../objects/object-options';
import { refuse, refuseIf } from '../objects/refuse';
import { complaintAboutDnsLabel, complaintAboutPort } from '../syntax/names';
import type { GatewayOptions } from './gateway-options';

const DEFAULT_SELECTOR = { istio: 'ingressgateway' };

/** The Gateway of a mesh: an HTTP server for `hosts`, and an HTTPS server if asked for. */
export function makeGateway(
  scope: Construct,
  hosts: readonly string[],
  options: GatewayOptions & { name: string },
  apiVersion: IstioApiVersion,
): ApiObject {
  const selector = options.selector ?? DEFAULT_SELECTOR;
  if (Object.keys(selector).length === 0) {
    refuse(
      scope,
      'gateway.selector is empty, which Istio reads as every proxy that is a gateway; name the labels of yours.',
    );
  }
  checkLabels(scope, selector);
  const spec = toJson_GatewaySpec({ selector: { ...selector }, servers: serversFor(scope, hosts, options) });
  return istioObject(scope, 'Gateway', {
    kind: Gateway.GVK.kind,
    apiVersion,
    metadata: metadataOf(scope, options, { name: options.name, namespace: options.namespace }),
    spec: () => spec,
  });
}

function serversFor(
  scope: Construct,
  hosts: readonly string[],
  { port = 80, tls }: GatewayOptions,
): GatewaySpecServers[] {
  refuseIf(scope, 'gateway.port', port, complaintAboutPort(port));
  // HTTP, not TCP: on a TCP server Istio looks at tcp routes only, and with none the port is never opened.
  const http = { port: { name: 'http', number: port, protocol: 'HTTP' }, hosts: [...hosts] };
  if (tls === undefined) {
    return [http];
  }
  const { credentialName, port: tlsPort = 443, redirectHttp = true } = tls;
  refuseIf(scope, 'gateway.tls.port', tlsPort, complaintAboutPort(tlsPort));
  refuseIf(scope, 'gateway.tls.credentialName', credentialName ?? '', complaintAboutDnsLabel(credentialName ?? ''));
  if (tlsPort === port) {
    refuse(
      scope,
      `gateway.tls.port ${tlsPort} is the HTTP server's port too; one port speaks HTTP or HTTPS, give them different ones.`,
    );
  }
  return [
    redirectHttp ? { ...http, tls: { httpsRedirect: true } } : http,
    {
      port: { name: 'https', number: tlsPort, protocol: 'HTTPS' },
      tls: { mode: GatewaySpecServersTlsMode.SIMPLE, credentialName },
      hosts: [...hosts],
    },
  ];
}
