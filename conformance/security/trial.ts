/*
 * One declaration from the library's constructs to what became of every call.
 */
import type { Manifest } from '../manifest';
import { Random } from '../random';
import { type Call, callsIn, isGateway } from './calls';
import { clientDeployment, manifestsFor } from './charts';
import { complaint, complaintsAboutCounts, describeCall } from './compare';
import type { Declaration } from './declaration';
import { clientsIn } from './generate';
import type { SecurityLaboratory, Translated } from './laboratory';

export interface Trial {
  readonly declaration: Declaration;
  readonly calls: readonly Call[];
  /** What was not as declared. */
  readonly complaints: readonly string[];
}

/** What changes a manifest before Istio gets it. */
export type Change = (manifest: Manifest) => Manifest | undefined;

/** Has Istio translate what the library makes of a declaration. */
export function translate(
  laboratory: SecurityLaboratory,
  declaration: Declaration,
  change: Change = (manifest) => manifest,
): Promise<Translated> {
  const made = manifestsFor(declaration, laboratory.ports.app)
    .map(change)
    .filter((manifest) => manifest !== undefined);
  const clients = clientsIn(declaration).map((client) => clientDeployment(client, isGateway(declaration, client)));
  return laboratory.translate([...made, ...clients], declaration.trustDomain);
}

/** @param seed for the names under which strangers call */
export async function trial(
  laboratory: SecurityLaboratory,
  declaration: Declaration,
  translated: Translated,
  seed: number,
): Promise<Trial> {
  const { cluster } = translated;
  const calls = callsIn(declaration, cluster, new Random(seed));
  const { replies, closed } = await laboratory.run(translated, calls);
  const complaints = calls.flatMap((call, index) => {
    const found = complaint(call, replies[index], translated, laboratory.ports);
    return found === undefined ? [] : [`${describeCall(call)}; seen: ${found}`];
  });
  return { declaration, calls, complaints: [...complaints, ...complaintsAboutCounts(calls, closed)] };
}
