/*
 * A Service's targetPort that the selected pods do not have. Certain for a name, which Kubernetes looks up among the containers'
 * ports. A number works whether a container names it or not, so there it is a warning, and only if the pods name other ports.
 */
import { nameOf } from '../../manifests/object';
import type { Service, ServicePort } from '../../model/service';
import { containersOf, podOf, type Workload } from '../../model/workload';
import { closest, listOf } from '../../syntax/wording';
import type { Check, Observation } from '../check';
import { Severity } from '../finding';

/** Ports of the sidecar, which no manifest names. */
const SIDECAR_PORTS = { first: 15000, last: 15099 };

export const serviceTargetPort: Check = {
  id: 'service-target-port',
  title: 'A Service leads to a port that its pods do not have',
  severity: Severity.WARNING,
  istio: [],
  kiali: ['KIA0701'],
  run(mesh, report) {
    for (const service of mesh.services) {
      if (service.selector === undefined || service.externalName !== undefined) {
        continue;
      }
      const workloads = mesh.workloadIndex
        .select(service.object.namespace, service.selector)
        .filter((workload) => !isFilledIn(workload));
      for (const port of workloads.length > 0 ? service.ports : []) {
        const found =
          typeof port.targetPort === 'string'
            ? byName(port.targetPort, workloads)
            : byNumber(port.targetPort, workloads);
        if (found !== undefined) {
          report({ object: service.object, path: pathOf(service, port), ...found });
        }
      }
    }
  },
};

type Words = Pick<Observation, 'message' | 'help' | 'severity'>;

/** Whether somebody adds containers, and so ports, to the pods: Istio's injection, where it makes the whole container. */
function isFilledIn(workload: Workload): boolean {
  return containersOf(workload).some((container) => container.get('image').string() === 'auto');
}

/** Whether the pods are a gateway, which listens wherever its Gateways say. */
function isGateway(workload: Workload): boolean {
  const containers = podOf(workload).get('spec').get('containers').maps();
  return containers.length > 0 && containers.every((container) => container.get('name').string() === 'istio-proxy');
}

function pathOf({ object }: Service, port: ServicePort): string {
  const written = object.node
    .get('spec')
    .get('ports')
    .maps()
    .find(({ path }) => path === port.path)
    ?.get('targetPort');
  return written?.present === true ? written.path : port.path;
}

function byName(name: string, workloads: readonly Workload[]): Words | undefined {
  const lacking = workloads.filter(({ containerPorts }) => !containerPorts.some((port) => port.name === name));
  if (lacking.length === 0) {
    return undefined;
  }
  const names = [...new Set(lacking.flatMap(({ containerPorts }) => containerPorts.map((port) => port.name)))].filter(
    Boolean,
  );
  const who = listOf(
    lacking.map(({ object }) => nameOf(object)),
    'and',
    3,
  );
  const near = closest(name, names) ?? names[0];
  return {
    severity: lacking.length === workloads.length ? Severity.ERROR : Severity.WARNING,
    message: `targetPort is the name '${name}', and no container of ${who} has a port of that name (${names.length === 0 ? 'none has a name' : listOf(names)}). Kubernetes sends these pods no traffic for it.`,
    help:
      near === undefined
        ? `Add 'name: ${name}' to the container's port, or write its number.`
        : `Write 'targetPort: ${near}', or give the container's port the name ${name}.`,
  };
}

function byNumber(number: number, workloads: readonly Workload[]): Words | undefined {
  const lacking = workloads.filter(
    (workload) =>
      workload.containerPorts.length > 0 &&
      !workload.containerPorts.some((port) => port.number === number) &&
      !isGateway(workload),
  );
  if (lacking.length === 0 || (number >= SIDECAR_PORTS.first && number <= SIDECAR_PORTS.last)) {
    return undefined;
  }
  const numbers = [...new Set(lacking.flatMap(({ containerPorts }) => containerPorts.map((port) => `${port.number}`)))];
  return {
    message: `The Service leads to port ${number} of the pods, and the containers of ${listOf(
      lacking.map(({ object }) => nameOf(object)),
      'and',
      3,
    )} name only ${listOf(numbers)}. Unless something listens on ${number} all the same, connections are refused and requests answered with 503.`,
    help: `Write 'targetPort: ${numbers[0]}', or add 'containerPort: ${number}' where the app listens on it.`,
  };
}
