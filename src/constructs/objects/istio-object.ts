import { ApiObject, type ApiObjectMetadata, Lazy } from 'cdk8s';
import type { Construct } from 'constructs';
import type { DestinationRuleSpec, GatewaySpec, VirtualServiceSpec } from '../../../imports/networking.istio.io';
import type { RoutingApi } from './routing-api';

/**
 * An Istio object whose spec is asked for at synthesis, when all rules and versions are known.
 *
 * Only the types of the generated code are used. Its classes fix one API version and drop the fields that they do not know,
 * and with them a user's JSON patches; its serializers do what cdk8s does once more, which is to leave out what is undefined.
 */
export function istioObject(
  scope: Construct,
  id: string,
  props: { apiVersion: RoutingApi; metadata: ApiObjectMetadata } & KindAndSpec,
): ApiObject {
  return new ApiObject(scope, id, {
    apiVersion: props.apiVersion,
    kind: props.kind,
    metadata: props.metadata,
    spec: Lazy.any({ produce: props.spec }),
  });
}

type KindAndSpec =
  | { kind: 'DestinationRule'; spec: () => DestinationRuleSpec }
  | { kind: 'Gateway'; spec: () => GatewaySpec }
  | { kind: 'VirtualService'; spec: () => VirtualServiceSpec };
