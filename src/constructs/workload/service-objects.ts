/*
 * The Services and DestinationRules of a VersionedService: one of each for all versions, and under Services one for each.
 */
import { ApiObject, type ApiObjectMetadata, JsonPatch } from 'cdk8s';
import { k8s, Service, type ServiceType } from 'cdk8s-plus-27';
import type { Construct } from 'constructs';
import type { DestinationRuleSpec } from '../../../imports/networking.istio.io';
import { complaintAboutServiceName } from '../../syntax/names';
import { istioObject } from '../objects/istio-object';
import { noteElsewhere } from '../objects/note-elsewhere';
import { metadataOf, type ObjectOptions } from '../objects/object-options';
import { writeInFull } from '../objects/plus-object';
import { RoutingApi } from '../objects/routing-api';
import { CONTAINER_PORT_NAME } from './app-container';
import type { Labels } from './version-labels';
import type { VersionedServiceProps } from './versioned-service-options';

/** What the objects of one VersionedService have in common. */
export interface Common {
  readonly owner: Construct;
  readonly namespace?: string;
  readonly app: string;
  readonly port: number;
  readonly props: VersionedServiceProps;
}

/** One object: of all versions, where none is said. What comes later among `more` wins. */
export interface OneObject {
  readonly name: string;
  readonly version?: string;
  /** What it refers to and somebody else makes. */
  readonly elsewhere?: readonly string[];
  readonly more?: readonly (ObjectOptions | undefined)[];
}

export function makeService(
  scope: Construct,
  id: string,
  common: Common,
  options: OneObject & { selector: Labels; serviceType?: ServiceType },
): Service {
  const { port, props } = common;
  const service = new Service(scope, id, {
    metadata: metadata(common, options),
    type: options.serviceType,
    ports: [{ port, targetPort: props.targetPort, name: props.portName ?? 'http' }],
  });
  writeInFull(service);
  for (const [key, value] of Object.entries(options.selector)) {
    service.selectLabel(key, value);
  }
  if (props.targetPort === undefined) {
    // cdk8s-plus has only numbers for it.
    const byName = k8s.IntOrString.fromString(CONTAINER_PORT_NAME);
    ApiObject.of(service).addJsonPatch(JsonPatch.add('/spec/ports/0/targetPort', byName));
  }
  return service;
}

export function makeDestinationRule(
  scope: Construct,
  common: Common,
  options: OneObject & { spec: () => DestinationRuleSpec },
): ApiObject {
  return istioObject(scope, 'DestinationRule', {
    kind: 'DestinationRule',
    apiVersion: common.props.api ?? RoutingApi.ISTIO_V1,
    metadata: metadata(common, options),
    spec: options.spec,
  });
}

function metadata(common: Common, { name, version, elsewhere, more = [] }: OneObject): ApiObjectMetadata {
  const { app, namespace, owner, props } = common;
  const all = [props, ...more];
  const made = metadataOf(
    owner,
    {
      labels: Object.assign({}, ...all.map((options) => options?.labels)),
      annotations: Object.assign({}, ...all.map((options) => options?.annotations)),
    },
    { name, namespace, labels: version === undefined ? { app } : { app, version }, partOf: { app, version } },
    complaintAboutServiceName,
  );
  return elsewhere === undefined ? made : noteElsewhere(made, () => elsewhere);
}
