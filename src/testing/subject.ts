/*
 * What a test may speak of: anything that manifests can be had from.
 */
import type { App, Chart } from 'cdk8s';
import type { RouteDecision } from '../envoy/decision';
import type { RouteRequest } from '../envoy/request';
import { Mesh, type MeshOptions } from '../mesh';
import { nameOfType } from '../syntax/type-name';

/** A chart, an app, a mesh, manifests such as `Testing.synth` returns, or YAML text. */
export type MeshSubject = Chart | App | Mesh | readonly unknown[] | string;

/**
 * Where a request goes in what is under test, and why.
 *
 * Reads the manifests anew each time, so that a chart may change between two calls. For many requests to one large chart,
 * make a `Mesh` of it once and pass that.
 *
 * @param options what the manifests do not say of the cluster, as in `{ assumeGateways: true }`; a Mesh has its own
 */
export function route(subject: MeshSubject, request: RouteRequest, options: MeshOptions = {}): RouteDecision {
  return meshOf(subject, options).route(request);
}

/**
 * The mesh of a subject, which may turn out to be none: tests are not always type-checked.
 *
 * @throws Error where there is nothing in it: an empty chart, or the path of a file taken for its text, must not pass for a
 * clean mesh.
 */
export function meshOf(subject: unknown, options: MeshOptions = {}): Mesh {
  const mesh = readMesh(subject, options);
  if (mesh._model.objects.length === 0) {
    const help = typeof subject === 'string' ? '; a path is read by Mesh.fromFiles([path])' : '';
    throw new Error(`There are no Kubernetes objects in what was passed, so nothing can be said about them${help}.`);
  }
  return mesh;
}

function readMesh(subject: unknown, options: MeshOptions): Mesh {
  if (typeof subject === 'string') {
    return Mesh.fromYaml(subject, undefined, options);
  }
  if (Array.isArray(subject)) {
    return Mesh.fromManifests(subject, options);
  }
  if (subject instanceof Mesh) {
    return subject;
  }
  if (isConstruct(subject)) {
    return Mesh.fromChart(subject, options);
  }
  throw new Error(
    `${nameOfType(subject)} has no manifests; pass a Chart, an App, a Mesh, an array of manifests, or YAML text.`,
  );
}

function isConstruct(value: unknown): value is Chart {
  return typeof value === 'object' && value !== null && 'node' in value;
}
