/*
 * Why istioctl says something of destinations and DestinationRules that the checks do not say.
 */
import { found, foundAnywhere } from './message-context';
import {
  hasSeveralDefinitions,
  hostOf,
  isDefinedElsewhere,
  isExportedPastClients,
  isExportedToSome,
  isOfServiceEntry,
  isOfServiceWithoutSelector,
  isOnePortForSome,
  isPortOfAnother,
  isPortOfTarget,
  isSeenByClients,
  isSetAside,
  isSubsetOfOtherHost,
  rulesForHost,
} from './message-hosts';
import { isIdleDelegate } from './message-rules';
import type { Reason } from './reason';

export const DESTINATION_REASONS: readonly Reason[] = [
  {
    codes: ['IST0101'],
    kind: 'false alarm',
    why: 'A DestinationRule of another namespace defines the subset, where istioctl looks for no host outside the cluster',
    holds: (context) => context.message.message.includes('+subset in') && isDefinedElsewhere(context),
  },
  {
    codes: ['IST0101'],
    kind: 'false alarm',
    why: 'All gateways and callers that are known see the host, which is all that counts; istioctl looks at the namespace of the VirtualService',
    holds: (context) => context.message.message.includes('host not found') && isSeenByClients(context),
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
    codes: ['IST0101'],
    kind: 'false alarm',
    why: 'A DestinationRule for a wildcard, or for what an ExternalName stands for, has the subset; istioctl looks for the very host',
    holds: (context) => context.message.message.includes('+subset in') && isSubsetOfOtherHost(context),
  },
  {
    codes: ['IST0101'],
    kind: 'false alarm',
    why: 'The host is an ExternalName, and what it stands for has the port',
    holds: (context) => context.message.message.includes('host:port') && isPortOfTarget(context),
  },
  {
    codes: ['IST0101'],
    kind: 'false alarm',
    why: 'Several objects define the host, and its clients take the one that has the port; istioctl takes the last that it reads',
    holds: (context) => context.message.message.includes('host:port') && isPortOfAnother(context),
  },
  {
    codes: ['IST0112'],
    kind: 'false alarm',
    why: 'Several objects define the host, and its clients take one that has a single port; istioctl takes the last that it reads',
    holds: isOnePortForSome,
  },
  {
    codes: ['IST0101', 'IST0112'],
    kind: 'said elsewhere',
    why: 'No request comes to the rules: nobody delegates to them, or only rules of which the checks say that they take nothing',
    holds: isIdleDelegate,
  },
  {
    codes: ['IST0101', 'IST0112'],
    kind: 'said elsewhere',
    why: 'The rule is a delegate’s, and is dropped, which delegate-dropped says',
    holds: (context) => found(context, 'delegate-dropped'),
  },
  {
    codes: ['IST0173'],
    kind: 'out of scope',
    why: 'No client looks for the rule: it is exported past its own namespace, which is not that of the service',
    holds: isExportedPastClients,
  },
  {
    codes: ['IST0173'],
    kind: 'out of scope',
    why: 'Several objects define the host, and one of them may have endpoints for the subset',
    holds: hasSeveralDefinitions,
  },
];
