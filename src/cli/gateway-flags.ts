import type { Arguments, Flag } from './arguments';
import { UsageError } from './io';

/** Which gateway is meant. */
export const GATEWAY_FLAGS: readonly Flag[] = [
  {
    name: 'gateway-labels',
    value: 'K=V,...',
    help: "labels of the gateway's pods, where several gateways could be meant",
  },
  { name: 'gateway-namespace', value: 'NAME', help: "namespace of the gateway's pods" },
];

export function gatewayLabels(args: Arguments): { readonly [key: string]: string } | undefined {
  const text = args.text('gateway-labels');
  if (text === undefined) {
    return undefined;
  }
  const pairs = text.split(',').map((pair) => pair.trim().split('='));
  if (pairs.some((pair) => pair.length !== 2 || pair[0] === '')) {
    throw new UsageError(
      `--gateway-labels cannot be ${JSON.stringify(text)}; write istio=ingressgateway, with commas between several`,
    );
  }
  return Object.fromEntries(pairs);
}
