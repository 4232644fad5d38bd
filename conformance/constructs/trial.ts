/*
 * What a trial has to work with.
 */
import { App, Chart } from 'cdk8s';
import { VersionedService, type VersionOptions } from '../../src';
import type { Manifest } from '../manifest';
import type { Random } from '../random';
import { Bench, type BenchOptions, type Request, type Seen, type Start } from './bench';
import type { Verdict } from './verdict';

/** A fault of the constructs, to see that a trial finds it. */
export type Fault = (manifest: Manifest) => Manifest;

export interface Workshop {
  readonly options: BenchOptions;
  readonly random: Random;
  readonly fault?: Fault;
}

export interface Trial {
  readonly title: string;
  run(workshop: Workshop): Promise<readonly Verdict[]>;
}

export const NAMESPACE = 'shop';

/** A chart, on a bench for as long as `work` takes. */
export async function onBench<T>(
  { options, fault }: Workshop,
  build: (chart: Chart) => void,
  work: (bench: Bench) => Promise<T>,
  pods: readonly string[] = [],
): Promise<T> {
  const chart = new Chart(new App(), 'chart', { namespace: NAMESPACE });
  build(chart);
  const manifests = chart.toJson() as Manifest[];
  const bench = await Bench.open(options, fault === undefined ? manifests : manifests.map(fault), pods);
  try {
    return await work(bench);
  } finally {
    await bench.close();
  }
}

export function service(
  chart: Chart,
  name: string,
  versions: { readonly [version: string]: Partial<VersionOptions> },
): VersionedService {
  const made = new VersionedService(chart, name, {});
  for (const [version, options] of Object.entries(versions)) {
    made.addVersion(version, { image: `${name}:${version}`, replicas: 1, ...options });
  }
  return made;
}

/** The same request, once after the other. */
export async function again(bench: Bench, start: Start, request: Request, times: number): Promise<readonly Seen[]> {
  const seen: Seen[] = [];
  while (seen.length < times) {
    seen.push(await bench.ask(start, request));
  }
  return seen;
}

/** The version that answered, or what Envoy said by itself. */
export function answerOf({ status, flags, pod }: Seen): string {
  return pod === undefined ? `${status} ${flags ?? ''}`.trim() : (pod.labels.version ?? pod.name);
}
