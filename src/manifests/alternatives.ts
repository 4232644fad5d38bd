/*
 * Files that a cluster gets one of: overlays, steps, clusters, environments. They show by defining the same objects, each in a place
 * of its own: another folder, or another file that leaves it to whoever applies it which namespace its objects are for. What such
 * files hold must not be looked at as one mesh, since nobody applies it as one.
 */
import type { MeshObject } from './object';
import type { Duplicate } from './same-object';

/** A fork of the tree of files: a folder, and what in it defines objects that others in it define, too. */
interface Fork {
  readonly folder: string;
  /** Files and folders by their full path, in the order in which they were read. */
  readonly branches: readonly string[];
}

interface Place {
  readonly index: number;
  readonly last: number;
}

/** How many objects are looked at, for each that there is: what alternatives share is looked at again with each of them. */
const MOST_LOOKS = 10;

export class Alternatives {
  /** Those of the `duplicates` that are alternatives; undefined where there are none. */
  public static among(duplicates: readonly Duplicate[]): Alternatives | undefined {
    const pairs = duplicates.filter(areAlternatives);
    return pairs.length === 0 ? undefined : new Alternatives(pairs, forksOf(pairs));
  }

  private readonly again: ReadonlySet<MeshObject>;
  /** By branch, which of how many it is. */
  private readonly places: ReadonlyMap<string, Place>;
  private readonly folders: ReadonlySet<string>;
  private readonly placesOfFile = new Map<string, readonly Place[]>();

  private constructor(
    public readonly pairs: readonly Duplicate[],
    public readonly forks: readonly Fork[],
  ) {
    this.again = new Set(pairs.map(({ other }) => other));
    this.folders = new Set(forks.map(({ folder }) => folder));
    this.places = new Map(
      forks.flatMap(({ branches }) => branches.map((branch, index) => [branch, { index, last: branches.length - 1 }])),
    );
  }

  /** With how many choices each branch is there once: as many as there are branches at the largest fork. */
  public get choices(): number {
    return this.forks.reduce((most, { branches }) => Math.max(most, branches.length), 0);
  }

  /** The objects of each choice, the first one's first, until a multiple of them all is looked at. */
  public chosenOf(objects: readonly MeshObject[]): readonly (readonly MeshObject[])[] {
    const found: (readonly MeshObject[])[] = [];
    let looks = 0;
    for (let choice = 0; choice < this.choices && looks < MOST_LOOKS * objects.length; choice++) {
      const chosen = objects.filter((object) => this.isChosen(object, choice));
      found.push(chosen);
      looks += chosen.length;
    }
    return found;
  }

  /** Whether the object defines one that another place has defined before. */
  public definesAgain(object: MeshObject): boolean {
    return this.again.has(object);
  }

  /** Whether the object is there when of each fork the branch at place `choice` is taken, or the last where there are fewer. */
  public isChosen({ source: { file = '' } }: MeshObject, choice: number): boolean {
    return this.placesOf(file).every(({ index, last }) => index === Math.min(choice, last));
  }

  /**
   * The innermost part of a fork that the object is in, be it a branch or not: what is not in it, nor shared by all, is perhaps never
   * applied with it. Undefined where no fork is on the way to its file.
   */
  public partOf({ source: { file = '' } }: MeshObject): string | undefined {
    const steps = file.split(SEPARATOR);
    let part: string | undefined;
    for (let depth = 0; depth < steps.length; depth++) {
      part = this.folders.has(steps.slice(0, depth).join('/')) ? steps.slice(0, depth + 1).join('/') : part;
    }
    return part;
  }

  /** What is certainly applied together with all that is in `part`. */
  public appliedWith(part: string, objects: readonly MeshObject[]): readonly MeshObject[] {
    return objects.filter((object) => {
      const other = this.partOf(object);
      return other === undefined || `${part}/`.startsWith(`${other}/`);
    });
  }

  /** Of each fork on the way to the file, where it stands there. */
  private placesOf(file: string): readonly Place[] {
    let found = this.placesOfFile.get(file);
    if (found === undefined) {
      const steps = file.split(SEPARATOR);
      found = steps.flatMap((_, index) => this.places.get(steps.slice(0, index + 1).join('/')) ?? []);
      this.placesOfFile.set(file, found);
    }
    return found;
  }
}

/**
 * Objects that are made in memory, stand in one file or come of one build are applied together. So are the files of a folder that
 * somebody named, as `kubectl apply -f FOLDER` does; not what is in folders below it, which that leaves alone.
 */
function areAlternatives({ first, other }: Duplicate): boolean {
  const [a, b] = [first.source, other.source];
  if (a.file === undefined || b.file === undefined || a.file === b.file || isMade(first) || isMade(other)) {
    return false;
  }
  if (a.appliedWith === undefined || a.appliedWith !== b.appliedWith) {
    return true;
  }
  return !isBuilt(first) && (!hasNamespace(first) || !hasNamespace(other));
}

function isBuilt({ source: { line, appliedWith } }: MeshObject): boolean {
  return line === undefined && appliedWith !== undefined;
}

/** In memory. */
function isMade({ source: { line, appliedWith } }: MeshObject): boolean {
  return line === undefined && appliedWith === undefined;
}

function hasNamespace({ node }: MeshObject): boolean {
  return node.get('metadata').get('namespace').present;
}

function forksOf(pairs: readonly Duplicate[]): readonly Fork[] {
  const found = new Map<string, Set<string>>();
  for (const { first, other } of pairs) {
    const [a, b] = [first, other].map(({ source: { file = '' } }) => file.split(SEPARATOR));
    const depth = a.findIndex((step, index) => step !== b[index]);
    const folder = a.slice(0, depth).join('/');
    const branches = found.get(folder) ?? new Set();
    found.set(folder, branches.add(a.slice(0, depth + 1).join('/')).add(b.slice(0, depth + 1).join('/')));
  }
  return [...found].map(([folder, branches]) => ({ folder, branches: [...branches] }));
}

const SEPARATOR = /[\\/]/;
