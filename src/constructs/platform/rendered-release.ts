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
  const helm = new Helm(part, executable);
  const text = withChart(part, release.chart, charts._source(), helm, (path) => {
    refuseUnknownValues(part, release, () => helm.values(path));
    return helm.template(release, path);
  });
  // One level further down: the names of objects are anybody's, and those of the part's own children are not.
  const objects = new Construct(part, 'Objects');
  for (const manifest of documentsOf(text)) {
    addObject(objects, manifest as Manifest);
  }
}

function addObject(scope: Construct, manifest: Manifest): void {
  const { apiVersion, kind, metadata } = manifest;
  const id = [kind, metadata?.namespace, metadata?.name].filter(Boolean).join('-');
  const isTaken = scope.node.tryFindChild(id) !== undefined;
  manifestObject(scope, isTaken ? `${id}-${apiVersion}` : id, manifest);
}

/** Charts without a schema take any value, and say nothing of one that they do not know. */
function refuseUnknownValues(part: Construct, { chart, values }: Release, valuesOfChart: () => string): void {
  const unlisted = UNLISTED[chart];
  if (unlisted === undefined) {
    return;
  }
  const [listed] = documentsOf(valuesOfChart());
  const defaults = isPlain(listed) && isPlain(listed[DEFAULTS]) ? listed[DEFAULTS] : {};
  const all = new Set([...Object.keys({ ...listed, ...defaults }), ...UNLISTED_IN_ALL, ...unlisted]);
  all.delete(DEFAULTS);
  const known = [...all].sort();
  const name = Object.keys(values).find((given) => !known.includes(given));
  if (name !== undefined) {
    const near = closest(name, known);
    const help = near === undefined ? `it has ${listOf(known, 'and', known.length)}.` : `did you mean ${show(near)}?`;
    refuse(
      part,
      `values: chart '${chart}' has no value ${show(name)}, and would leave it aside without a word; ${help}`,
    );
  }
}

function documentsOf(text: string): object[] {
  // Loaded on first use: apps without a platform have no YAML to read.
  const { loadAll } = require('js-yaml') as typeof import('js-yaml');
  const { AS_KUBECTL_READS } = require('../../syntax/kubectl-yaml') as typeof import('../../syntax/kubectl-yaml');
  return loadAll(text, { schema: AS_KUBECTL_READS }).filter((document): document is object => isPlain(document));
}
