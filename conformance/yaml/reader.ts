/*
 * kubectl's own reader of YAML and JSON, and what this project reads, in one form.
 */
import { execFileSync } from 'node:child_process';
import { join } from 'node:path';
import { readText } from '../../src/manifests/text';

/** What was read of a text: its documents, or that one was refused. */
export interface Read {
  readonly documents: readonly unknown[];
  readonly refused: boolean;
}

const KUBERNETES = join(__dirname, '../kubernetes');
const PROGRAM = join(__dirname, '../.cache/read-yaml');

/** Compiles the reader; needs Go and the modules that conformance/kubernetes/go.mod pins. */
export function buildReader(): void {
  execFileSync('go', ['build', '-o', PROGRAM, './read-yaml'], {
    cwd: KUBERNETES,
    stdio: ['ignore', 'ignore', 'inherit'],
  });
}

export function readByKubectl(texts: readonly string[]): readonly Read[] {
  const answers = execFileSync(PROGRAM, { input: JSON.stringify(texts), maxBuffer: 1 << 30, encoding: 'utf8' });
  return (JSON.parse(answers) as { readonly documents: readonly unknown[]; readonly refused?: string }[]).map(
    ({ documents, refused }) => ({ documents: refused === undefined ? documents : [], refused: refused !== undefined }),
  );
}

/** Of a text of which a part is refused, the rest does not count: kubectl ends there, and this project goes on. */
export function readHere(text: string): Read {
  const { manifests, unreadable } = readText(text, 'text');
  const refused = unreadable.some(({ dropped }) => dropped !== true);
  // By way of JSON, since kubectl's documents came that way, too.
  const documents = refused ? [] : (JSON.parse(JSON.stringify(manifests.map(({ raw }) => raw))) as unknown[]);
  return { documents, refused };
}

export type Verdict = 'equal' | 'silently different' | 'refused' | 'accepted wrongly';

export function compareReads(kubectl: Read, here: Read): Verdict {
  if (kubectl.refused !== here.refused) {
    return here.refused ? 'refused' : 'accepted wrongly';
  }
  return sorted(kubectl.documents) === sorted(here.documents) ? 'equal' : 'silently different';
}

function sorted(value: unknown): string {
  return JSON.stringify(value, (_, part: unknown) =>
    typeof part === 'object' && part !== null && !Array.isArray(part)
      ? Object.fromEntries(Object.entries(part).sort(([a], [b]) => (a < b ? -1 : 1)))
      : part,
  );
}
