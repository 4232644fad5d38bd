/*
 * For each of Istio's kinds, objects in order that use nearly every field: one change to such an object shows one rule, where an
 * object that is wrong throughout is refused for whatever comes first.
 */
import type { Manifest } from '../manifest';
import { WHOLE_POLICIES } from './whole-policies';
import { WHOLE_ROUTES } from './whole-routes';
import { WHOLE_TRAFFIC } from './whole-traffic';

/** By group, version and kind. */
export interface WholeSpec {
  readonly apiVersion: string;
  readonly kind: string;
  readonly spec: object;
  readonly labels?: { readonly [key: string]: string };
  readonly annotations?: { readonly [key: string]: string };
}

export const WHOLE_OBJECTS: readonly Manifest[] = [...WHOLE_ROUTES, ...WHOLE_TRAFFIC, ...WHOLE_POLICIES].map(
  ({ apiVersion, kind, spec, labels, annotations }) => ({
    apiVersion,
    kind,
    metadata: { name: 'whole', namespace: 'apps', labels, annotations },
    spec,
  }),
);
