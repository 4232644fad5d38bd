/*
 * The Service in front of a gateway's pods.
 */
import { ServiceType } from 'cdk8s-plus-27';
import type { Construct } from 'constructs';
import { complaintAboutDnsLabel, complaintAboutPort, complaintAboutServiceName } from '../../syntax/names';
import type { JsonValues } from '../objects/json-values';
import { refuse, refuseIf, show } from '../objects/refuse';
import { type FieldsOf, list, number, oneOf, required, Struct, text } from '../objects/struct';
import type { GatewayPodsOptions, GatewayPort } from './istio-options';
import { POD_FIELDS } from './pod-values';

export const GATEWAY_NAME = 'istio-ingressgateway';
export const GATEWAY_NAMESPACE = 'istio-ingress';

const PORT = new Struct<GatewayPort>('{ port: 80 }', {
  port: required(number, 'write the port of the Service, as in 80'),
  name: text,
  targetPort: number,
  nodePort: number,
});

/** For the structs that extend GatewayPodsOptions. */
export const GATEWAY_PODS_FIELDS: FieldsOf<GatewayPodsOptions> = {
  ...POD_FIELDS,
  name: text,
  namespace: text,
  serviceType: oneOf(ServiceType),
  ports: list(PORT, '[{ port: 80 }, { port: 443 }]'),
};

/** Of a release of Helm. */
const LONGEST_NAME = 53;

/** What Istio reserves in a gateway's pods: Envoy's and the agent's own ports. */
const STATUS_PORT = { name: 'status-port', port: 15021, protocol: 'TCP', targetPort: 15021 };
const RESERVED: readonly number[] = [15000, 15001, 15004, 15006, 15020, 15021, 15053, 15090];

const LONGEST_PORT_NAME = 15;

/** Throws on a name that the gateway's objects, and Helm's release of them, could not have. */
export function checkGatewayName(part: Construct, name: string): void {
  refuseIf(part, 'name', name, complaintAboutServiceName(name));
  if (name.length > LONGEST_NAME) {
    refuse(part, `name ${show(name)} has ${name.length} characters, and a release of Helm at most ${LONGEST_NAME}.`);
  }
}

/** The type of the Service, as the chart has it. */
export function serviceTypeOf(part: Construct, type: ServiceType | undefined): ServiceType | undefined {
  if (type === ServiceType.EXTERNAL_NAME) {
    refuse(part, 'serviceType EXTERNAL_NAME is a name for something elsewhere, and leads to no pods; choose another.');
  }
  return type;
}

/** The ports of the Service, the one of the gateway's own state first: load balancers ask the first whether it is well. */
export function portValues(
  part: Construct,
  ports: readonly GatewayPort[] | undefined,
  type: ServiceType | undefined,
): JsonValues[] | undefined {
  if (ports === undefined) {
    return undefined;
  }
  if (ports.length === 0) {
    refuse(
      part,
      'ports is empty, so nothing could reach the gateway; name its ports, or leave ports out for 80 and 443.',
    );
  }
  const named = ports.map((port) => ({ ...port, name: port.name ?? nameOf(port.port) }));
  named.forEach((port, index) => {
    checkPort(part, `ports[${index}]`, port, type);
  });
  for (const field of ['port', 'name', 'nodePort'] as const) {
    refuseTwice(part, field, named);
  }
  return [
    STATUS_PORT,
    ...named.map(({ name, port, targetPort = port, nodePort }) => ({
      name,
      port,
      protocol: 'TCP',
      targetPort,
      nodePort,
    })),
  ].map((port) => ({ ...port }));
}

function nameOf(port: number): string {
  return { 80: 'http2', 443: 'https' }[port] ?? `port-${port}`;
}

function checkPort(part: Construct, what: string, port: GatewayPort & { name: string }, type?: ServiceType): void {
  const { port: number, name, targetPort, nodePort } = port;
  refuseIf(part, `${what}.port`, number, complaintAboutPort(number));
  refuseIf(part, `${what}.name`, name, complaintAboutPortName(name));
  if (targetPort !== undefined) {
    refuseIf(part, `${what}.targetPort`, targetPort, complaintAboutPort(targetPort));
  }
  const [field, inPods] = targetPort === undefined ? ['port', number] : ['targetPort', targetPort];
  if (RESERVED.includes(inPods)) {
    refuse(
      part,
      `${what}.${field} ${inPods} is one on which the gateway's pods serve their own state; choose another.`,
    );
  }
  if (nodePort !== undefined) {
    refuseIf(part, `${what}.nodePort`, nodePort, complaintAboutPort(nodePort));
    if (type === ServiceType.CLUSTER_IP) {
      refuse(
        part,
        `${what}.nodePort ${nodePort} has no meaning for a ClusterIP Service; set serviceType to NODE_PORT or LOAD_BALANCER.`,
      );
    }
  }
}

function complaintAboutPortName(name: string): string | undefined {
  return name.length > LONGEST_PORT_NAME
    ? `has ${name.length} characters, and the name of a port here at most ${LONGEST_PORT_NAME}`
    : complaintAboutDnsLabel(name);
}

function refuseTwice(part: Construct, field: 'port' | 'name' | 'nodePort', ports: readonly GatewayPort[]): void {
  const values = [STATUS_PORT, ...ports].map((port: GatewayPort) => port[field]);
  const twice = values.findIndex((value, index) => value !== undefined && values.indexOf(value) !== index);
  if (twice > 0) {
    refuse(
      part,
      `ports[${twice - 1}].${field} ${show(values[twice])} is that of another port${values.indexOf(values[twice]) === 0 ? ', on which the gateway says that it is ready' : ''}; give each its own.`,
    );
  }
}
