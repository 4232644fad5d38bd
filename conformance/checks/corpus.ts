/*
 * Manifests over which different checkers are compared: those of the documentation, and generated meshes with faults.
 */
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { parseAllDocuments } from 'yaml';
import { makeGatewayExperiment } from '../generate/mesh';
import { makeSidecarExperiment } from '../generate/sidecars';
import type { Experiment } from '../laboratory';
import type { Manifest } from '../manifest';
import { Random } from '../random';
import { withFaults } from './faults';

const PAGES = join(__dirname, '../../docs/checks');
const FIXTURES = join(__dirname, '../../test/checks/fixtures');

export interface Sample {
  readonly name: string;
  readonly manifests: readonly Manifest[];
}

/** What the pages of the checks call wrong and right, and the whole manifests among the tests' fixtures. */
export function writtenSamples(): readonly Sample[] {
  const pages = readdirSync(PAGES).filter((file) => file.endsWith('.md') && file !== 'README.md');
  const fixtures = readdirSync(FIXTURES).filter((file) => file.endsWith('.yaml'));
  return [
    ...pages.flatMap((page) =>
      ['Wrong', 'Right'].map((heading) => ({
        name: `${page}, ${heading.toLowerCase()}`,
        manifests: documents(blockUnder(heading, readFileSync(join(PAGES, page), 'utf8'))),
      })),
    ),
    ...fixtures.map((file) => ({ name: file, manifests: documents(readFileSync(join(FIXTURES, file), 'utf8')) })),
  ];
}

function blockUnder(heading: string, page: string): string {
  const [, block] = new RegExp(`^## ${heading}\\n[\\s\\S]*?\`\`\`yaml\\n([\\s\\S]*?)\`\`\``, 'm').exec(page) ?? [];
  return block ?? '';
}

/** The objects: some pages are about documents that are none. */
function documents(yaml: string): readonly Manifest[] {
  return parseAllDocuments(yaml)
    .map((document) => document.toJS() as Manifest | null)
    .filter((manifest): manifest is Manifest => manifest?.metadata !== undefined);
}

/** A mesh with faults in it, asked at a gateway or by a sidecar, and requests for it. */
export function makeFaulty(seed: number, requests: number): Experiment {
  const random = new Random(seed);
  const atGateway = random.chance(0.7);
  const make = atGateway ? makeGatewayExperiment : makeSidecarExperiment;
  const { mesh, asks } = make(random.fork(), requests);
  const manifests = withFaults(random, mesh.manifests, atGateway);
  // As it comes out of a file: fields without value are not there.
  return { mesh: { ...mesh, manifests: JSON.parse(JSON.stringify(manifests)) as Manifest[] }, asks };
}
