/*
 * The chart of a part as a file or folder of this machine.
 */
import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { IConstruct } from 'constructs';
import { refuse, show } from '../objects/refuse';
import type { Helm } from './helm';
import type { ChartSource } from './istio-charts';
import type { ChartName } from './release';

/** Where Istio's sources have the charts. */
const IN_SOURCES: { readonly [chart in ChartName]: string } = {
  base: 'base',
  istiod: 'istio-control/istio-discovery',
  cni: 'istio-cni',
  ztunnel: 'ztunnel',
  gateway: 'gateway',
};

/** What `use` makes of the path of a chart. What has to be fetched for it is gone again afterwards. */
export function withChart<T>(
  part: IConstruct,
  chart: ChartName,
  source: ChartSource,
  helm: Helm,
  use: (path: string) => T,
): T {
  if ('folder' in source) {
    return use(chartIn(part, chart, source.folder));
  }
  const folder = mkdtempSync(join(tmpdir(), 'istio-charts-'));
  try {
    helm.pull(chart, source.url, source.version, folder);
    process.stderr.write(`${part.node.path}: fetched Istio's chart ${chart} ${source.version} from ${source.url}\n`);
    return use(chartIn(part, chart, folder));
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

function chartIn(part: IConstruct, chart: ChartName, folder: string): string {
  const folders = [...new Set([chart, IN_SOURCES[chart]])];
  const unpacked = folders.filter((name) => existsSync(join(folder, name, 'Chart.yaml')));
  const packed = filesIn(part, folder).filter((name) => isPacked(name, chart));
  const found = [...unpacked, ...packed.sort()];
  if (found.length === 0) {
    refuse(
      part,
      `chart '${chart}' is not in ${show(folder)}, neither as the folder ${folders.join('/ or ')}/ nor as a file ${chart}-….tgz; fetch it into there, as with helm pull oci://registry.istio.io/release/charts/${chart} --version 1.31.0.`,
    );
  }
  if (found.length > 1) {
    refuse(
      part,
      `${show(folder)} has chart '${chart}' more than once, as ${found.map(show).join(' and ')}; keep the one that is meant.`,
    );
  }
  const path = join(folder, found[0]);
  if (packed.length === 0) {
    refuseOther(part, chart, path);
  }
  return path;
}

function filesIn(part: IConstruct, folder: string): string[] {
  try {
    return readdirSync(folder);
  } catch (error) {
    const { code } = error as { readonly code?: string };
    refuse(
      part,
      `the folder of charts ${show(folder)} cannot be read (${code}); name one that stays until synth has run.`,
    );
  }
}

/** Of another chart in this folder, Helm would say what is wrong with its values. */
function refuseOther(part: IConstruct, chart: ChartName, path: string): void {
  const [, name] = /^name:\s*["']?([^\s"']+)/m.exec(readFileSync(join(path, 'Chart.yaml'), 'utf8')) ?? [];
  if (name !== undefined && name !== chart) {
    refuse(part, `${show(path)} is chart ${show(name)} and not '${chart}'; fetch that into there.`);
  }
}

/** `istiod-1.31.0.tgz`, as `helm pull` calls it. */
function isPacked(name: string, chart: ChartName): boolean {
  return name.startsWith(`${chart}-`) && /^-v?\d[^/]*\.tgz$/.test(name.slice(chart.length));
}
