/*
 * A release as the objects that its chart renders to.
 */
import { Construct } from 'constructs';
import { type Manifest, manifestObject } from '../objects/manifest-object';
import { refuse, show } from '../objects/refuse';
import { isPlain } from '../objects/struct';
import { withChart } from './chart-files';
import { checkValues } from './chart-values';
import { Helm } from './helm';
import type { Release, ReleaseSource } from './release';

/** Writes the objects of a release below its part. */
export function renderRelease(part: Construct, release: Release, { charts, helm: executable }: ReleaseSource): void {
  const source = charts._source();
  const helm = new Helm(part, executable, 'url' in source && source.url.startsWith('oci://'));
  const text = withChart(part, release.chart, source, helm, (path) => {
    checkValues(part, release, source, () => {
      const failure = `chart '${release.chart}' cannot be read: what helm prints of its values`;
      return documentsOf(part, helm.values(path), failure)[0];
    });
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
