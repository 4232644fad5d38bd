/*
 * The meshes of a run, of whatever kind is asked for.
 */
import { marked } from '../checks/marks';
import type { Experiment } from '../laboratory';
import { ChartMaker } from './charts';
import { makeGatewayExperiment } from './mesh';
import { makeSidecarExperiment } from './sidecars';

export class ExperimentMaker {
  /** What writes the meshes, where the constructs do. */
  public readonly charts?: ChartMaker;

  /**
   * @param from `gateway`, or `mesh` for sidecars
   * @param madeBy `yaml`, or `constructs`
   * @param requests how many for each mesh
   */
  public constructor(
    private readonly from: string,
    madeBy: string,
    private readonly requests: number,
  ) {
    this.charts = madeBy === 'constructs' ? new ChartMaker(from === 'mesh' ? 'mesh' : 'gateway') : undefined;
  }

  /** In every other mesh all rules and matches have names of their own, so that the name of the route tells which one answered. */
  public make(seed: number): Experiment {
    const make = this.from === 'mesh' ? makeSidecarExperiment : makeGatewayExperiment;
    const experiment = this.charts?.make(seed, this.requests) ?? make(seed, this.requests);
    const { mesh } = experiment;
    return seed % 2 === 0 ? experiment : { ...experiment, mesh: { ...mesh, manifests: marked(mesh.manifests) } };
  }
}

export function inBatches(total: number, size: number): readonly number[] {
  return Array.from({ length: Math.ceil(total / size) }, (_, index) => Math.min(size, total - index * size));
}
