/*
 * What Istio's validation refuses, and what the checks say that it refuses: the same objects, or one of the two is wrong.
 */
import type { Finding } from '../../src/checks/finding';
import { Mesh } from '../../src/mesh';
import type { AdmissionVerdict, ControlPlane } from '../control-plane';
import type { Manifest } from '../manifest';

/** Checks that repeat what Istio's webhook does. What they find, it refuses. */
const OF_THE_WEBHOOK = new Set(['rejected-by-istio', 'gateway-short-host', 'invalid-regex', 'delegate-dropped']);
/** Checks that repeat what the API server does with Istio's schema. The webhook never sees what they find. */
const OF_THE_SCHEMA = new Set(['mistyped-field', 'unknown-field']);

export type Disagreement =
  | 'refused, and no check says so'
  | 'admitted, and a check says that it is refused'
  | 'warned of, and no check says so'
  | 'not warned of, and a check says so';

/** What the checks leave to Istio, by its words: that an expression is one of CEL takes a parser of CEL. */
const LEFT_TO_ISTIO = [/^must be a valid CEL expression/];

export interface Judged {
  readonly object: Manifest;
  readonly verdict: AdmissionVerdict;
  readonly findings: readonly Finding[];
  /** Whether the schema lets it come to the webhook. */
  readonly fitsSchema: boolean;
  readonly disagreement?: Disagreement;
  /** Why a disagreement does not count. */
  readonly excuse?: 'left to Istio by design' | 'Istio itself answers now so, now so';
}

/** How often Istio is asked again where a check disagrees: some of its answers depend on the order of a map in Go. */
const TIMES_ASKED_AGAIN = 12;

export async function admitAll(
  controlPlane: ControlPlane,
  objects: readonly Manifest[],
  check: (object: Manifest) => readonly Finding[] = findingsOf,
): Promise<readonly Judged[]> {
  const verdicts = await controlPlane.admit(objects);
  const judged = objects.map((object, index) => judge(object, verdicts[index], check(object)));
  return Promise.all(judged.map((each) => (each.disagreement === undefined ? each : excused(controlPlane, each))));
}

async function excused(controlPlane: ControlPlane, judged: Judged): Promise<Judged> {
  const { disagreement: _, ...rest } = judged;
  if (messagesOf(judged.verdict.refused).every(isLeftToIstio) && messagesOf(judged.verdict.refused).length > 0) {
    return { ...rest, excuse: 'left to Istio by design' };
  }
  const again = await controlPlane.admit(Array.from({ length: TIMES_ASKED_AGAIN }, () => judged.object));
  const isRefused = (verdict: AdmissionVerdict) => (verdict.unreadable ?? verdict.refused) !== undefined;
  return again.some((verdict) => isRefused(verdict) !== isRefused(judged.verdict))
    ? { ...rest, excuse: 'Istio itself answers now so, now so' }
    : judged;
}

function isLeftToIstio(message: string): boolean {
  return LEFT_TO_ISTIO.some((words) => words.test(message));
}

/** The single messages of Istio's, without the lines that count them and those that go on. */
function messagesOf(text = ''): readonly string[] {
  const lines = text.split('\n').map((line) => line.replace(/^[\s*]+/, ''));
  return lines.filter((line) => line !== '' && !/errors? occurred|^\| /.test(line));
}

export function findingsOf(object: Manifest): readonly Finding[] {
  return Mesh.fromManifests([object]).check();
}

function judge(object: Manifest, verdict: AdmissionVerdict, findings: readonly Finding[]): Judged {
  const fitsSchema = !findings.some(({ check, severity }) => OF_THE_SCHEMA.has(check) && severity === 'error');
  const refused = verdict.unreadable !== undefined || verdict.refused !== undefined;
  const saysRefused = findings.some(
    ({ check, istioCodes }) => OF_THE_WEBHOOK.has(check) && istioCodes.includes('IST0106'),
  );
  const saysWarned = findings.some(({ check }) => check === 'questioned-by-istio');
  return { object, verdict, findings, fitsSchema, disagreement: disagreement() };

  function disagreement(): Disagreement | undefined {
    if (!fitsSchema) {
      return undefined;
    }
    if (refused !== saysRefused) {
      return refused ? 'refused, and no check says so' : 'admitted, and a check says that it is refused';
    }
    // Of what is refused, nobody reads the warnings.
    const warned = warningsOf(verdict).length > 0;
    return refused || warned === saysWarned
      ? undefined
      : warned
        ? 'warned of, and no check says so'
        : 'not warned of, and a check says so';
  }
}

/** Of rules that get no request, Istio warns too; that is the business of unreachable-rule, which decides it in another way. */
function warningsOf({ warned = '' }: AdmissionVerdict): readonly string[] {
  const lines = warned.split('\n').filter((line) => line.trim() !== '' && !/errors? occurred/.test(line));
  return lines.filter((line) => !/ not used | not used$/.test(line));
}
