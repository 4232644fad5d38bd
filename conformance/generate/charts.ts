/*
 * Meshes that the constructs write: whatever their options can say, chosen by chance, and requests aimed at what comes out.
 */
import { App, Chart } from 'cdk8s';
import type { VersionedService } from '../../src';
import type { Experiment } from '../laboratory';
import type { Manifest } from '../manifest';
import { Random } from '../random';
import { addMeshes } from './chart-meshes';
import { makeServices, NAMESPACE } from './chart-services';
import { throughDoor } from './doors';
import { GATEWAY_LABELS, type Server } from './gateways';
import { GATEWAY_NAMESPACE } from './proxies';
import { Refusals } from './refusals';
import { aimsOf, makeAsk } from './requests';
import { makeSidecarAsks } from './sidecar-requests';
import { CLIENT, client } from './sidecars';
import { inSomeSpeech } from './speech';

/** Where a chart's requests come from. */
export type Entrance = 'gateway' | 'mesh';

interface Made {
  readonly manifests: readonly Manifest[];
  readonly services: readonly VersionedService[];
}

const HOW_OFTEN = 200;

/** Makes charts, and counts what the constructs refuse of them. */
export class ChartMaker {
  private readonly refusals = new Refusals();

  public constructor(private readonly entrance: Entrance) {}

  public make(seed: number, requests: number): Experiment {
    const random = new Random(seed);
    const made = this.build(random);
    return this.entrance === 'mesh'
      ? insideExperiment(random, made, requests)
      : gatewayExperiment(random, made, requests);
  }

  /** How much was taken and refused, and why. */
  public get report(): readonly string[] {
    return this.refusals.report;
  }

  /** Options by chance do not always go together; the constructs then say so, and other ones are tried. */
  private build(random: Random): Made {
    for (let trial = 0; trial < HOW_OFTEN; trial++) {
      const seed = random.fork();
      const made = this.refusals.attempt('charts', () => build(new Random(seed), this.entrance, this.refusals));
      if (made !== undefined) {
        return made;
      }
    }
    throw new Error(`The constructs refused ${HOW_OFTEN} charts in a row:\n${this.report.join('\n')}`);
  }
}

function build(random: Random, entrance: Entrance, refusals: Refusals): Made {
  const chart = new Chart(new App(), 'charts', { namespace: NAMESPACE });
  const { services, besides } = makeServices(random, chart);
  addMeshes(random, chart, services, { entrance, refusals });
  return { manifests: [...(chart.toJson() as Manifest[]), ...besides], services };
}

function gatewayExperiment(random: Random, { manifests }: Made, requests: number): Experiment {
  const servers = manifests
    .filter(({ kind }) => kind === 'Gateway')
    .flatMap(({ spec }) => (spec as { readonly servers: readonly Server[] }).servers);
  const ports = [...new Set(servers.map(({ port }) => port.number))];
  const aims = aimsOf(manifests).filter(({ places }) => places.length > 0);
  return {
    mesh: { manifests, proxy: { gateway: { labels: GATEWAY_LABELS, namespace: GATEWAY_NAMESPACE } } },
    asks: Array.from({ length: requests }, () =>
      inSomeSpeech(random, throughDoor(random, makeAsk(random, aims, ports), servers)),
    ),
  };
}

function insideExperiment(random: Random, made: Made, requests: number): Experiment {
  const manifests = [client(NAMESPACE), ...made.manifests];
  // From within, the ports of Gateways lead nowhere.
  const withoutGateways = manifests.filter(({ kind }) => kind !== 'Gateway');
  const known = made.services.map(({ name, port }) => ({
    name,
    namespace: NAMESPACE,
    ports: [port, port, port, port],
    manifests: [],
  }));
  return {
    mesh: { manifests, proxy: { sidecar: { namespace: NAMESPACE, workload: CLIENT } } },
    asks: makeSidecarAsks(random, withoutGateways, known, NAMESPACE, requests),
  };
}
