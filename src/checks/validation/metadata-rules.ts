/*
 * Rules for the metadata of all of Istio's kinds (`validateMetadata`).
 */

import type { MeshObject } from '../../manifests/object';
import { childPath } from '../../manifests/path';
import { scalarText } from '../../syntax/scalar-text';
import { label, NOTHING, type Refusal } from './refusal';

const DRY_RUN = 'istio.io/dry-run';

/** What Istio writes for itself, and takes from nobody else. */
const INTERNAL = [
  'internal.istio.io/webhook-always-reject',
  'internal.istio.io/parents',
  'internal.istio.io/parent-namespace',
];

export function metadata(object: MeshObject): readonly Refusal[] {
  const { kind, node, annotations } = object;
  return [
    // The one kind whose name Istio itself looks at.
    ...(kind === 'Gateway' ? label(node.get('metadata').get('name'), 'name of the Gateway') : NOTHING),
    ...(annotations.size === 0 ? NOTHING : [...dryRun(object), ...internal(object)]),
  ];
}

function dryRun({ kind, node, annotations }: MeshObject): readonly Refusal[] {
  const value = annotations.get(DRY_RUN);
  if (value === undefined) {
    return NOTHING;
  }
  if (kind !== 'AuthorizationPolicy') {
    return at(DRY_RUN, `Only an AuthorizationPolicy can have ${DRY_RUN}, and a ${kind} cannot`, 'Take it out.');
  }
  const action = node.get('spec').get('action').value ?? 'ALLOW';
  if (action !== 'ALLOW' && action !== 'DENY') {
    return at(DRY_RUN, `An AuthorizationPolicy of action ${scalarText(action)} cannot have ${DRY_RUN}`, 'Take it out.');
  }
  return /^(?:1|t|T|TRUE|true|True|0|f|F|FALSE|false|False)$/.test(value)
    ? NOTHING
    : at(DRY_RUN, `${DRY_RUN} is '${value}', and must say yes or no`, `Write '${DRY_RUN}: "true"'.`);
}

function internal({ annotations }: MeshObject): readonly Refusal[] {
  return INTERNAL.filter((key) => annotations.has(key)).flatMap((key) =>
    at(key, `The annotation ${key} is for Istio's own use`, 'Take it out.'),
  );
}

function at(key: string, message: string, help: string): readonly Refusal[] {
  return [{ path: childPath('metadata.annotations', key), message, help }];
}
