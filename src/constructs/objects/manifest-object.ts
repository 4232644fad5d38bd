import { ApiObject, type ApiObjectProps, JsonPatch } from 'cdk8s';
import type { Construct } from 'constructs';
import { isClusterWide } from '../../syntax/cluster-wide';

/** A manifest, with all the fields of its kind. */
export interface Manifest extends ApiObjectProps {
  readonly [field: string]: unknown;
}

/** An object as its manifest has it. */
export function manifestObject(scope: Construct, id: string, manifest: Manifest): ApiObject {
  const object = new ApiObject(scope, id, manifest);
  if (isClusterWide(object.kind) && object.metadata.namespace !== undefined) {
    // A chart gives its namespace to every object; on one of the whole cluster the API server refuses it.
    object.addJsonPatch(JsonPatch.remove('/metadata/namespace'));
  }
  return object;
}
