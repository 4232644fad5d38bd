/*
 * Rules for the metadata of all of Istio's kinds (`validateMetadata`).
 */

import type { MeshObject } from '../../manifests/object';
import { childPath } from '../../manifests/path';
import { scalarText } from '../../syntax/scalar-text';
import { label } from './common-rules';
import { at, NOTHING, type Refusal } from './refusal';

const DRY_RUN = 'istio.io/dry-run';

/** What Istio writes for itself, and takes from nobody else. */
const INTERNAL = [
  'internal.istio.io/webhook-always-reject',
  'internal.istio.io/parents',
  'internal.istio.io/parent-namespace',
];

/** The one kind whose name Istio itself looks at. */
const gatewayName = at('metadata.name', label('name of the Gateway'));

export function metadata(object: MeshObject): readonly Refusal[] {
  const { kind, node, annotations } = object;
  return [
    ...(kind === 'Gateway' ? gatewayName(node) : NOTHING),
    ...(annotations.has(DRY_RUN) ? dryRun(object) : NOTHING),
    ...INTERNAL.filter((key) => annotations.has(key)).flatMap((key) =>
      inAnnotation(key, `The annotation ${key} is for Istio's own use`, 'Take it out.'),
    ),
  ];
}

function dryRun({ kind, node, annotations }: MeshObject): readonly Refusal[] {
  const value = annotations.get(DRY_RUN) ?? '';
  if (kind !== 'AuthorizationPolicy') {
    return inAnnotation(
      DRY_RUN,
      `Only an AuthorizationPolicy can have ${DRY_RUN}, and a ${kind} cannot`,
      'Take it out.',
    );
  }
  const action = scalarText(node.get('spec').get('action').value ?? 'ALLOW');
  if (action !== 'ALLOW' && action !== 'DENY') {
    return inAnnotation(DRY_RUN, `An AuthorizationPolicy of action ${action} cannot have ${DRY_RUN}`, 'Take it out.');
  }
  return /^(?:1|t|T|TRUE|true|True|0|f|F|FALSE|false|False)$/.test(value)
    ? NOTHING
    : inAnnotation(DRY_RUN, `${DRY_RUN} is '${value}', but must be true or false`, `Write '${DRY_RUN}: "true"'.`);
}

function inAnnotation(key: string, message: string, help: string): readonly Refusal[] {
  return [{ path: childPath('metadata.annotations', key), message, help }];
}
