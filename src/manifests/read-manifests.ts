/*
 * Manifests from files and folders as people have them: charts and kustomizations are built where that can be done, files that are
 * plainly something else are left alone, and what cannot be read is told beside what can.
 */
import * as fs from 'node:fs';
import { type HelmValues, renderCharts } from './builds/helm';
import { buildKustomizations } from './builds/kustomize';
import { type FoundFile, findFiles, readFile } from './files';
import { type LeftOut, LeftOutReason } from './left-out';
import type { RawManifest } from './manifest-list';
import type { Unreadable } from './unreadable';

export interface ReadingOptions {
  /** Files larger than this are not read. */
  readonly maxBytes?: number;
  /** Patterns of paths to leave out. */
  readonly exclude?: readonly string[];
  /** What charts are rendered with; where it is absent, no program is started, and charts and kustomizations are not built. */
  readonly build?: HelmValues;
}

/** What paths gave, and what they did not. */
export interface Reading {
  readonly manifests: readonly RawManifest[];
  readonly unreadable: readonly Unreadable[];
  readonly leftOut: readonly LeftOut[];
  /** What was not built and how to build it: a sentence each. */
  readonly notes: readonly string[];
  /** What the programs that build said beside their output. */
  readonly said: readonly string[];
}

/** Throws a MeshInputError only for a path that does not exist. */
export function readManifests(paths: readonly string[], options: ReadingOptions = {}): Reading {
  const found = findFiles(paths, options.exclude);
  const mayRun = options.build !== undefined;
  const builds = [
    renderCharts(found.charts, options.build ?? {}, mayRun),
    buildKustomizations(found.kustomizations, mayRun),
  ];
  const skipped = new Map(builds.flatMap((build) => [...build.skipped]));
  const files = found.files.map((file) => {
    const real = skipped.size === 0 || file.named ? file.path : fs.realpathSync(file.path);
    return skipped.has(real) ? leftOutOf(file.path, skipped.get(real)) : readFound(file, options.maxBytes);
  });
  const parts = [...files, ...builds];
  return {
    manifests: parts.flatMap(({ manifests = [] }) => manifests),
    unreadable: [...found.unreadable, ...parts.flatMap(({ unreadable = [] }) => unreadable)],
    leftOut: [...found.leftOut, ...files.flatMap(({ leftOut = [] }) => leftOut)],
    notes: builds.flatMap(({ notes }) => notes),
    said: builds.flatMap(({ said }) => said),
  };
}

function leftOutOf(path: string, reason: LeftOutReason | undefined): Partial<Reading> {
  return reason === undefined ? {} : { leftOut: [{ path, reason }] };
}

function readFound({ path, named, appliedWith }: FoundFile, maxBytes: number | undefined): Partial<Reading> {
  const { manifests: all, unreadable, text } = readFile(path, maxBytes);
  const manifests = all.map(({ raw, source }) => ({ raw, source: { ...source, appliedWith } }));
  const objects = manifests.filter(({ raw }) => !isPatch(raw));
  if (objects.length < manifests.length) {
    return { manifests: objects, unreadable, leftOut: [{ path, reason: LeftOutReason.PATCH }] };
  }
  const isManifest =
    manifests.some(({ raw }) => hasKind(raw)) || (unreadable.length > 0 && (named || mayHaveKind(text)));
  return isManifest ? { manifests, unreadable } : { leftOut: [{ path, reason: LeftOutReason.NO_MANIFEST }] };
}

/** Kustomize's own way to say what is to be done with an object that stands elsewhere. */
function isPatch(raw: unknown): boolean {
  return typeof raw === 'object' && raw !== null && Object.hasOwn(raw, '$patch');
}

/** An object, or a list of some, which kubectl would refuse and which is yet meant for it. */
function hasKind(raw: unknown): boolean {
  if (Array.isArray(raw)) {
    return raw.some((item) => !Array.isArray(item) && hasKind(item));
  }
  return typeof raw === 'object' && raw !== null && 'kind' in raw && typeof raw.kind === 'string' && raw.kind !== '';
}

/** Whether a text that cannot be read looks like a manifest. One that could not even be decoded may be anything. */
function mayHaveKind(text: string | undefined): boolean {
  return (
    text === undefined || ['apiVersion', 'kind'].every((key) => new RegExp(`(^|[\\s{,"'])${key}["']?\\s*:`).test(text))
  );
}
