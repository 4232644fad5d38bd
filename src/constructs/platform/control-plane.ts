/*
 * The control planes of an app, and the names by which namespaces and gateways ask for them.
 */
import type { IConstruct } from 'constructs';
import { listOf } from '../../syntax/wording';
import { brandOf } from '../objects/brand';
import { show } from '../objects/refuse';
import type { DataPlaneMode } from './istio-options';
import { DEFAULT_REVISION } from './namespace-labels';

/** What marks an Istiod. */
export const ISTIOD = brandOf('Istiod');

/** As much of an Istiod as says what it does for others. */
export interface ControlPlane extends IConstruct {
  readonly revision?: string;
  readonly revisionTags: string[];
  readonly dataPlane: DataPlaneMode;
  readonly cni: boolean;
}

/** The names by which a control plane can be asked for. */
export function namesOf({
  revision = DEFAULT_REVISION,
  revisionTags,
}: Pick<ControlPlane, 'revision' | 'revisionTags'>): string[] {
  return [revision, ...revisionTags];
}

/** Where control planes are, for a message. */
export function pathsOf(istiods: readonly ControlPlane[]): string {
  return listOf(
    istiods.map(({ node, revision }) =>
      revision === undefined ? node.path : `${node.path} of revision ${show(revision)}`,
    ),
  );
}

/** Whether a list, as in `1-30, prod`, has the name. */
export function isListed(list: unknown, name: string): boolean {
  return `${list ?? ''}`.split(',').some((listed) => listed.trim() === name);
}
