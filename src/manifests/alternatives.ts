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
  private readonly placesOfFile = new Map<string, readonly Place[]>();

  private constructor(
    public readonly pairs: readonly Duplicate[],
    public readonly forks: readonly Fork[],
  ) {
    this.again = new Set(pairs.map(({ other }) => other));
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

/** Objects that are made in memory, or stand in one file, are meant to be applied together. */
function areAlternatives({ first, other }: Duplicate): boolean {
  const [a, b] = [first, other].map(({ source }) => (source.line === undefined ? undefined : source.file));
  return (
    a !== undefined &&
    b !== undefined &&
    a !== b &&
    (folderOf(a) !== folderOf(b) || !hasNamespace(first) || !hasNamespace(other))
  );
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

function folderOf(file: string): string {
  return file.split(SEPARATOR).slice(0, -1).join('/');
}

const SEPARATOR = /[\\/]/;
