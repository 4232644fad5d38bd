/*
 * Why istioctl says something of Gateways, their Services and pods that the checks do not say.
 */
import { found, isSaidOfAnother } from './message-context';
import { getAlong, hasUnknownPods, isReachable, isReusedByBrowsers } from './message-gateways';
import { isNotRoutedTo } from './message-routes';
import type { Reason } from './reason';

export const GATEWAY_REASONS: readonly Reason[] = [
  {
    codes: ['IST0101'],
    kind: 'out of scope',
    why: "The pods of a Gateway are seldom among an app's manifests, so the check speaks only where some gateway's are",
    holds: (context) => context.message.message.includes('selector not found') && hasUnknownPods(context),
  },
  {
    codes: ['IST0101'],
    kind: 'out of scope',
    why: "Secrets with certificates are seldom among an app's manifests",
    holds: ({ message }) => message.message.includes('credentialName not found'),
  },
  {
    codes: ['IST0132'],
    kind: 'said elsewhere',
    why: 'The Gateway does not exist, which gateway-not-found says, and istioctl too, as IST0101',
    holds: (context) => found(context, 'gateway-not-found'),
  },
  {
    codes: ['IST0138', 'IST0145'],
    kind: 'said elsewhere',
    why: 'A conflict is reported once, for the object that loses, and by istioctl for each object that takes part',
    holds: isSaidOfAnother,
  },
  {
    codes: ['IST0138'],
    kind: 'false alarm',
    why: 'The certificate is used on another port, for TCP, or for a host that is left out as a duplicate: no browser reuses it',
    holds: (context) => !isReusedByBrowsers(context),
  },
  {
    codes: ['IST0145'],
    kind: 'false alarm',
    why: 'The servers that share a host read plain HTTP, which Istio puts together, or one TLS and one plain text, which it tells apart; or none do share one',
    holds: getAlong,
  },
  {
    codes: ['IST0150'],
    kind: 'false alarm',
    why: 'The port has no name, and for an ExternalName, which is an alias, sidecars open none',
    holds: ({ object }) => object?.kind === 'Service',
  },
  {
    codes: ['IST0118'],
    kind: 'out of scope',
    why: 'No http route names the port, nor takes it as the only one, so that its protocol changes nothing',
    holds: isNotRoutedTo,
  },
  {
    codes: ['IST0146', 'IST0147'],
    kind: 'out of scope',
    why: "Istio's injection webhook is not among the manifests, so istioctl takes nothing for injected",
    holds: ({ manifests }) => !manifests.some(({ kind }) => kind === 'MutatingWebhookConfiguration'),
  },
  {
    codes: ['IST0162'],
    kind: 'false alarm',
    why: 'There is no Service in front of the pods, or one leads to the port: istioctl takes no port for TCP that does not say so, and reads no targetPort by name',
    holds: isReachable,
  },
  {
    codes: ['IST0103'],
    kind: 'out of scope',
    why: 'The pods are made for this comparison, and nothing was injected',
    holds: ({ message, object }) => message.origin.startsWith('Pod ') && object === undefined,
  },
];
