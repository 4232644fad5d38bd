/*
 * What Prometheus and Kiali have in common: one pod that reads the cluster and answers at one port. Its configuration is in a
 * ConfigMap, and a change of it makes a new pod.
 */
import { createHash } from 'node:crypto';
import { type ApiObjectMetadata, Duration, Yaml } from 'cdk8s';
import {
  ConfigMap,
  type Container,
  type ContainerResources,
  LabelSelector,
  Pod,
  Probe,
  ServiceAccount,
  Volume,
} from 'cdk8s-plus-27';
import type { Construct } from 'constructs';
import { complaintAboutImage } from '../../syntax/image';
import { complaintAboutDnsLabel } from '../../syntax/names';
import { checkResources } from '../objects/check-resources';
import { manifestObject } from '../objects/manifest-object';
import { metadataOf, recommendedLabels } from '../objects/object-options';
import { writeInFull } from '../objects/plus-object';
import { refuseIf } from '../objects/refuse';
import { CONTAINER_PORT_NAME, pullPolicyFor } from '../workload/app-container';
import { hardenPods } from '../workload/harden-pods';
import { HardenedDeployment } from '../workload/hardened-deployment';

/** The pod, and what it may read. */
export interface ReaderPod {
  /** The name of all of its objects. */
  readonly name: string;
  readonly namespace: string;
  readonly image: string;
  readonly resources: ContainerResources;
  /** The numeric user of the image, which names it in letters or not at all. */
  readonly user: number;
  readonly args: string[];
  readonly port: number;
  /** What is asked by `GET` whether the pod is ready, and whether it is alive. */
  readonly readyPath: string;
  readonly alivePath: string;
  /** What it may read of the whole cluster. */
  readonly rules: readonly ReadRule[];
  /** The file, and what is in it: the same for the same content. */
  readonly config: { readonly folder: string; readonly file: string; readonly content: object };
}

/** Kinds of objects that are read: one by one, all, and all changes, unless `verbs` says otherwise. */
export interface ReadRule {
  readonly apiGroups: readonly string[];
  readonly resources: readonly string[];
  readonly verbs?: readonly string[];
}

/** The objects of the pod; the container, for what else it mounts. */
export function addReaderPod(scope: Construct, pod: ReaderPod): Container {
  refuseIf(scope, 'namespace', pod.namespace, complaintAboutDnsLabel(pod.namespace));
  refuseIf(scope, 'image', pod.image, complaintAboutImage(pod.image));
  checkResources(scope, pod.resources);
  addAccount(scope, pod);
  const text = Yaml.stringify(pod.config.content);
  addObject(scope, pod, { apiVersion: 'v1', kind: 'ConfigMap', data: { [pod.config.file]: text } });
  const container = addDeployment(scope, pod, createHash('sha256').update(text).digest('hex'));
  addObject(scope, pod, {
    apiVersion: 'v1',
    kind: 'Service',
    spec: {
      type: 'ClusterIP',
      selector: selectorOf(pod),
      ports: [{ name: CONTAINER_PORT_NAME, port: pod.port, targetPort: CONTAINER_PORT_NAME }],
    },
  });
  return container;
}

function addAccount(scope: Construct, pod: ReaderPod): void {
  const { name, namespace } = pod;
  addObject(scope, pod, { apiVersion: 'v1', kind: 'ServiceAccount', automountServiceAccountToken: false });
  const rules = pod.rules.map((rule) => ({ verbs: ['get', 'list', 'watch'], ...rule }));
  // Roles of the whole cluster are called by namespace and name: others may have a `prometheus`, too.
  const ofCluster = `${namespace}-${name}`;
  const apiVersion = 'rbac.authorization.k8s.io/v1';
  addObject(scope, pod, { apiVersion, kind: 'ClusterRole', rules }, ofCluster);
  addObject(
    scope,
    pod,
    {
      apiVersion,
      kind: 'ClusterRoleBinding',
      roleRef: { apiGroup: 'rbac.authorization.k8s.io', kind: 'ClusterRole', name: ofCluster },
      subjects: [{ kind: 'ServiceAccount', name, namespace }],
    },
    ofCluster,
  );
}

function addDeployment(scope: Construct, pod: ReaderPod, checksum: string): Container {
  const { name, port, config } = pod;
  const deployment = new HardenedDeployment(scope, 'Deployment', {
    metadata: metadataFor(scope, pod),
    select: false,
    podMetadata: {
      // By the recommended label, istioctl finds Prometheus.
      labels: { ...selectorOf(pod), ...recommendedLabels({ app: name }), 'sidecar.istio.io/inject': 'false' },
      annotations: { 'checksum/config': checksum },
    },
    replicas: 1,
    securityContext: { ensureNonRoot: true, user: pod.user, group: pod.user, fsGroup: pod.user },
    serviceAccount: ServiceAccount.fromServiceAccountName(scope, 'Account', name),
    automountServiceAccountToken: true,
  });
  writeInFull(deployment);
  // A hash of the path by default.
  deployment.podMetadata.addLabel(Pod.ADDRESS_LABEL, name);
  deployment.select(LabelSelector.of({ labels: selectorOf(pod) }));
  const regular = { port, periodSeconds: Duration.seconds(10), failureThreshold: 3 };
  const starting = { port, periodSeconds: Duration.seconds(2), failureThreshold: 60 };
  const container = deployment.addContainer({
    name,
    image: pod.image,
    imagePullPolicy: pullPolicyFor(pod.image),
    args: pod.args,
    ports: [{ number: port, name: CONTAINER_PORT_NAME }],
    readiness: Probe.fromHttpGet(pod.readyPath, regular),
    liveness: Probe.fromHttpGet(pod.alivePath, regular),
    startup: Probe.fromHttpGet(pod.alivePath, starting),
    resources: pod.resources,
    securityContext: { ensureNonRoot: true, readOnlyRootFilesystem: true, allowPrivilegeEscalation: false },
  });
  const written = ConfigMap.fromConfigMapName(scope, 'WrittenConfig', name);
  container.mount(config.folder, Volume.fromConfigMap(scope, 'Config', written, { name: 'config' }), {
    readOnly: true,
  });
  hardenPods(deployment, { spread: false, selector: selectorOf(pod) });
  return container;
}

function addObject(
  scope: Construct,
  pod: ReaderPod,
  object: { readonly apiVersion: string; readonly kind: string; readonly [field: string]: unknown },
  name?: string,
): void {
  manifestObject(scope, object.kind, { ...object, metadata: metadataFor(scope, pod, name) });
}

function metadataFor(scope: Construct, { name: app, namespace }: ReaderPod, name = app): ApiObjectMetadata {
  return metadataOf(scope, {}, { name, namespace, partOf: { app } });
}

function selectorOf({ name }: ReaderPod): { [key: string]: string } {
  return { app: name };
}
