/*
 * Folders of Kustomize: built where a program for it is here, and else without what is no object by itself.
 */
import * as fs from 'node:fs';
import * as path from 'node:path';
import { listOf } from '../../syntax/wording';
import { type LeftOut, LeftOutReason } from '../left-out';
import { readText } from '../text';
import type { Unreadable } from '../unreadable';
import type { Build } from './build';
import { type Kustomization, kustomizationIn, readKustomization } from './kustomization';
import { findProgram, inOneLine, linesSaid, runProgram } from './program';

/** Programs that build, with the words before the folder. */
const PROGRAMS = [
  { name: 'kustomize', words: ['build'] },
  { name: 'kubectl', words: ['kustomize'] },
];

/** @param mayRun whether programs may be started */
export function buildKustomizations(files: readonly string[], mayRun: boolean): Build {
  const all = closureOf(files.map(readKustomization));
  const bases = new Set([...all.values()].flatMap((one) => one.bases));
  const given = new Set(files.map((file) => fs.realpathSync(path.dirname(file))));
  const roots = [...all].filter(([folder, one]) => given.has(folder) && !bases.has(folder) && !one.isComponent);
  const program = mayRun ? PROGRAMS.find(({ name }) => findProgram(name) !== undefined) : undefined;
  const build = new KustomizeBuild(all);
  for (const [folder, root] of roots) {
    build.add(folder, root, program);
  }
  build.leaveOutRest();
  return build;
}

/** All kustomizations that those build upon, by their real folders. */
function closureOf(start: readonly Kustomization[]): ReadonlyMap<string, Kustomization> {
  const all = new Map<string, Kustomization>();
  const waiting = [...start];
  for (let one = waiting.shift(); one !== undefined; one = waiting.shift()) {
    const folder = fs.realpathSync(one.folder);
    if (!all.has(folder)) {
      all.set(folder, one);
      waiting.push(...one.bases.flatMap((base) => kustomizationIn(base) ?? []));
    }
  }
  return all;
}

class KustomizeBuild implements Build {
  public readonly manifests: Build['manifests'][number][] = [];
  public readonly unreadable: Unreadable[] = [];
  public readonly said: string[] = [];
  public readonly skipped = new Map<string, LeftOut['reason'] | undefined>();
  private readonly unbuilt: { readonly folder: string; readonly reason: string }[] = [];

  public constructor(private readonly all: ReadonlyMap<string, Kustomization>) {}

  public get notes(): readonly string[] {
    if (this.unbuilt.length === 0) {
      return [];
    }
    const [{ folder }] = this.unbuilt;
    const reasons = [...new Set(this.unbuilt.map(({ reason }) => reason))];
    const names = listOf(
      this.unbuilt.map((one) => one.folder),
      'and',
      3,
    );
    return [
      `Not built with Kustomize: ${names} (${listOf(reasons, 'and', 2)}), so patches and bases are left out there. Build it first: kustomize build ${folder} | versioned-mesh check -`,
    ];
  }

  public add(folder: string, root: Kustomization, program: (typeof PROGRAMS)[number] | undefined): void {
    const parts = closureWithin(folder, this.all);
    const obstacle =
      program === undefined ? 'kustomize and kubectl are not on the PATH, or must not run' : obstacleIn(parts);
    if (obstacle !== undefined || program === undefined) {
      this.unbuilt.push({ folder: root.folder, reason: obstacle ?? '' });
      return;
    }
    const { text, said } = runProgram(findProgram(program.name) ?? program.name, [...program.words, folder]);
    if (text === undefined) {
      this.unreadable.push({
        file: root.file,
        line: 1,
        reason: `cannot be built, as ${program.name} says: ${inOneLine(said)}`,
      });
      return;
    }
    this.said.push(...linesSaid(program.name, said));
    const { manifests } = readText(text, root.file);
    // The lines are those of what was built, which nobody has.
    this.manifests.push(
      ...manifests.map(({ raw, source: { file, document } }) => ({
        raw,
        source: { file, document, appliedWith: folder },
      })),
    );
    for (const part of parts) {
      this.skip([...part.objects, ...part.used], undefined);
      this.skip(filesBeside(part), LeftOutReason.UNUSED);
    }
  }

  /** Of what is not built, what is no object by itself, or not as it stands. */
  public leaveOutRest(): void {
    const bases = new Set([...this.all.values()].flatMap((one) => one.bases));
    for (const [folder, one] of this.all) {
      this.skip(one.used, LeftOutReason.PATCH);
      if (bases.has(folder) || one.isComponent) {
        this.skip([...one.objects, ...filesBeside(one)], LeftOutReason.BASE);
      }
    }
  }

  private skip(files: readonly string[], reason: LeftOutReason | undefined): void {
    for (const file of files) {
      if (!this.skipped.has(file)) {
        this.skipped.set(file, reason);
      }
    }
  }
}

/** The kustomization of a folder, and all that it builds upon. */
function closureWithin(folder: string, all: ReadonlyMap<string, Kustomization>): readonly Kustomization[] {
  const found = new Set<string>();
  const waiting = [folder];
  for (let next = waiting.pop(); next !== undefined; next = waiting.pop()) {
    if (!found.has(next)) {
      found.add(next);
      waiting.push(...(all.get(next)?.bases ?? []));
    }
  }
  return [...found].flatMap((one) => all.get(one) ?? []);
}

/** Why a build is not to be tried. */
function obstacleIn(parts: readonly Kustomization[]): string | undefined {
  const [remote] = parts.flatMap((part) => part.remote);
  if (remote !== undefined) {
    return `${JSON.stringify(remote.slice(0, 100))} is not on this machine`;
  }
  const folders = parts.map(({ folder }) => fs.realpathSync(folder));
  const outside = parts
    .flatMap((part) => [...part.objects, ...part.used])
    .find((file) => !folders.some((folder) => isBelow(file, folder)));
  return outside === undefined ? undefined : `${outside} lies outside of its folders`;
}

function isBelow(file: string, folder: string): boolean {
  const way = path.relative(folder, file);
  return !way.startsWith('..') && !path.isAbsolute(way);
}

function filesBeside({ folder }: Kustomization): readonly string[] {
  const real = fs.realpathSync(folder);
  return fs
    .readdirSync(real, { withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map(({ name }) => path.join(real, name));
}
