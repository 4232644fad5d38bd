/*
 * What a check is. One file a check, one page docs/checks/<id>.md; all of them are listed in all-checks.ts.
 */

import type { MeshObject } from '../manifests/object';
import type { MeshModel } from '../model/model';
import type { Severity } from './finding';

export interface Check {
  /** Lower-case words joined by '-'. Never changes: people write it into annotations. */
  readonly id: string;
  /** What it finds, as a heading. */
  readonly title: string;
  /** Of its findings, unless one says otherwise. An error is certain to fail or to have no effect. */
  readonly severity: Severity;
  /** `istioctl analyze`'s ids for the same thing. */
  readonly istio: readonly string[];
  /** Kiali's ids for the same thing. */
  readonly kiali: readonly string[];
  /** The check reports what is written, not what follows from it. So it also runs on an object that cannot be read in part. */
  readonly literal?: true;
  /** `previous`: the state before, for checks of the step from there; absent where only one state is looked at. */
  run(mesh: MeshModel, report: Report, previous?: MeshModel): void;
}

/** Where a finding is, and what it says. */
export interface Observation {
  readonly object: MeshObject;
  /** Path inside the object; empty for the whole. */
  readonly path: string;
  /** What is wrong and why it hurts. */
  readonly message: string;
  /** What to write instead. */
  readonly help: string;
  readonly severity?: Severity;
  /** Where only some findings of the check have a counterpart. */
  readonly istio?: readonly string[];
  readonly kiali?: readonly string[];
}

export type Report = (observation: Observation) => void;
