import { ApiObject, type ApiObjectMetadata, Lazy } from 'cdk8s';
import type { Construct } from 'constructs';
import type { IstioApiVersion } from './istio-api-version';

/**
 * An Istio object whose spec is asked for at synthesis, when all rules and versions are known.
 *
 * The generated classes are passed by, their serializers are not: the classes fix one API version and drop the fields that
 * they do not know, and with them a user's JSON patches.
 */
export function istioObject(
  scope: Construct,
  id: string,
  props: { kind: string; apiVersion: IstioApiVersion; metadata: ApiObjectMetadata; spec: () => unknown },
): ApiObject {
  return new ApiObject(scope, id, {
    apiVersion: props.apiVersion,
    kind: props.kind,
    metadata: props.metadata,
    spec: Lazy.any({ produce: props.spec }),
  });
}
