/*
 * Why istioctl's analyzers say something that the checks do not say. Every message needs a reason here; one without fails the run.
 */
import type { Finding } from '../../src/checks/finding';
import type { AnalyzerMessage } from '../control-plane';
import type { Manifest } from '../manifest';

/** What a message is worth that only istioctl has. */
export interface OnlyTheirs {
  readonly kind: 'said elsewhere' | 'out of scope' | 'false alarm';
  readonly why: string;
}

interface Reason extends OnlyTheirs {
  readonly codes: readonly string[];
  readonly holds: (context: Context) => boolean;
}

interface Context {
  readonly message: AnalyzerMessage;
  readonly findings: readonly Finding[];
  readonly manifests: readonly Manifest[];
  readonly object: Manifest | undefined;
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

function found({ findings, message: { origin } }: Context, ...checks: readonly string[]): boolean {
  return findings.some(
    ({ check, kind, namespace, name }) => checks.includes(check) && `${kind} ${namespace}/${name}` === origin,
  );
}

function foundAnywhere({ findings }: Context, ...checks: readonly string[]): boolean {
  return findings.some(({ check }) => checks.includes(check));
}

function spec({ object }: Context): { readonly [field: string]: unknown } {
  return (object?.spec ?? {}) as { readonly [field: string]: unknown };
}

function rulesOf(context: Context): readonly { readonly delegate?: unknown }[] {
  return (spec(context).http ?? []) as readonly { readonly delegate?: unknown }[];
}

/** How many DestinationRules of the namespace are for the host of this one. */
function rulesForHost({ manifests, object }: Context): number {
  const short = ({ spec: of }: Manifest) => ((of as { host?: string }).host ?? '').replace(/\..*$/, '');
  return manifests.filter(
    (each) =>
      object !== undefined &&
      each.kind === 'DestinationRule' &&
      each.metadata.namespace === object.metadata.namespace &&
      short(each) === short(object),
  ).length;
}

const REASONS: readonly Reason[] = [
  {
    codes: ['IST0101'],
    kind: 'out of scope',
    why: "The pods of a Gateway are seldom among an app's manifests, so the check speaks only where some gateway's are",
    holds: ({ message }) => message.message.includes('selector not found'),
  },
  {
    codes: ['IST0132'],
    kind: 'said elsewhere',
    why: 'The Gateway does not exist, which gateway-not-found says, and istioctl too, as IST0101',
    holds: (context) => found(context, 'gateway-not-found'),
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
