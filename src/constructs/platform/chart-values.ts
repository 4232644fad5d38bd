/*
 * What is given for the values of a chart, held against those that it has.
 */
import type { IConstruct } from 'constructs';
import { closest, listOf } from '../../syntax/wording';
import { refuse, show } from '../objects/refuse';
import { isPlain } from '../objects/struct';
import type { ChartSource } from './istio-charts';
import type { ChartName, Release } from './release';

/** Values that charts read and do not list among their own; of the chart `gateway` none, since its schema refuses others. */
const UNLISTED: { readonly [chart in ChartName]?: readonly string[] } = {
  base: [],
  istiod: ['pilot', 'crlConfigMapName', 'terminationMessagePolicy', 'trafficDistribution'],
  cni: ['cni', 'global'],
  ztunnel: ['affinity', 'global', 'nodeSelector', 'ownerName', 'trustBundleName'],
};

/** Those that all charts read. */
const UNLISTED_IN_ALL = ['profile', 'platform', 'compatibilityVersion'];

/** Below which Istio's charts list their values. */
const DEFAULTS = '_internal_defaults_do_not_set';

/** Throws on values that the chart does not know, and where they leave the images to a chart of no release. */
export function checkValues(
  part: IConstruct,
  release: Release,
  source: ChartSource,
  valuesOfChart: () => unknown,
): void {
  const unlisted = UNLISTED[release.chart];
  if (unlisted === undefined) {
    return;
  }
  const listed = valuesOfChart();
  const { [DEFAULTS]: inner, ...outer } = isPlain(listed) ? listed : {};
  const defaults = { ...outer, ...(isPlain(inner) ? inner : {}) };
  const known = new Set([...Object.keys(defaults), ...UNLISTED_IN_ALL, ...unlisted]);
  refuseUnknown(part, release, source, [...known].sort());
  refuseUnreleased(part, release, defaults);
}

/** Charts without a schema take any value, and say nothing of one that they do not know. */
function refuseUnknown(
  part: IConstruct,
  { chart, values, given }: Release,
  source: ChartSource,
  known: readonly string[],
): void {
  const name = Object.keys(values).find((each) => !known.includes(each));
  if (name === undefined) {
    return;
  }
  if (!given.includes(name)) {
    const from = 'folder' in source ? source.folder : `${source.url} (${source.version})`;
    refuse(
      part,
      `chart '${chart}' from ${show(from)} does not know the value ${show(name)}, which this library writes: it is of a release of Istio that this library does not know; use charts of another, as 1.31.0.`,
    );
  }
  const near = closest(name, known);
  const help = near === undefined ? `it has ${listOf(known, 'and', known.length)}.` : `did you mean ${show(near)}?`;
  refuse(part, `values: chart '${chart}' has no value ${show(name)}, and would leave it aside without a word; ${help}`);
}

/** In Istio's sources the charts name images of whichever build was the last. Istio writes the release into those that it publishes. */
function refuseUnreleased(
  part: IConstruct,
  { chart, values }: Release,
  defaults: { readonly [name: string]: unknown },
): void {
  const [hub, tag] = ['hub', 'tag'].map((name) => imageValue(values, name) ?? imageValue(defaults, name) ?? '');
  const isLeft = (name: string, value: string) => imageValue(values, name) === undefined && MOVING.test(value);
  if ((isLeft('hub', hub) || isLeft('tag', tag)) && !String(values.image).includes('/')) {
    refuse(
      part,
      `chart '${chart}' is of no release, as those in Istio's sources are: its images would be those of ${hub} with the tag ${show(tag)}, whatever that is on the day; set hub and tag, as in hub: 'registry.istio.io/release', tag: '1.31.0', or take the charts of a release.`,
    );
  }
}

const MOVING = /^latest$|\/testing$/;

/** The one for all of Istio's images is below `global`, and the chart's own comes before it. */
function imageValue(values: { readonly [name: string]: unknown }, name: string): string | undefined {
  const all = isPlain(values.global) ? values.global[name] : undefined;
  return [values[name], all].find((value): value is string => typeof value === 'string' && value !== '');
}
