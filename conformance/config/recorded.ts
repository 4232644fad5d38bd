/*
 * What istiod said to the proxies of the meshes in conformance/vectors, so that the library can be held against it without istiod.
 */
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { MeshCase } from '../manifest';
import { readRecordings } from '../vectors';
import type { Facts } from './facts';
import type { Istiod, Translated } from './istiod-process';

const FOLDER = join(__dirname, 'recorded');

/** Asks istiod again, and writes down its answers. */
export async function record(istiod: Istiod): Promise<readonly string[]> {
  mkdirSync(FOLDER, { recursive: true });
  const written: string[] = [];
  for (const { name, recording } of readRecordings()) {
    const translated = await Promise.all(recording.vectors.map(({ mesh }) => istiod.translate(mesh)));
    const lines = translated.map(({ facts }) => JSON.stringify(facts ?? null));
    writeFileSync(join(FOLDER, name), `[\n${lines.join(',\n')}\n]\n`);
    written.push(join(FOLDER, name));
  }
  return written;
}

export function readRecorded(): readonly { readonly name: string; readonly translated: readonly Translated[] }[] {
  return readRecordings().map(({ name, recording }) => {
    const all = JSON.parse(readFileSync(join(FOLDER, name), 'utf8')) as readonly (Facts | null)[];
    return { name, translated: recording.vectors.map(({ mesh }, index) => translatedOf(mesh, all[index])) };
  });
}

function translatedOf(mesh: MeshCase, facts: Facts | null): Translated {
  return facts === null ? { mesh, refused: 'istiod does not admit it' } : { mesh, facts };
}
