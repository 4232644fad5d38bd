/*
 * Whether one object gets into a cluster, by the checks that look at no other.
 */
import type { MeshObject } from '../manifests/object';
import { MeshModel, type ModelOptions } from '../model/model';
import { type Finding, Severity } from './finding';
import { invalidRegex } from './rules/invalid-regex';
import { runChecks } from './run-checks';
import { mistypedField } from './validation/mistyped-field';
import { rejectedByIstio } from './validation/rejected-by-istio';
import { removedApiVersion } from './validation/removed-api-version';

const REFUSING = [removedApiVersion, mistypedField, rejectedByIstio, invalidRegex];

/** What the API server, or Istio's webhook, has against an object; undefined where it is nothing, or not certain. */
export function refusalOf({ raw, source }: MeshObject, options: ModelOptions): Finding | undefined {
  const alone = new MeshModel([{ raw, source }], options);
  return runChecks(alone, REFUSING).find(isRefusal);
}

/** By Istio's own word for objects that do not fit the schema. An invalid regex of a rewrite, say, only does nothing. */
function isRefusal({ check, istioCodes, severity }: Finding): boolean {
  return severity === Severity.ERROR && (istioCodes.includes('IST0106') || check === removedApiVersion.id);
}
