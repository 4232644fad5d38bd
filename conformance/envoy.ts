/*
 * Envoy as a child process, configured from files.
 */
import { mkdirSync, writeFileSync } from 'node:fs';
import { get } from 'node:http';
import { join } from 'node:path';
import type { EnvoyConfig } from './envoy-config';
import { Program, until } from './program';

/** As Istio's own bootstrap sets them (pkg/bootstrap). */
const RUNTIME_FLAGS = {
  're2.max_program_size.error_level': '32768',
  'envoy.deprecated_features:envoy.config.listener.v3.Listener.hidden_envoy_deprecated_use_original_dst': true,
  'envoy.reloadable_features.http_reject_path_with_fragment': false,
};

export interface EnvoyOptions {
  readonly binary: string;
  /** Folder for the configuration and the log. */
  readonly folder: string;
  readonly adminPort: number;
}

export class Envoy {
  private program: Program | undefined;

  public constructor(private readonly options: EnvoyOptions) {
    mkdirSync(options.folder, { recursive: true });
  }

  /** Starts it and waits until its listeners are open. Gives `address:port` of listeners that it refused, with the reasons. */
  public async start(config: EnvoyConfig): Promise<ReadonlyMap<string, string>> {
    const { binary, folder } = this.options;
    this.write('lds.json', { resources: config.listeners });
    this.write('cds.json', { resources: config.clusters });
    this.write('bootstrap.json', this.bootstrap());
    if ((await this.admin('/ready').catch(() => '')) !== '') {
      throw new Error(
        `Port ${this.options.adminPort} is taken, perhaps by an Envoy of another run; end that, or choose another --port-base`,
      );
    }
    this.program = new Program({
      binary,
      args: [
        ...['-c', join(folder, 'bootstrap.json'), '--concurrency', '1', '--use-dynamic-base-id'],
        ...['--log-level', 'warning', '--disable-hot-restart', '--file-flush-interval-msec', '100'],
      ],
      log: join(folder, 'envoy.log'),
    });
    await this.program.until(async () => (await this.admin('/ready').catch(() => '')).startsWith('LIVE'));
    return this.refusedListeners();
  }

  /** Waits until no request is on its way to a backend any more: copies for mirrors may take longer than what they copy. */
  public async untilQuiet(): Promise<void> {
    await until('Envoy has no request under way to a backend any more', () => this.isQuiet());
  }

  /** The counters and gauges whose name a regex matches, and that were ever touched. */
  public async statistics(names: string): Promise<ReadonlyMap<string, number>> {
    const text = await this.admin(`/stats?usedonly&filter=${encodeURIComponent(names)}`);
    const lines = text.split('\n').filter((line) => line !== '');
    return new Map(
      lines.map((line) => {
        const colon = line.lastIndexOf(': ');
        return [line.slice(0, colon), Number(line.slice(colon + 2))];
      }),
    );
  }

  public async stop(): Promise<void> {
    await this.program?.stop('SIGKILL');
  }

  private write(name: string, value: object): void {
    writeFileSync(join(this.options.folder, name), JSON.stringify(value));
  }

  private bootstrap(): object {
    const { adminPort, folder } = this.options;
    const fromFile = (name: string) => ({ pathConfigSource: { path: join(folder, name) }, resourceApiVersion: 'V3' });
    return {
      node: { id: 'conformance', cluster: 'conformance' },
      admin: { address: { socketAddress: { address: '127.0.0.1', portValue: adminPort } } },
      dynamicResources: { ldsConfig: fromFile('lds.json'), cdsConfig: fromFile('cds.json') },
      layeredRuntime: { layers: [{ name: 'global config', staticLayer: RUNTIME_FLAGS }] },
    };
  }

  private async isQuiet(): Promise<boolean> {
    const underWay = await this.statistics('^cluster\\..*upstream_rq_(pending_)?active$');
    return [...underWay.values()].every((count) => count === 0);
  }

  private async refusedListeners(): Promise<ReadonlyMap<string, string>> {
    const text = await this.admin('/config_dump?resource=dynamic_listeners&mask=name,error_state');
    const dump = JSON.parse(text) as { configs?: readonly ListenerState[] };
    return new Map(
      (dump.configs ?? []).flatMap(({ error_state: state }) => {
        if (state === undefined) {
          return [];
        }
        const { address, port_value } = state.failed_configuration.address.socket_address;
        return [[`${address}:${port_value}`, state.details ?? 'no reason given']];
      }),
    );
  }

  private admin(path: string): Promise<string> {
    return new Promise((settle, fail) => {
      get({ host: '127.0.0.1', port: this.options.adminPort, path, agent: false }, (response) => {
        let text = '';
        response.setEncoding('utf8');
        response.on('data', (chunk: string) => {
          text += chunk;
        });
        response.on('end', () => settle(text));
      }).on('error', fail);
    });
  }
}

interface ListenerState {
  readonly error_state?: {
    readonly failed_configuration: {
      readonly address: { readonly socket_address: { readonly address: string; readonly port_value: number } };
    };
    readonly details?: string;
  };
}
