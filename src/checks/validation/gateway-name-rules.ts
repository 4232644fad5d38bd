/*
 * Names of Gateways, in a VirtualService and in its matches (`validateGatewayNames`).
 */
import type { Node } from '../../manifests/node';
import { complaintAboutDnsLabel } from '../../syntax/names';
import { complaintAboutName } from './host-rules';
import { NOTHING, type Refusal, refuse, warn } from './refusal';

/** After the first name without a namespace, Istio looks at no other. */
export function gatewayNames(list: Node): readonly Refusal[] {
  const names = list.items();
  const last = names.findIndex(({ value }) => typeof value === 'string' && !value.includes('/'));
  return names.slice(0, last < 0 ? undefined : last + 1).flatMap(gatewayName);
}

function gatewayName(node: Node): readonly Refusal[] {
  const { value: name } = node;
  if (typeof name !== 'string') {
    return NOTHING;
  }
  const [namespace, ...rest] = name.split('/');
  if (rest.length === 0 && complaintAboutName(name) === undefined) {
    const [first, second] = name.split('.');
    return second === undefined
      ? NOTHING
      : warn(node, `'${name}' is the old way to name a gateway`, `Write ${second}/${first}.`);
  }
  const isName = (part: string) => complaintAboutDnsLabel(part.toLowerCase()) === undefined;
  return rest.length > 0 && isName(namespace) && isName(rest.join('/'))
    ? NOTHING
    : refuse(node, `'${name}' is not the name of a gateway`, "Write 'namespace/name', or the name alone.");
}
