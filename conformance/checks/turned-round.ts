/*
 * A check that says the opposite, to show that the comparison notices: it finds something in every rule where it finds nothing.
 */
import type { Finding, Severity } from '../../src/checks/finding';
import { namespaceOf } from '../cluster';
import type { Manifest } from '../manifest';
import type { FindingsOf } from './confirm';
import { specOf } from './marks';

export function turnedRound(check: string, findingsOf: FindingsOf): FindingsOf {
  return (mesh) => {
    const findings = findingsOf(mesh);
    const own = findings.filter((finding) => finding.check === check);
    const opposite = mesh.manifests
      .flatMap((manifest) => placesIn(manifest).map((path) => madeUp(check, manifest, path)))
      .filter(
        (made) =>
          !own.some(
            ({ namespace, name, path }) =>
              namespace === made.namespace && name === made.name && path.startsWith(made.path),
          ),
      );
    return [...findings.filter((finding) => !own.includes(finding)), ...opposite];
  };
}

/** The same for single objects. */
export function turnedRoundFor(check: string, findingsOf: (object: Manifest) => readonly Finding[]) {
  return (object: Manifest): readonly Finding[] => {
    const findings = findingsOf(object);
    const others = findings.filter((finding) => finding.check !== check);
    return others.length < findings.length ? others : [...others, madeUp(check, object, 'spec')];
  };
}

function placesIn(manifest: Manifest): readonly string[] {
  const { http = [] } = manifest.kind === 'VirtualService' ? specOf(manifest) : {};
  return http.map((_, index) => `spec.http[${index}]`);
}

function madeUp(check: string, object: Manifest, path: string): Finding {
  return {
    check,
    severity: 'error' as Severity,
    kind: object.kind,
    name: object.metadata.name,
    namespace: namespaceOf(object),
    path,
    message: 'Turned round.',
    help: '',
    istioCodes: ['IST0106'],
    kialiCodes: [],
  };
}
