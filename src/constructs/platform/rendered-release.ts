/*
 * A release as the objects that its chart renders to.
 */
import { Construct } from 'constructs';
import { closest, listOf } from '../../syntax/wording';
import { type Manifest, manifestObject } from '../objects/manifest-object';
import { refuse, show } from '../objects/refuse';
import { isPlain } from '../objects/struct';
import { withChart } from './chart-files';
import { Helm } from './helm';
import type { ChartSource } from './istio-charts';
import type { ChartName, Release, ReleaseSource } from './release';

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

/** Writes the objects of a release below its part. */
export function renderRelease(part: Construct, release: Release, { charts, helm: executable }: ReleaseSource): void {
  const source = charts._source();
  const helm = new Helm(part, executable, 'url' in source && source.url.startsWith('oci://'));
  const text = withChart(part, release.chart, source, helm, (path) => {
    refuseUnknownValues(part, release, source, () => helm.values(path));
    return helm.template(release, path);
  });
  const failure = `chart '${release.chart}' cannot be rendered: what helm ${show(executable)} prints`;
  const manifests = documentsOf(part, text, failure);
  if (manifests.length === 0) {
    refuse(part, `${failure} has no objects; set helm to the path of Helm, or fetch the chart anew.`);
  }
  // One level further down: the names of objects are anybody's, and those of the part's own children are not.
  const objects = new Construct(part, 'Objects');
  for (const manifest of manifests) {
    if (!isManifest(manifest)) {
      refuse(
        part,
        `${failure} has ${show(JSON.stringify(manifest))}, which is no object of Kubernetes, with apiVersion, kind and metadata.name; set helm to the path of Helm, or fetch the chart anew.`,
      );
    }
    addObject(objects, manifest);
  }
}

function isManifest(document: unknown): document is Manifest {
  const { apiVersion, kind, metadata } = (isPlain(document) ? document : {}) as Partial<Manifest>;
  return [apiVersion, kind, isPlain(metadata) ? metadata.name : undefined].every(
    (text) => typeof text === 'string' && text !== '',
  );
}

function addObject(scope: Construct, manifest: Manifest): void {
  const { apiVersion, kind, metadata } = manifest;
  const id = [kind, metadata?.namespace, metadata?.name].filter(Boolean).join('-');
  const isTaken = scope.node.tryFindChild(id) !== undefined;
  manifestObject(scope, isTaken ? `${id}-${apiVersion}` : id, manifest);
}

/** Charts without a schema take any value, and say nothing of one that they do not know. */
function refuseUnknownValues(
  part: Construct,
  { chart, values, given }: Release,
  source: ChartSource,
  valuesOfChart: () => string,
): void {
  const unlisted = UNLISTED[chart];
  if (unlisted === undefined) {
    return;
  }
  const [listed] = documentsOf(
    part,
    valuesOfChart(),
    `chart '${chart}' cannot be read: what helm prints of its values`,
  );
  const known = [...new Set([...namesIn(listed), ...UNLISTED_IN_ALL, ...unlisted])].sort();
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

/** The values that a chart lists. */
function namesIn(listed: unknown): string[] {
  if (!isPlain(listed)) {
    return [];
  }
  const { [DEFAULTS]: defaults, ...others } = listed;
  return Object.keys({ ...others, ...(isPlain(defaults) ? defaults : {}) });
}

/** Those that are not empty. Throws on text that is no YAML, with `failure` before what is wrong. */
function documentsOf(part: Construct, text: string, failure: string): unknown[] {
  // Loaded on first use: apps without a platform have no YAML to read.
  const { loadAll } = require('js-yaml') as typeof import('js-yaml');
  const { AS_KUBECTL_READS } = require('../../syntax/kubectl-yaml') as typeof import('../../syntax/kubectl-yaml');
  try {
    return loadAll(text, { schema: AS_KUBECTL_READS }).filter(
      (document) => document !== undefined && document !== null,
    );
  } catch (error) {
    const { reason = String(error), mark } = error as { reason?: string; mark?: { line: number } };
    const line = mark === undefined ? '' : ` in line ${mark.line + 1}`;
    refuse(part, `${failure} is no YAML${line} (${reason}); set helm to the path of Helm, or fetch the chart anew.`);
  }
}
