/*
 * Manifests of a chart that has not been synthesized.
 */
import type { ApiObject } from 'cdk8s';
import type { IConstruct } from 'constructs';
import type { RawManifest } from './manifest-list';

/** Everything below a chart or an app. */
export function apiObjectsBelow(scope: IConstruct): readonly ApiObject[] {
  // Loaded on first use: whoever reads files needs no cdk8s.
  const { ApiObject: Objects } = require('cdk8s') as typeof import('cdk8s');
  return scope.node.findAll().filter((construct): construct is ApiObject => Objects.isApiObject(construct));
}

/**
 * What the objects will be in YAML, each from the "file" that its path in the tree is. Asks the objects themselves, since
 * `Chart.toJson` would run every validation of the app, and a check may be one.
 */
export function serialize(objects: readonly ApiObject[]): readonly RawManifest[] {
  return objects.map((object, document) => ({ raw: object.toJson(), source: { file: object.node.path, document } }));
}
