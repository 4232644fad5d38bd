/*
 * Asks a real istiod about meshes, and the library after it.
 */
import { type Certificate, makeCertificate } from '../certificate';
import { Cluster as Kubernetes } from '../cluster';
import { ControlPlane } from '../control-plane';
import type { MeshCase } from '../manifest';
import { knowsChance } from './chance';
import { type ConfigComparison, compareConfig, factsOf } from './compare';
import { type FactDifference, kindOfPlace } from './differ';
import type { Facts } from './facts';
import { proxyConfigOf } from './library';
import type { ConfigPlant } from './plants';

/** A mesh, and what istiod says to its proxy; or why it does not admit the mesh. */
export interface Translated {
  readonly mesh: MeshCase;
  readonly facts?: Facts;
  readonly refused?: string;
}

export interface ConfigDifference extends FactDifference {
  readonly mesh: MeshCase;
  readonly kind: string;
}

export type Outcome =
  | { readonly refused: string }
  /** The library says that it does not know what the proxy does. */
  | { readonly unknown: true }
  | (ConfigComparison & { readonly differences: readonly ConfigDifference[] });

export class Istiod {
  private readonly controlPlane: ControlPlane;
  private readonly certificate: Certificate;

  /**
   * @param folder for files of its own
   * @param plant a fault to be found in what the library says
   */
  public constructor(
    binary: string,
    folder: string,
    private readonly plant?: ConfigPlant,
  ) {
    this.certificate = makeCertificate(folder);
    this.controlPlane = new ControlPlane(binary);
  }

  public async translate(mesh: MeshCase): Promise<Translated> {
    const answer = await this.controlPlane.resources(mesh, new Kubernetes(mesh.manifests), this.certificate);
    const { error, proxies, refused } = answer;
    return proxies === undefined
      ? { mesh, refused: refused?.join('; ') ?? error ?? '' }
      : { mesh, facts: factsOf(mesh, proxies[0]) };
  }

  public compare(translated: Translated): Outcome {
    return compareTranslated(translated, this.plant);
  }

  public stop(): void {
    this.controlPlane.stop();
  }
}

export function compareTranslated({ facts, mesh, refused = '' }: Translated, plant?: ConfigPlant): Outcome {
  if (facts === undefined) {
    return { refused };
  }
  const compared = compareConfig(mesh, facts, plant);
  return compared === undefined
    ? { unknown: true }
    : { ...compared, differences: compared.differences.map((each) => ({ ...each, mesh, kind: kindOfPlace(each) })) };
}

/** Whether a fault is seen in each mesh into which it can be planted, and in which nothing is left to chance; undefined without such. */
export function isSeen(plant: ConfigPlant, translated: readonly Translated[]): boolean | undefined {
  const spoiled = translated.filter(
    ({ facts, mesh }) =>
      facts !== undefined &&
      !knowsChance(mesh.manifests) &&
      plant(proxyConfigOf(mesh, new Kubernetes(mesh.manifests))) !== undefined,
  );
  return spoiled.length === 0
    ? undefined
    : spoiled.every((each) => differencesIn(compareTranslated(each, plant)).length > 0);
}

export function differencesIn(outcome: Outcome): readonly ConfigDifference[] {
  return 'differences' in outcome ? outcome.differences : [];
}
