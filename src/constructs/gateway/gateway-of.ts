/*
 * The gateway of a mesh: one that it makes, one that it shares, or somebody else's.
 */
import { type ApiObject, Chart } from 'cdk8s';
import { Construct, type IConstruct } from 'constructs';
import { refuse, show } from '../objects/refuse';
import type { HeaderRoutedMeshProps } from '../traffic/header-routed-mesh-options';
import { TrafficSource } from '../traffic/traffic-source';
import { checkGateway } from './check-gateway';
import { GATEWAY } from './gateway-options';
import type { Door } from './gateway-servers';
import { IngressGateway } from './ingress-gateway';
import type { IIngressGateway } from './ingress-gateway-ref';

/** As much of a mesh as its gateway depends on. */
interface Named extends Construct {
  readonly name: string;
  readonly namespace?: string;
}

/** The gateway of `mesh`, made where none is given; undefined where its traffic passes none. */
export function gatewayOf(mesh: Named, props: HeaderRoutedMeshProps): IIngressGateway | undefined {
  const { gateway, gatewayOptions, traffic } = props;
  if (gateway !== undefined && !isGateway(gateway)) {
    refuse(
      mesh,
      `gateway ${show(gateway)} is not a gateway; make one with new IngressGateway, or name one that is there, as in IngressGateway.fromGatewayName(this, 'public', 'public', { namespace: 'istio-ingress' }).`,
    );
  }
  if (gateway !== undefined && gatewayOptions !== undefined) {
    refuse(mesh, 'gateway and gatewayOptions are both set; pass a gateway, or describe the one to make.');
  }
  if (traffic !== TrafficSource.MESH) {
    return gateway ?? ownGateway(mesh, props);
  }
  if (gateway !== undefined || gatewayOptions !== undefined) {
    refuse(
      mesh,
      'a gateway is set, but traffic is MESH, which passes none; leave it out, or set traffic to GATEWAY_AND_MESH.',
    );
  }
  return undefined;
}

/** How a VirtualService of `mesh` names the gateway. */
export function referenceTo({ gatewayName, gatewayNamespace }: IIngressGateway, mesh: Named): string {
  // 'mesh' alone is Istio's word for all sidecars; with its namespace it is a Gateway like any other.
  const isAtHome = gatewayNamespace === undefined || (gatewayNamespace === mesh.namespace && gatewayName !== 'mesh');
  return isAtHome ? gatewayName : `${gatewayNamespace}/${gatewayName}`;
}

/** Whether a gateway is known to serve all of these hosts by HTTPS, and by HTTP nothing but redirects there. */
export function servesHttpsOnly(gateway: IIngressGateway, hosts: readonly string[]): boolean {
  return IngressGateway._is(gateway) && hosts.every((host) => gateway._servesHttpsOnly(host));
}

/** The doors by which requests for such hosts come to their routes, as far as they are known by now. */
export function doorsOf(gateway: IIngressGateway | undefined, hosts: readonly string[]): Door[] {
  return IngressGateway._is(gateway) ? hosts.flatMap((host) => gateway._doorsFor(host)) : [];
}

/** Has synthesis fail where a Gateway of the mesh's app does not do for its hosts. */
export function expectServed(mesh: Named, hosts: readonly string[], gateway: IIngressGateway): void {
  if (isOfApp(gateway, mesh)) {
    gateway._expect(mesh, hosts);
  }
}

/**
 * Applied top to bottom, a subset is there before a route names it, and a Gateway comes between the two: after the service,
 * since a port that opens before anything stands behind it answers 404, and before the routes. One that is made in another
 * chart is left out: that chart may have to come later for a reason of its own, and routes without their Gateway do no harm.
 */
export function putInOrder(gateway: IIngressGateway | undefined, service: IConstruct, virtualService: ApiObject): void {
  const made = gateway !== undefined && isOfApp(gateway, virtualService) ? gateway.resource : undefined;
  const isAfterService = made !== undefined && Chart.of(made) === Chart.of(service);
  const isBeforeRoutes = made !== undefined && Chart.of(made) === Chart.of(virtualService);
  if (isAfterService) {
    made.addDependency(service);
  }
  if (isBeforeRoutes) {
    virtualService.addDependency(made);
  }
  // cdk8s follows each dependency from every object to every object, so none is said twice.
  if (!(isAfterService && isBeforeRoutes)) {
    virtualService.addDependency(service);
  }
}

function isGateway(value: IIngressGateway): boolean {
  return Construct.isConstruct(value) && typeof value.gatewayName === 'string';
}

function isOfApp(gateway: IIngressGateway, construct: IConstruct): gateway is IngressGateway {
  return IngressGateway._is(gateway) && gateway.node.root === construct.node.root;
}

function ownGateway(mesh: Named, { gatewayOptions = {}, hosts = [], api, labels, annotations }: HeaderRoutedMeshProps) {
  const given = GATEWAY.read(mesh, 'gatewayOptions', gatewayOptions);
  const options = {
    ...given,
    name: given.name ?? mesh.name,
    namespace: given.namespace ?? mesh.namespace,
    labels: { ...labels, ...given.labels },
    annotations: { ...annotations, ...given.annotations },
  };
  // Here, so that messages name the options as they are called here.
  checkGateway(mesh, 'gatewayOptions.', options);
  const gateway = new IngressGateway(mesh, 'Gateway', { ...options, api });
  gateway.addServer(hosts);
  return gateway;
}
