/*
 * A release as the objects that its chart renders to.
 */
import { Construct } from 'constructs';
import { type Manifest, manifestObject } from '../objects/manifest-object';
import { isPlain } from '../objects/struct';
import { withChart } from './chart-files';
import { checkValues } from './chart-values';
import { Helm } from './helm';
import type { Release, ReleaseSource } from './release';

/** Writes the objects of a release below its part. */
export function renderRelease(part: Construct, release: Release, { charts, helm: executable }: ReleaseSource): void {
  const helm = new Helm(part, executable);
  const text = withChart(part, release.chart, charts._source(), helm, (path) => {
    checkValues(part, release, () => documentsOf(helm.values(path))[0]);
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

function documentsOf(text: string): object[] {
  // Loaded on first use: apps without a platform have no YAML to read.
  const { loadAll } = require('js-yaml') as typeof import('js-yaml');
  const { AS_KUBECTL_READS } = require('../../syntax/kubectl-yaml') as typeof import('../../syntax/kubectl-yaml');
  return loadAll(text, { schema: AS_KUBECTL_READS }).filter((document): document is object => isPlain(document));
}
