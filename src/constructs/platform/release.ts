/*
 * Releases of Istio's charts: what every part of the platform is, whoever installs it.
 */
import type { Construct, IConstruct } from 'constructs';
import type { JsonValues } from '../objects/json-values';
import type { IstioCharts } from './istio-charts';

/** The charts, by their names. */
export type ChartName = 'base' | 'istiod' | 'cni' | 'ztunnel' | 'gateway';

/** One release of a chart: what `helm install NAME CHART -n NAMESPACE -f VALUES` would have. */
export interface Release {
  readonly name: string;
  readonly chart: ChartName;
  readonly namespace: string;
  readonly values: JsonValues;
  /** The names, among those of `values`, that the user wrote. */
  readonly given: readonly string[];
}

/** Where a release's chart is had from, and the command that renders it. */
export interface ReleaseSource {
  readonly charts: IstioCharts;
  readonly helm: string;
}

/** Writes a release below the part whose it is. What is thrown takes the part out of the tree. */
export type Deliver = (part: Construct, release: Release, source: ReleaseSource) => void;

/** On a part, whichever copy of this library made it. */
const RELEASE = Symbol.for('cdk8s-versioned-mesh.release');

/** Says of which release a part is. */
export function noteRelease(part: Construct, release: Release): void {
  Object.defineProperty(part, RELEASE, { value: release });
}

/** The release of a part; undefined for constructs that are none. */
export function releaseOf(part: IConstruct): Release | undefined {
  return (part as { readonly [RELEASE]?: Release })[RELEASE];
}

/**
 * The parts that `part` depends on (`node.addDependency`), itself or by its objects, in the order in which that was said. To be
 * asked when the app synthesizes, from a Lazy: before that, not all may have been said.
 */
export function partsBefore(part: IConstruct): IConstruct[] {
  const before = part.node.findAll().flatMap(({ node }) => node.dependencies);
  return [...new Set(before.flatMap(({ node }) => node.scopes))].filter(
    (other) => other !== part && releaseOf(other) !== undefined,
  );
}
