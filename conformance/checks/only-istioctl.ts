/*
 * Why istioctl's analyzers say something that the checks do not say. Every message needs a reason here; one without fails the run.
 */
import type { Finding } from '../../src/checks/finding';
import type { AnalyzerMessage } from '../control-plane';
import type { Manifest } from '../manifest';
import {
  type Context,
  found,
  foundAnywhere,
  hostOf,
  isDefinedElsewhere,
  isExportedToSome,
  isForOtherNamespaces,
  isOfAnotherList,
  isOfGatewayRules,
  isOfKind,
  isOfServiceEntry,
  isOfServiceWithoutSelector,
  isReusedByBrowsers,
  isSetAside,
  rulesForHost,
  rulesOf,
  spec,
} from './message-context';

/** What a message is worth that only istioctl has. */
export interface OnlyTheirs {
  readonly kind: 'said elsewhere' | 'out of scope' | 'false alarm';
  readonly why: string;
}

interface Reason extends OnlyTheirs {
  readonly codes: readonly string[];
  readonly holds: (context: Context) => boolean;
}

export function whyOnlyTheirs(
  message: AnalyzerMessage,
  findings: readonly Finding[],
  manifests: readonly Manifest[],
): OnlyTheirs | undefined {
  const object = manifests.find(
    ({ kind, metadata }) => `${kind} ${metadata.namespace ?? 'default'}/${metadata.name}` === message.origin,
  );
  const context = { message, findings, manifests, object };
  const reason = REASONS.find(({ codes, holds }) => codes.includes(message.code) && holds(context));
  return reason && { kind: reason.kind, why: reason.why };
}

