/*
 * What is in the images that the systems run, and how each starts: by the same command as in its Dockerfile, but as a process of
 * this machine, on a port of the loopback interface.
 */
import { execFileSync } from 'node:child_process';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { parse, stringify } from 'yaml';
import { CACHE, components } from '../components';
import type { ApiServer } from './api-server';
import type { Container, PodVolume, RunningPod } from './node';

const ROOT = join(__dirname, '../..');

export interface Command {
  readonly binary: string;
  readonly args: readonly string[];
  readonly folder: string;
  /** What the image sets, and what moves it to `port`. */
  readonly env: { readonly [name: string]: string };
}

/** A container of a pod, and where it is. */
export interface Place {
  readonly server: ApiServer;
  readonly pod: RunningPod;
  readonly manifest: Container;
  readonly volumes: readonly PodVolume[];
  /** Of its own, and empty. */
  readonly folder: string;
}

export function commandOf(place: Place): Promise<Command> | Command {
  const { image } = place.manifest;
  const [, name] = /^(?:.*\/)?([^:@]*)/.exec(image) ?? [];
  const [, sampleVersion] = /^examples-helloworld-(.*)$/.exec(name) ?? [];
  if (sampleVersion !== undefined) {
    return helloworld(sampleVersion, onlyPort(place));
  }
  switch (name) {
    case 'hello-python':
      return exampleApp('hello', onlyPort(place));
    case 'apis':
    // The images of the original system, one a version; its app is the one that the example carries on.
    case 'romo-valadez-kubernetes':
    case 'romo-valadez-istio':
      return exampleApp('apis', onlyPort(place));
    case 'pilot':
      return istiod(place);
    case 'prometheus':
      return prometheus(place);
    default:
      throw new Error(
        `Nothing is known about the image ${image}; say in conformance/kubernetes/images.ts how it starts.`,
      );
  }
}

/** For an app that is told no more than its port. */
function onlyPort({ manifest, pod }: Place): number {
  const [port, ...others] = (manifest.ports ?? []).map(({ containerPort }) => pod.ports.get(containerPort));
  const unsupported = manifest.command ?? manifest.args ?? manifest.envFrom;
  if (port === undefined || others.length > 0 || unsupported !== undefined) {
    throw new Error(
      `The container ${manifest.name} of pod ${pod.name} has more or fewer parts than the run can start.`,
    );
  }
  return port;
}

/** With the rights of its own ServiceAccount. */
async function istiod({ server, pod, manifest, folder }: Place): Promise<Command> {
  const address = (port: number) => `127.0.0.1:${pod.ports.get(port)}`;
  const kubeconfig = await server.kubeconfigOf(pod.namespace, pod.serviceAccount);
  return {
    binary: components('pilotDiscovery').pilotDiscovery,
    args: [
      ...(manifest.args ?? []),
      ...['--kubeconfig', kubeconfig, '--httpAddr', address(8080), '--httpsAddr', address(15017)],
      ...['--grpcAddr', address(15010), '--secureGRPCAddr', address(15012), '--monitoringAddr', address(15014)],
      ...['--ctrlz_port', '0'],
    ],
    folder,
    env: { KUBECONFIG: kubeconfig, GOMAXPROCS: '2' },
  };
}

/** Asks the API server as its ServiceAccount, and the pods by the way that leads into them from here. */
async function prometheus(place: Place): Promise<Command> {
  const { server, pod, manifest, folder } = place;
  const [config, token] = [join(folder, 'prometheus.yml'), join(folder, 'token')];
  writeFileSync(token, await server.tokenOf(pod.namespace, pod.serviceAccount), { mode: 0o600 });
  const cluster = {
    api_server: server.url,
    authorization: { credentials_file: token },
    tls_config: { ca_file: server.authority },
  };
  const given = parse(await mounted(place, '/etc/prometheus', 'prometheus.yml')) as PrometheusConfig;
  const scrapes = given.scrape_configs.map((scrape) => ({
    ...scrape,
    proxy_url: server.network.url,
    kubernetes_sd_configs: scrape.kubernetes_sd_configs.map((discovery) => ({ ...discovery, ...cluster })),
  }));
  writeFileSync(config, stringify({ ...given, scrape_configs: scrapes }));
  return {
    binary: components('prometheus').prometheus,
    args: [
      // It takes no flag twice.
      ...(manifest.args ?? []).filter((arg) => !/^--(config\.file|storage\.tsdb\.path)=/.test(arg)),
      ...[`--config.file=${config}`, `--storage.tsdb.path=${join(folder, 'data')}`],
      `--web.listen-address=127.0.0.1:${pod.ports.get(9090)}`,
    ],
    folder,
    env: {},
  };
}

interface PrometheusConfig {
  readonly scrape_configs: readonly { readonly kubernetes_sd_configs: readonly object[] }[];
}

/** What is in a file of a ConfigMap that the container mounts. */
async function mounted({ server, pod, manifest, volumes }: Place, path: string, file: string): Promise<string> {
  const mount = manifest.volumeMounts?.find(({ mountPath }) => mountPath === path);
  const name = volumes.find((volume) => volume.name === mount?.name)?.configMap?.name ?? '';
  const args = ['get', 'configmap', name, '--namespace', pod.namespace, '--output', 'json'];
  return JSON.parse(await server.kubectl.output(args)).data[file];
}

/** Does what the Dockerfiles of the example apps do to build them. */
export function buildExampleApps(): void {
  for (const app of ['hello', 'apis']) {
    const tsc = join(ROOT, 'node_modules/typescript/bin/tsc');
    execFileSync(process.execPath, [tsc, '-p', join(ROOT, 'examples', app, 'app'), '--outDir', builtApp(app)], {
      stdio: 'inherit',
    });
  }
}

function exampleApp(app: string, port: number): Command {
  return {
    binary: process.execPath,
    args: ['main.js'],
    folder: builtApp(app),
    env: { NODE_ENV: 'production', PORT: String(port) },
  };
}

function builtApp(app: string): string {
  return join(CACHE, 'apps', app);
}

function helloworld(version: string, port: number): Command {
  const { helloworld: folder } = components('helloworld');
  return {
    binary: join(folder, 'venv/bin/gunicorn'),
    args: ['-b', `127.0.0.1:${port}`, 'app:app'],
    folder,
    env: { SERVICE_VERSION: version },
  };
}
