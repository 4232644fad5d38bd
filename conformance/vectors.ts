/*
 * Decisions of the real Istio and the real Envoy in a file, so that the simulator can be held against them without either.
 */
import { mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Compared } from './differences';
import type { Ask, MeshCase } from './manifest';
import type { Observation } from './observation';
import { type CompactAsk, type CompactObservation, packAsk, packSeen, unpackAsk, unpackSeen } from './vector-format';

/** One mesh, and what became of requests to it. */
export interface Vector {
  readonly mesh: MeshCase;
  readonly decisions: readonly { readonly ask: Ask; readonly seen: Observation }[];
}

export interface Recording {
  /** Versions of the components that decided. */
  readonly istio: string;
  readonly envoy: string;
  readonly seed: number;
  readonly vectors: readonly Vector[];
}

/** As it stands in the file. */
interface CompactVector {
  readonly mesh: MeshCase;
  readonly decisions: readonly (readonly [CompactAsk, CompactObservation])[];
}

const FOLDER = join(__dirname, 'vectors');

export function toVector(mesh: MeshCase, compared: readonly Compared[]): Vector {
  return { mesh, decisions: compared.map(({ ask, seen }) => ({ ask, seen })) };
}

/** One mesh a line, so that a change shows what it changed. */
export function writeRecording(name: string, { vectors, ...head }: Recording): string {
  mkdirSync(FOLDER, { recursive: true });
  const path = join(FOLDER, `${name}.json`);
  const fields = Object.entries(head).map(([key, value]) => `${JSON.stringify(key)}:${JSON.stringify(value)}`);
  const lines = vectors.map((vector) => JSON.stringify(pack(vector))).join(',\n');
  writeFileSync(path, `{${fields.join(',')},"vectors":[\n${lines}\n]}\n`);
  return path;
}

export function readRecordings(): readonly { readonly name: string; readonly recording: Recording }[] {
  return readdirSync(FOLDER)
    .filter((name) => name.endsWith('.json'))
    .sort()
    .map((name) => {
      const { vectors, ...head } = JSON.parse(readFileSync(join(FOLDER, name), 'utf8')) as Omit<
        Recording,
        'vectors'
      > & {
        readonly vectors: readonly CompactVector[];
      };
      return { name, recording: { ...head, vectors: vectors.map(unpack) } };
    });
}

function pack({ mesh, decisions }: Vector): CompactVector {
  return { mesh, decisions: decisions.map(({ ask, seen }) => [packAsk(ask), packSeen(ask, seen)]) };
}

function unpack({ mesh, decisions }: CompactVector): Vector {
  return {
    mesh,
    decisions: decisions.map(([compactAsk, compactSeen]) => {
      const ask = unpackAsk(compactAsk);
      return { ask, seen: unpackSeen(ask, compactSeen) };
    }),
  };
}
