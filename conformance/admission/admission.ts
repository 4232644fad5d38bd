/*
 * Applies samples to a real API server by kubectl, and says what it did not like about them.
 */
import { namespaceOf } from '../cluster';
import type { ApiServer } from '../kubernetes/api-server';
import { listOf } from '../kubernetes/kubectl';
import type { Manifest } from '../manifest';
import type { Sample } from './corpus';
import { lost } from './lost';

export interface Complaint {
  readonly title: string;
  /** What kubectl said, or what was lost. */
  readonly reasons: readonly string[];
}

/**
 * The two ways in which kubectl applies, each refuses other things: the usual one, in which kubectl works out the change,
 * and the one in which the server does, by the schema.
 */
const WAYS: readonly (readonly string[])[] = [
  ['apply', '--warnings-as-errors'],
  ['apply', '--warnings-as-errors', '--server-side', '--force-conflicts'],
];

export class Admission {
  private readonly namespaces = new Set(['default']);

  public constructor(
    private readonly server: ApiServer,
    private readonly ways = WAYS,
  ) {}

  /** Applies all samples, many at a time. */
  public async complaints(samples: readonly Sample[]): Promise<readonly Complaint[]> {
    const complaints: Complaint[] = [];
    for (const batch of batches(samples)) {
      const reasons = await this.reasons(batch);
      if (reasons.length > 0) {
        const alone = await this.oneByOne(batch);
        complaints.push(...(alone.length > 0 ? alone : [{ title: `${batch.length} charts together`, reasons }]));
      }
    }
    return complaints;
  }

  /** Warnings do not name the object, so whose they are shows only when each sample is alone. */
  private async oneByOne(batch: readonly Sample[]): Promise<readonly Complaint[]> {
    const complaints: Complaint[] = [];
    for (const sample of batch) {
      const reasons = await this.reasons([sample]);
      if (reasons.length > 0) {
        complaints.push({ title: sample.title, reasons });
      }
    }
    return complaints;
  }

  /** What is wrong with samples that have no object in common; afterwards the API server is as it was before. */
  private async reasons(batch: readonly Sample[]): Promise<readonly string[]> {
    await this.createNamespaces(batch);
    const reasons = new Set<string>();
    for (const way of this.ways) {
      for (const reason of await this.reasonsBy(way, batch)) {
        reasons.add(reason);
      }
    }
    await this.delete(batch.flatMap(({ manifests }) => manifests));
    return [...reasons];
  }

  private async reasonsBy(way: readonly string[], batch: readonly Sample[]): Promise<readonly string[]> {
    const yaml = batch.map((sample) => sample.yaml).join('---\n');
    const { code, stderr } = await this.server.kubectl.run([...way, '-f', '-'], yaml);
    const said = stderr.split('\n').filter((line) => line !== '');
    if (said.length > 0) {
      return said;
    }
    return code === 0
      ? this.losses(batch.flatMap(({ manifests }) => manifests))
      : [`kubectl ended with ${code} and said nothing`];
  }

  private async losses(manifests: readonly Manifest[]): Promise<readonly string[]> {
    const kinds = new Set(manifests.map(kindOf));
    const stored = new Map((await this.server.kubectl.list([...kinds])).map((each) => [keyOf(each), each]));
    return manifests.flatMap((manifest) =>
      lost(manifest, stored.get(keyOf(manifest))).map((loss) => `${objectOf(manifest)}: ${loss}`),
    );
  }

  /** Those that manifests are in and do not make, as a user has made them before. */
  private async createNamespaces(batch: readonly Sample[]): Promise<void> {
    const created = new Set(batch.flatMap(namespacesNeeded).filter((name) => !this.namespaces.has(name)));
    if (created.size > 0) {
      await this.server.createNamespaces(created);
    }
    for (const name of created) {
      this.namespaces.add(name);
    }
  }

  /** All but namespaces, which only a controller could clear away. */
  private async delete(manifests: readonly Manifest[]): Promise<void> {
    const namespaced = manifests.filter(isNamespaced);
    if (namespaced.length > 0) {
      const items = namespaced.map(({ apiVersion, kind, metadata: { name, namespace } }) => ({
        apiVersion,
        kind,
        metadata: { name, namespace },
      }));
      await this.server.kubectl.output(['delete', '--ignore-not-found', '--wait=false', '-f', '-'], listOf(items));
    }
  }
}

const BATCH_SIZE = 50;

/** Samples in batches in which no two claim the same: an object, or a port of the nodes. */
function batches(samples: readonly Sample[]): readonly (readonly Sample[])[] {
  const made: { samples: Sample[]; claims: Set<string> }[] = [];
  for (const sample of samples) {
    const claims = sample.manifests.flatMap((manifest) => [objectOf(manifest), ...nodePortsOf(manifest)]);
    let batch = made.find(
      (each) => each.samples.length < BATCH_SIZE && !claims.some((claim) => each.claims.has(claim)),
    );
    if (batch === undefined) {
      batch = { samples: [], claims: new Set() };
      made.push(batch);
    }
    batch.samples.push(sample);
    for (const claim of claims) {
      batch.claims.add(claim);
    }
  }
  return made.map((each) => each.samples);
}

function nodePortsOf({ spec }: Manifest): readonly string[] {
  const { ports } = (spec ?? {}) as { ports?: readonly { nodePort?: number }[] };
  return (ports ?? []).flatMap(({ nodePort }) => (nodePort === undefined ? [] : [`node port ${nodePort}`]));
}

/** As kubectl names kinds on its command line: with group and version, so that the version comes back that was sent. */
function kindOf({ apiVersion, kind }: Manifest): string {
  const [group, version] = apiVersion.includes('/') ? apiVersion.split('/') : ['', apiVersion];
  return `${kind}.${version}.${group}`;
}

function keyOf(manifest: Manifest): string {
  return `${kindOf(manifest)}: ${objectOf(manifest)}`;
}

/** The same for all versions of an API. */
function objectOf(manifest: Manifest): string {
  const namespace = isNamespaced(manifest) ? `${namespaceOf(manifest)}/` : '';
  return `${manifest.kind} ${namespace}${manifest.metadata.name}`;
}

function namespacesNeeded({ manifests }: Sample): readonly string[] {
  const made = manifests.filter(({ kind }) => kind === 'Namespace').map(({ metadata }) => metadata.name);
  return manifests
    .filter(isNamespaced)
    .map(namespaceOf)
    .filter((name) => !made.includes(name));
}

const isNamespaced = ({ kind }: Manifest) => kind !== 'Namespace';
