/*
 * A routing test case: requests, and what is expected of the decisions about them.
 */

import type { RouteDecision } from '../envoy/decision';
import type { RouteRequest } from '../envoy/request';
import type { Mesh } from '../mesh';
import { RequestError } from '../proxy/request-error';
import { type Allowance, doubtsAbout } from './without-doubt';

export interface RoutingCase extends Allowance {
  readonly name: string;
  /** The requests to ask about. May need the mesh, where a case does not say by which door a request comes in. */
  requests(mesh: Mesh): readonly RouteRequest[];
  /** What is not as expected: a sentence each. */
  complaints(decision: RouteDecision, mesh: Mesh): readonly string[];
}

/** The cases of one file. */
export interface CaseFile {
  readonly file: string;
  readonly cases: readonly RoutingCase[];
  /** The mesh in which these cases are to be asked. */
  prepare(mesh: Mesh): Mesh;
}

/** Requests whose decisions are not as expected, all for the same reason. */
export interface CaseFailure {
  readonly requests: readonly RouteRequest[];
  readonly complaints: readonly string[];
  /** The decision about the first, and what led to it; empty when the request itself made no sense. */
  readonly explanation: string;
}

export interface CaseResult {
  readonly file: string;
  readonly name: string;
  readonly requests: readonly RouteRequest[];
  /** Empty: the case has passed. */
  readonly failures: readonly CaseFailure[];
}

/** Asks every case, in order. */
export function runCases(mesh: Mesh, files: readonly CaseFile[]): readonly CaseResult[] {
  return files.flatMap(({ file, cases, prepare }) => {
    const prepared = prepare(mesh);
    return cases.map((each) => runCase(prepared, file, each));
  });
}

function runCase(mesh: Mesh, file: string, each: RoutingCase): CaseResult {
  const requests = each.requests(mesh);
  const failures = new Map<string, CaseFailure>();
  for (const request of requests) {
    const asked = ask(mesh, each, request);
    if (asked.complaints.length > 0) {
      const key = asked.complaints.join('\n');
      const alike = failures.get(key) ?? { ...asked, requests: [] };
      failures.set(key, { ...alike, requests: [...alike.requests, request] });
    }
  }
  return { file, name: each.name, requests, failures: [...failures.values()] };
}

function ask(mesh: Mesh, each: RoutingCase, request: RouteRequest): Omit<CaseFailure, 'requests'> {
  try {
    const decision = mesh.route(request);
    const complaints = [...each.complaints(decision, mesh), ...doubtsAbout(decision, each, 'allowRefused: true')];
    return { complaints, explanation: complaints.length === 0 ? '' : decision.explain() };
  } catch (error) {
    if (error instanceof RequestError) {
      return { complaints: [error.message], explanation: '' };
    }
    throw error;
  }
}
