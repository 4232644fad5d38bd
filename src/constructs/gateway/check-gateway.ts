/*
 * What the options of a Gateway say, held against the rules of Kubernetes and Istio.
 */
import type { ApiObjectMetadata } from 'cdk8s';
import type { Construct } from 'constructs';
import { complaintAboutDnsLabel, complaintAboutDnsName, complaintAboutLabelValue } from '../../syntax/names';
import { checkLabels, metadataOf, namespaceOf } from '../objects/object-options';
import { refuse, refuseIf, show } from '../objects/refuse';
import { type CheckedServer, checkServer } from './check-server';
import type { GatewayOptions } from './gateway-options';

/** The labels and the account of the pods of `istioctl install`. */
const DEFAULT_SELECTOR = { istio: 'ingressgateway' };
const DEFAULT_ACCOUNT = 'istio-system/istio-ingressgateway-service-account';

/** A Gateway before hosts are added. */
export interface CheckedGateway {
  readonly metadata: ApiObjectMetadata;
  readonly selector: { readonly [key: string]: string };
  readonly serviceAccount?: string;
  /** What a server has that says nothing else. */
  readonly server: CheckedServer;
}

/**
 * What `options` say, defaults filled in.
 *
 * @param what What the options are called in messages: '' for those of a constructor, else as in `gatewayOptions.`.
 */
export function checkGateway(
  where: Construct,
  what: string,
  options: GatewayOptions & { name: string },
): CheckedGateway {
  const { name } = options;
  const { selector, serviceAccount } = podsOf(where, what, options);
  const namespace = namespaceOf(where, options.namespace);
  const metadata = metadataOf(where, options, { name, namespace, partOf: { app: name } });
  checkNameMesh(where, `${what}name`, name, namespace);
  checkSelector(where, `${what}selector`, selector);
  const server = checkServer(where, what, options);
  checkAccount(where, `${what}serviceAccount`, serviceAccount);
  return { metadata, selector, serviceAccount, server };
}

/** The labels of the pods that serve it, and their account where it is known. */
function podsOf(
  where: Construct,
  what: string,
  { pods, selector, serviceAccount }: GatewayOptions,
): Pick<CheckedGateway, 'selector' | 'serviceAccount'> {
  if (pods !== undefined) {
    const other = selector !== undefined ? 'selector' : serviceAccount !== undefined ? 'serviceAccount' : undefined;
    if (other !== undefined) {
      refuse(
        where,
        `${what}pods and ${what}${other} are both set, and the pods say their own; leave out ${other}, or leave out pods where somebody else makes them.`,
      );
    }
    return { selector: { ...pods.selector }, serviceAccount: pods.serviceAccount };
  }
  const labels = selector ?? DEFAULT_SELECTOR;
  const isDefault = Object.keys(labels).length === 1 && labels.istio === DEFAULT_SELECTOR.istio;
  return { selector: labels, serviceAccount: serviceAccount ?? (isDefault ? DEFAULT_ACCOUNT : undefined) };
}

/** Throws where the name of a Gateway would be taken for Istio's word. */
export function checkNameMesh(where: Construct, what: string, name: string, namespace: string | undefined): void {
  if (name === 'mesh' && namespace === undefined) {
    refuse(
      where,
      `the Gateway would be called 'mesh', which without a namespace is Istio's word for all sidecars; set ${what}, or the namespace.`,
    );
  }
}

/** Throws unless `account` is a namespace and a ServiceAccount, or undefined. */
export function checkAccount(where: Construct, what: string, account: string | undefined): void {
  if (account === undefined) {
    return;
  }
  const [namespace, name, ...more] = account.split('/');
  if (more.length > 0 || [complaintAboutDnsLabel(namespace), complaintAboutDnsName(name ?? '')].some(Boolean)) {
    refuse(
      where,
      `${what} ${show(account)} is not a ServiceAccount with its namespace; write both, as in 'istio-ingress/istio-ingress'.`,
    );
  }
}

function checkSelector(where: Construct, what: string, selector: { readonly [key: string]: string }): void {
  checkLabels(where, selector);
  for (const [key, value] of Object.entries(selector)) {
    refuseIf(where, `${what}: label '${key}'`, value, complaintAboutLabelValue(value));
  }
  if (Object.keys(selector).length === 0) {
    refuse(where, `${what} is empty, which Istio reads as every proxy that is a gateway; name the labels of yours.`);
  }
}
