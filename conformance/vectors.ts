/*
 * Decisions of the real Istio and the real Envoy in a file, so that the simulator can be held against them without either.
 */
import { mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Compared } from './differences';

import type { Ask, MeshCase } from './manifest';
import type { Observation } from './observation';

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

const FOLDER = join(__dirname, 'vectors');

/** Headers of which each run makes its own values. */
const CHANGING = new Set(['x-request-id', 'x-forwarded-for', 'x-envoy-external-address']);

export function toVector(mesh: MeshCase, compared: readonly Compared[]): Vector {
  return { mesh, decisions: compared.map(({ ask, seen }) => ({ ask, seen: withoutChanging(seen) })) };
}

function withoutChanging(seen: Observation): Observation {
  if (seen.kind !== 'http' || seen.received === undefined) {
    return seen;
  }
  const { received } = seen;
  return { ...seen, received: { ...received, headers: received.headers.filter(([name]) => !CHANGING.has(name)) } };
}

/** One mesh a line, so that a change shows what it changed. */
export function writeRecording(name: string, { vectors, ...head }: Recording): string {
  mkdirSync(FOLDER, { recursive: true });
  const path = join(FOLDER, `${name}.json`);
  const fields = Object.entries(head).map(([key, value]) => `${JSON.stringify(key)}:${JSON.stringify(value)}`);
  const lines = vectors.map((vector) => JSON.stringify(vector)).join(',\n');
  writeFileSync(path, `{${fields.join(',')},"vectors":[\n${lines}\n]}\n`);
  return path;
}

export function readRecordings(): readonly { readonly name: string; readonly recording: Recording }[] {
  return readdirSync(FOLDER)
    .filter((name) => name.endsWith('.json'))
    .sort()
    .map((name) => ({ name, recording: JSON.parse(readFileSync(join(FOLDER, name), 'utf8')) as Recording }));
}
