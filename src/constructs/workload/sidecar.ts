/*
 * Whether what is sent to a pod passes a sidecar.
 */
import { show } from '../objects/refuse';
import type { Labels } from './version-labels';

export interface PodMarks {
  readonly labels?: Labels;
  readonly annotations?: Labels;
}

const INJECT = 'sidecar.istio.io/inject';
const INTERCEPTION = 'sidecar.istio.io/interceptionMode';
const TAKEN = 'traffic.sidecar.istio.io/includeInboundPorts';
const LEFT_OUT = 'traffic.sidecar.istio.io/excludeInboundPorts';

/** As the injector reads them; empty is as if nothing were said. Whatever else is there has it inject nothing. */
const YES = ['', 'y', 'yes', 'true', 'on'];

/**
 * The label or annotation by which requests for a port of a pod pass no sidecar, as it is quoted in a message; undefined where
 * they pass one, if the namespace has sidecars at all.
 */
export function whatKeepsOffSidecar(port: number, { labels = {}, annotations = {} }: PodMarks): string | undefined {
  if (!YES.includes((labels[INJECT] ?? annotations[INJECT] ?? '').toLowerCase())) {
    // Where both are there, the label counts.
    return labels[INJECT] === undefined ? quoted('annotation', INJECT, annotations) : quoted('label', INJECT, labels);
  }
  if (annotations[INTERCEPTION] === 'NONE') {
    return quoted('annotation', INTERCEPTION, annotations);
  }
  const taken = portsIn(annotations[TAKEN] ?? '*');
  if (!taken.includes('*')) {
    // The ports that are left out are left out of all, and not of some.
    return taken.includes(String(port)) ? undefined : quoted('annotation', TAKEN, annotations);
  }
  return portsIn(annotations[LEFT_OUT] ?? '').includes(String(port))
    ? quoted('annotation', LEFT_OUT, annotations)
    : undefined;
}

function portsIn(list: string): string[] {
  return list.split(',').map((port) => port.trim());
}

function quoted(kind: string, key: string, from: Labels): string {
  return `${kind} ${key}: ${show(from[key])}`;
}
