/*
 * The probes of a container, as a kubelet sends them, to where its ports have been moved.
 */
import { get } from 'node:http';
import { connect } from 'node:net';

export interface Probe {
  readonly httpGet?: { readonly path?: string; readonly port: number | string };
  readonly tcpSocket?: { readonly port: number | string };
}

/** As much of a container as its probes refer to. */
export interface Probed {
  readonly name: string;
  readonly ports?: readonly { readonly name?: string; readonly containerPort: number }[];
}

/**
 * The injector has the kubelet ask Istio's agent, which asks the app; no agent runs here, so the app is asked itself.
 *
 * @param env of the proxy, where it has one
 */
export function appProbe(
  probe: Probe | undefined,
  env: readonly { readonly name: string; readonly value?: string }[] = [],
): Probe | undefined {
  const path = probe?.httpGet?.path ?? '';
  const probers = env.find(({ name }) => name === 'ISTIO_KUBE_APP_PROBERS')?.value ?? '{}';
  return path.startsWith('/app-health/') ? (JSON.parse(probers) as { [path: string]: Probe })[path] : probe;
}

/**
 * Whether a probe succeeds; one that is not there always does.
 *
 * @param moved the port of the loopback interface for each of the container
 */
export function succeeds(
  probe: Probe | undefined,
  container: Probed,
  moved: ReadonlyMap<number, number>,
): Promise<boolean> {
  if (probe === undefined) {
    return Promise.resolve(true);
  }
  const { httpGet, tcpSocket } = probe;
  if (httpGet !== undefined) {
    return answers(httpGet.path ?? '/', portOf(httpGet.port, container, moved));
  }
  if (tcpSocket !== undefined) {
    return accepts(portOf(tcpSocket.port, container, moved));
  }
  throw new Error(
    `The container ${container.name} has a probe that is neither of HTTP nor of TCP, which a run cannot do.`,
  );
}

function portOf(port: number | string, { name, ports = [] }: Probed, moved: ReadonlyMap<number, number>): number {
  const number = typeof port === 'number' ? port : ports.find((each) => each.name === port)?.containerPort;
  const found = moved.get(number ?? 0);
  if (found === undefined) {
    throw new Error(`A probe of the container ${name} is for port ${port}, which it does not have.`);
  }
  return found;
}

function answers(path: string, port: number): Promise<boolean> {
  return new Promise((settle) => {
    get({ host: '127.0.0.1', port, path, agent: false }, (response) => {
      const { statusCode = 0 } = response;
      response.resume();
      settle(statusCode >= 200 && statusCode < 400);
    }).on('error', () => settle(false));
  });
}

function accepts(port: number): Promise<boolean> {
  return new Promise((settle) => {
    const socket = connect({ host: '127.0.0.1', port });
    const done = (isOpen: boolean) => {
      socket.destroy();
      settle(isOpen);
    };
    socket.on('connect', () => done(true));
    socket.on('error', () => done(false));
  });
}
