/*
 * An annotation of Istio's that does not do what it says: Istio does not know it, does not look for it on such an object, cannot read its
 * value, or will drop it in a coming release.
 */

import { ISTIO_ANNOTATIONS, ISTIO_LABELS } from '../../../imports/istio.facts';
import { ISTIO } from '../../istio/release';
import { isServed } from '../../istio/served-kinds';
import { type MeshObject, nameOf } from '../../manifests/object';
import { closest, listOf } from '../../syntax/wording';
import type { Check, Observation } from '../check';
import { Severity } from '../finding';
import { expectedInstead } from './annotation-values';
import { istioAnnotations, type WrittenAnnotation } from './written-annotations';

export const istioAnnotation: Check = {
  id: 'istio-annotation',
  title: 'An Istio annotation without effect',
  severity: Severity.WARNING,
  istio: ['IST0107', 'IST0108', 'IST0125', 'IST0135'],
  kiali: [],
  literal: true,
  run(mesh, report) {
    for (const annotation of istioAnnotations(mesh).filter(({ object }) => !isOfIstio(object))) {
      const { object, path, key } = annotation;
      const found = Object.hasOwn(ISTIO_ANNOTATIONS, key)
        ? [misplaced(annotation), unreadable(annotation), deprecated(annotation)]
        : [unknown(annotation)];
      for (const words of found) {
        if (words !== undefined) {
          report({ object, path, ...words });
        }
      }
    }
  },
};

/** Whether one of Istio's own charts installs it: its users do not write the annotations there. */
function isOfIstio({ labels }: MeshObject): boolean {
  return labels.get('app.kubernetes.io/part-of') === 'istio' && labels.has('helm.sh/chart');
}

type Words = Omit<Observation, 'object' | 'path'>;

function unknown({ object, key }: WrittenAnnotation): Words {
  const istio = ['IST0108'];
  if (ISTIO_LABELS.includes(key)) {
    return {
      istio,
      message: `${key} is an annotation of ${nameOf(object)}, where it has no effect: Istio reads it as a label only.`,
      help: 'Move it to the labels.',
    };
  }
  const near = closest(key, [...Object.keys(ISTIO_ANNOTATIONS), ...ISTIO_LABELS]);
  return {
    istio,
    // A newer Istio may know it, unless it is clear what was meant.
    severity: near === undefined ? Severity.INFO : Severity.WARNING,
    message: `${ISTIO} does not know the annotation ${key}, so on ${nameOf(object)} it has no effect.`,
    help:
      near === undefined
        ? 'Take it out, or look up its name among the annotations of your Istio release.'
        : `Did you mean ${near}?`,
  };
}

function misplaced({ object, key, on, podAnnotations }: WrittenAnnotation): Words | undefined {
  const kinds = ISTIO_ANNOTATIONS[key].on;
  // With istio.io/dry-run, Istio refuses the object, which rejected-by-istio says.
  const isRefused = key === 'istio.io/dry-run' && object.group.endsWith('.istio.io');
  // An unknown kind may read the annotation.
  const isKnown = podAnnotations !== undefined || isServed(object);
  if (kinds.includes('Any') || kinds.includes(on) || isRefused || !isKnown) {
    return undefined;
  }
  const readers = listOf(kinds.map((kind) => (kind === 'Pod' ? 'pods' : `a ${kind}`)));
  const place = kinds.includes('Pod') && podAnnotations !== undefined ? podAnnotations : `a ${listOf(kinds, 'or')}`;
  return {
    istio: ['IST0107'],
    message: `Istio reads ${key} on ${readers} only; on ${on === 'Pod' ? 'the pods of ' : ''}${nameOf(object)} it has no effect.`,
    help: `Move it to ${place}.`,
  };
}

function unreadable({ object, key, value }: WrittenAnnotation): Words | undefined {
  const wanted = expectedInstead(key, value);
  return wanted === undefined
    ? undefined
    : {
        istio: ['IST0125'],
        message: `${key} on ${nameOf(object)} is '${value}', but must be ${wanted.expected}.`,
        help: `Write something like ${key}: ${wanted.example}.`,
      };
}

/** What takes the place of a deprecated annotation. */
const SUCCESSORS: ReadonlyMap<string, string> = new Map([
  ['sidecar.istio.io/inject', 'the label of the same name'],
  ['sidecar.istio.io/discoveryAddress', 'discoveryAddress in proxy.istio.io/config'],
  ['sidecar.istio.io/statsInclusionPrefixes', 'proxyStatsMatcher in proxy.istio.io/config'],
  ['sidecar.istio.io/statsInclusionSuffixes', 'proxyStatsMatcher in proxy.istio.io/config'],
  ['sidecar.istio.io/statsInclusionRegexps', 'proxyStatsMatcher in proxy.istio.io/config'],
  ['sidecar.istio.io/statsCompression', 'statsCompression in proxy.istio.io/config'],
  ['sidecar.istio.io/extraStatTags', 'extraStatTags in proxy.istio.io/config'],
  ['traffic.sidecar.istio.io/kubevirtInterfaces', 'istio.io/reroute-virtual-interfaces'],
]);

function deprecated({ object, key }: WrittenAnnotation): Words | undefined {
  const successor = SUCCESSORS.get(key);
  return ISTIO_ANNOTATIONS[key].deprecated !== true
    ? undefined
    : {
        istio: ['IST0135'],
        severity: Severity.INFO,
        message: `The annotation ${key} on ${nameOf(object)} is deprecated; a future release of Istio may ignore it.`,
        help:
          successor === undefined ? "Look up what replaces it in Istio's annotation reference." : `Use ${successor}.`,
      };
}
