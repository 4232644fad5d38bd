import type { ProxyConfiguration, ProxyConfigurationOptions } from '../proxy/config/proxy-configuration';
import type { Part } from '../proxy/config/text';
import { RequestError } from '../proxy/request-error';
import { printableJson } from '../syntax/printable';
import type { Command } from './command';
import { GATEWAY_FLAGS, gatewayLabels } from './gateway-flags';
import { ASSUME_FLAG, MESH_FLAGS, OUTBOUND_FLAG, readMeshAloud } from './input';
import { ExitCode, UsageError } from './io';

const PARTS: readonly Part[] = ['listeners', 'routes', 'clusters', 'skipped'];

export const configCommand: Command = {
  name: 'config',
  usage: 'PATH... [flags]',
  summary: 'shows what proxies are configured to do',
  description: `Shows the listeners, routes and clusters that Istio would generate for proxies, and what it would leave out, as
'istioctl proxy-config' shows them for a running proxy. Proxies with the same configuration are shown once. For a sidecar, it
shows the configuration for requests that its workload sends.

Exit status: 0 the configuration is shown; 1 Envoy refuses a listener, or a configuration is not worked out, or there is no proxy;
2 the input cannot be used.`,
  flags: [
    { name: 'from', value: 'SENDER', help: "whose: 'gateway', or mesh:NAMESPACE/WORKLOAD (all)" },
    ...GATEWAY_FLAGS,
    { name: 'listeners', help: 'listeners and their filter chains' },
    { name: 'routes', help: 'routes by virtual host, in the order in which they are tried' },
    { name: 'clusters', help: 'clusters and their endpoints' },
    { name: 'skipped', help: 'what is left out, and why' },
    { name: 'json', help: 'write JSON' },
    ASSUME_FLAG,
    OUTBOUND_FLAG,
    ...MESH_FLAGS,
  ],
  examples: [
    'versioned-mesh config dist/',
    'versioned-mesh config dist/ --from gateway --routes',
    'versioned-mesh config dist/ --from mesh:bookinfo/productpage-v1 --clusters',
    "kubectl get svc,deploy,gateway,vs,dr -A -o yaml | versioned-mesh config - --json | jq '.[].skipped'",
  ],
  async run(args, io) {
    const options = {
      from: args.text('from'),
      gatewayLabels: gatewayLabels(args),
      gatewayNamespace: args.text('gateway-namespace'),
    };
    const parts = PARTS.filter((part) => args.has(part));
    const mesh = await readMeshAloud(args.positionals, args, io);
    const all = ask(() => mesh.proxyConfigurations(options));
    if (args.has('json')) {
      io.out(printableJson(all.map((each) => each._json(parts))));
    } else {
      io.out(all.length === 0 ? nobody(options) : all.map((each) => each._text(parts)).join('\n'));
    }
    return all.length > 0 && all.every(isTaken) ? ExitCode.GOOD : ExitCode.BAD;
  },
};

function ask<T>(question: () => T): T {
  try {
    return question();
  } catch (error) {
    throw error instanceof RequestError ? new UsageError(error.message) : error;
  }
}

function isTaken({ _config: { listeners, unknown } }: ProxyConfiguration): boolean {
  return unknown === undefined && listeners.every(({ refused }) => refused === undefined);
}

function nobody({ from }: ProxyConfigurationOptions): string {
  return from === 'gateway'
    ? 'The manifests contain no Gateway of networking.istio.io, so nothing configures the proxies of one.\n'
    : 'The manifests contain no Gateway of networking.istio.io, and no workload that gets a sidecar.\n';
}