const REASONS: readonly Reason[] = [
  {
    codes: ['IST0111', 'IST0134', 'IST0177'],
    kind: 'out of scope',
    why: 'Of a ServiceEntry, WorkloadEntry or Sidecar itself the checks say only what Istio refuses or warns of at admission',
    holds: (context) => isOfKind(context, 'ServiceEntry', 'WorkloadEntry', 'Sidecar'),
  },
  {
    codes: ['IST0101'],
    kind: 'out of scope',
    why: "The pods of a Gateway are seldom among an app's manifests, so the check speaks only where some gateway's are",
    holds: ({ message }) => message.message.includes('selector not found'),
  },
  {
    codes: ['IST0101'],
    kind: 'false alarm',
    why: 'A DestinationRule of another namespace defines the subset, where istioctl looks for no host outside the cluster',
    holds: (context) => context.message.message.includes('+subset in') && isDefinedElsewhere(context),
  },
  {
    codes: ['IST0101'],
    kind: 'false alarm',
    why: 'The host is exported to the namespace of the gateway, which is all that counts; istioctl looks at that of the VirtualService',
    holds: isForOtherNamespaces,
  },
  {
    codes: ['IST0101'],
    kind: 'said elsewhere',
    why: 'The route is never used: its VirtualService has no host or no server at any Gateway that reads it',
    holds: (context) =>
      context.message.message.startsWith('Referenced host') &&
      found(context, 'host-not-in-gateway', 'http-routes-on-tcp-server'),
  },
  {
    codes: ['IST0112'],
    kind: 'said elsewhere',
    why: 'The destination does not exist, which destination-not-found says',
    holds: (context) => found(context, 'destination-not-found'),
  },
  {
    codes: ['IST0132'],
    kind: 'said elsewhere',
    why: 'The Gateway does not exist, which gateway-not-found says, and istioctl too, as IST0101',
    holds: (context) => found(context, 'gateway-not-found'),
  },
  {
    codes: ['IST0138'],
    kind: 'false alarm',
    why: 'The certificate is used on another port, for TCP, or for a host that is left out as a duplicate: no browser reuses it',
    holds: (context) => !isReusedByBrowsers(context),
  },
  {
    codes: ['IST0109', 'IST0138', 'IST0145'],
    kind: 'said elsewhere',
    why: 'A conflict is reported once, for the object that loses, and by istioctl for each object that takes part',
    holds: ({ findings, message }) => findings.some(({ istioCodes }) => istioCodes.includes(message.code)),
  },
  {
    codes: ['IST0109'],
    kind: 'false alarm',
    why: 'One VirtualService has the host by two names, and is named as in conflict with itself',
    holds: ({ message }) => / ([^ ,]+),\1 associated/.test(message.message),
  },
  {
    codes: ['IST0109'],
    kind: 'false alarm',
    why: 'One of the two has the host and the other a wildcard that covers it: they do not conflict, the host wins',
    holds: ({ manifests }) =>
      manifests.some(
        ({ kind, spec: of }) =>
          kind === 'VirtualService' &&
          ((of as { hosts?: readonly string[] }).hosts ?? []).some((host) => host.startsWith('*')),
      ),
  },
  {
    codes: ['IST0109'],
    kind: 'said elsewhere',
    why: 'One of the two delegates to rules that are dropped, so that it has none, which delegate-dropped says',
    holds: (context) => foundAnywhere(context, 'delegate-dropped'),
  },
  {
    codes: ['IST0145'],
    kind: 'false alarm',
    why: 'Named are Gateways that do not have the host on that port, because the hosts of all ports are compared together',
    holds: () => true,
  },
  {
    codes: ['IST0130', 'IST0131'],
    kind: 'said elsewhere',
    why: 'The rule delegates: the checks report the rules of the delegate, or that they are dropped',
    holds: (context) => rulesOf(context).some(({ delegate }) => delegate !== undefined),
  },
  {
    codes: ['IST0130', 'IST0131'],
    kind: 'said elsewhere',
    why: 'The rule gets no request for a reason of its own: match-gateway-not-listed, rule-never-matches',
    holds: (context) => found(context, 'match-gateway-not-listed', 'rule-never-matches', 'without-headers-surprise'),
  },
  {
    codes: ['IST0130', 'IST0131'],
    kind: 'said elsewhere',
    why: 'The rule is a delegate’s, and is dropped, which delegate-dropped says',
    holds: (context) => found(context, 'delegate-dropped'),
  },
  {
    codes: ['IST0130', 'IST0131'],
    kind: 'out of scope',
    why: 'A rule for TLS or TCP: of what an earlier rule takes, the checks compare http rules only',
    holds: isOfAnotherList,
  },
  {
    codes: ['IST0131'],
    kind: 'false alarm',
    why: 'The match ignores case, so that the earlier one, which does not, leaves some requests to it',
    holds: (context) => JSON.stringify(spec(context)).includes('"ignoreUriCase":true'),
  },
  {
    codes: ['IST0131'],
    kind: 'said elsewhere',
    why: 'The match repeats one of a rule that is not in force at all: its VirtualService is bound to no Gateway that exists',
    holds: (context) => found(context, 'gateway-not-found'),
  },
  {
    codes: ['IST0140'],
    kind: 'false alarm',
    why: "The VirtualService names only 'mesh' under gateways, so that no ingress gateway follows it",
    holds: (context) => ((spec(context).gateways ?? []) as readonly string[]).every((name) => name === 'mesh'),
  },
  {
    codes: ['IST0140'],
    kind: 'false alarm',
    why: 'The rules with the subset are bound to gateways and not to the mesh, and nobody expects them of what other routes lead to',
    holds: isOfGatewayRules,
  },
  {
    codes: ['IST0140'],
    kind: 'said elsewhere',
    why: 'The Gateway does not exist, which gateway-not-found says',
    holds: (context) => found(context, 'gateway-not-found'),
  },
  {
    codes: ['IST0150'],
    kind: 'false alarm',
    why: 'The port has no name, and for an ExternalName, which is an alias, sidecars open none',
    holds: ({ object }) => object?.kind === 'Service',
  },
  {
    codes: ['IST0174'],
    kind: 'false alarm',
    why: 'The host exists, and is exported to some namespaces only; istioctl looks at those of the rule, not at callers',
    holds: isExportedToSome,
  },
  {
    codes: ['IST0174'],
    kind: 'out of scope',
    why: 'The host is a wildcard, which istioctl looks for among ServiceEntries alone: the cluster may have hosts for it',
    holds: (context) => hostOf(context).startsWith('*'),
  },
  {
    codes: ['IST0173'],
    kind: 'out of scope',
    why: 'The host is a wildcard, and which endpoints it has is not known from manifests',
    holds: (context) => hostOf(context).startsWith('*'),
  },
  {
    codes: ['IST0173'],
    kind: 'false alarm',
    why: 'The host is of a ServiceEntry, and istioctl looks for the labels on pods alone, not on its endpoints',
    holds: isOfServiceEntry,
  },
  {
    codes: ['IST0173'],
    kind: 'out of scope',
    why: 'The Service has no selector: its endpoints are not those that istioctl looks at',
    holds: isOfServiceWithoutSelector,
  },
  {
    codes: ['IST0173'],
    kind: 'said elsewhere',
    why: 'The Service selects no pod at all, which service-selects-nothing says; or the host is unknown',
    holds: (context) =>
      foundAnywhere(context, 'service-selects-nothing') || found(context, 'destination-rule-host-unknown'),
  },
  {
    codes: ['IST0173'],
    kind: 'said elsewhere',
    why: 'An older rule of the host has a subset of the name, and that one is used, which duplicate-subset says',
    holds: (context) => found(context, 'duplicate-subset'),
  },
  {
    codes: ['IST0101'],
    kind: 'out of scope',
    why: "Secrets with certificates are seldom among an app's manifests",
    holds: ({ message }) => message.message.includes('credentialName not found'),
  },
  {
    codes: ['IST0173'],
    kind: 'out of scope',
    why: 'Another DestinationRule of the namespace is for the same host, and the subset of that one is in force',
    holds: (context) => rulesForHost(context) > 1,
  },
  {
    codes: ['IST0173'],
    kind: 'out of scope',
    why: 'The rule is one of the root namespace, and that of the namespace of the Service is in force',
    holds: isSetAside,
  },
  {
    codes: ['IST0173'],
    kind: 'out of scope',
    why: 'The Deployment has 0 replicas at the moment, and its pods will carry the labels',
    holds: ({ manifests }) =>
      manifests.some(({ kind, spec: of }) => kind === 'Deployment' && (of as { replicas?: number }).replicas === 0),
  },
  {
    codes: ['IST0118'],
    kind: 'out of scope',
    why: 'No http route leads to the port, so that its protocol changes nothing',
    holds: () => true,
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
    why: 'There is no Service in front of the pods, or it leads to the port of the pods that the Gateway names',
    holds: () => true,
  },
  {
    codes: ['IST0103'],
    kind: 'out of scope',
    why: 'The pods are made for this comparison, and nothing was injected',
    holds: () => true,
  },
];
