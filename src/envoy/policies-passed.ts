/*
 * The policies that apply to a request and that are not evaluated here: those for the pods of the gateway, and for the pods that answer.
 */
import { type MeshObject, nameOf } from '../manifests/object';
import type { EndpointGroup } from '../model/endpoints';
import { injectionOf, isAmbient } from '../model/injection';
import type { MeshModel } from '../model/model';
import { mismatchInWords, serverTlsOf } from '../model/mutual-tls';
import { policiesFor, policiesOf, type Selectable } from '../model/policies';
import type { Workload } from '../model/workload';
import { workloadOf } from '../model/workloads-of-objects';
import type { GatewayProxy } from '../proxy/gateway-proxies';
import { tlsMismatches } from '../proxy/tls-mismatches';
import { groupBy } from '../syntax/grouping';
import { type Caveat, CaveatKind, caveatAbout } from './caveat';
import { RouteOutcome } from './outcome';
import type { RouteRequest } from './request';
import type { Trail } from './trail';
import type { Verdict } from './verdict';

/** Pods that a request comes by. */
interface Passed extends Selectable {
  readonly name: string;
}

/** What a policy can do to a request by some of those pods. */
interface Effect {
  readonly policy: MeshObject;
  readonly effect: string;
  readonly pods: string;
}

const KINDS = ['AuthorizationPolicy', 'RequestAuthentication'] as const;

export function policiesPassed(
  model: MeshModel,
  asked: RouteRequest,
  verdict: Verdict,
  trail: Trail,
): readonly Caveat[] {
  if (KINDS.every((kind) => policiesOf(model, kind).size === 0)) {
    return [];
  }
  const { listeners } = trail;
  const gateway = listeners === undefined || !isRead(verdict) ? [] : [gatewayPods(listeners.proxy, asked)];
  const effects = [...gateway, ...answering(model, verdict)].flatMap((pods) =>
    KINDS.flatMap((kind) => {
      const policies = policiesFor(model, kind, pods);
      const isOpen = policies.some(({ object }) => isFor(object, pods, model) && allowsAll(object));
      return policies.flatMap(({ object: policy }): readonly Effect[] => {
        const effect = kind === 'AuthorizationPolicy' ? effectOfAuthorization(policy, isOpen) : effectOfTokens(policy);
        return effect === undefined ? [] : [{ policy, effect, pods: pods.name }];
      });
    }),
  );
  return oneForEach(effects);
}

/** Pods whose proxies want a certificate, which clients without a proxy do not have. */
export function strictPods(model: MeshModel, groups: readonly EndpointGroup[], port: number): readonly Caveat[] {
  const effect = "it is STRICT: connections without Istio's mutual TLS are closed, and this client has none";
  const effects = groups.flatMap(({ object }): readonly Effect[] => {
    const workload = workloadOf(model, object);
    const pods = workload && withProxy(model, workload);
    const tls = pods && serverTlsOf(model, workload, port);
    return pods !== undefined && tls?.mode === 'STRICT' ? [{ policy: tls.by, effect, pods: pods.name }] : [];
  });
  return oneForEach(effects);
}

/** One caveat for each policy, whatever the number of pods. */
function oneForEach(effects: readonly Effect[]): readonly Caveat[] {
  return [...groupBy(effects, ({ policy }) => policy)].map(([policy, all]) => {
    const pods = [...new Set(all.map(({ pods }) => pods))].join(', ');
    const text = `${nameOf(policy)} is for ${pods}, and its effect on the request is not evaluated: ${all[0].effect}.`;
    return caveatAbout(CaveatKind.NOT_EVALUATED, policy, text);
  });
}

/** Connections for which the manifests do not say whether their TLS fails. */
export function doubtfulTls(model: MeshModel, { clusters = [] }: Verdict): readonly Caveat[] {
  const found = clusters.flatMap(({ cluster }) =>
    [...(tlsMismatches(model, cluster)?.values() ?? [])].flatMap((mismatch) => {
      const { client, isCertain } = mismatch;
      const text = `${nameOf(client.object)} makes clients of ${cluster.host} use TLS mode ${client.mode}, and ${mismatchInWords(mismatch)}.`;
      return isCertain ? [] : [caveatAbout(CaveatKind.NOT_EVALUATED, client.object, text, client.path)];
    }),
  );
  return [...new Map(found.map((caveat) => [caveat.text, caveat])).values()];
}

/** Whether the filters of a listener see the request: connections that come to nothing do not get that far, nor what is malformed. */
function isRead({ outcome, status }: Verdict): boolean {
  switch (outcome) {
    case RouteOutcome.NO_LISTENER:
    case RouteOutcome.TLS_FAILURE:
    case RouteOutcome.UNDECIDED:
      return false;
    default:
      return outcome !== RouteOutcome.BAD_REQUEST || status === 403;
  }
}

function gatewayPods({ labels, name, namespace, workload }: GatewayProxy, { gatewayNamespace }: RouteRequest): Passed {
  const isKnown = workload !== undefined || gatewayNamespace != null;
  return { labels, name: `the gateway (${name})`, namespace: isKnown ? namespace : undefined };
}

/** The pods that answer and have a proxy. */
function answering(model: MeshModel, { clusters = [], outcome }: Verdict): readonly Passed[] {
  if (outcome !== RouteOutcome.FORWARD && outcome !== RouteOutcome.TCP_FORWARD) {
    return [];
  }
  const objects = new Set(clusters.flatMap(({ cluster }) => cluster.endpoints.map(({ object }) => object)));
  return [...objects].flatMap((object) => {
    const workload = workloadOf(model, object);
    return (workload && withProxy(model, workload)) ?? [];
  });
}

/** Pods whose proxy heeds policies; undefined where they have none for sure. */
function withProxy(model: MeshModel, workload: Workload): Passed | undefined {
  const { object, podLabels: labels } = workload;
  const injection = isAmbient(model, workload) ? 'yes' : injectionOf(model, workload);
  const condition = injection === 'yes' ? '' : ' (if its pods have a sidecar)';
  return injection === 'no'
    ? undefined
    : { labels, namespace: object.namespace, name: `${nameOf(object)}${condition}` };
}

/** Whether a policy that may be for pods is: of pods whose namespace is not known, only those of the root namespace are sure to be. */
function isFor({ namespace }: MeshObject, pods: Passed, { rootNamespace }: MeshModel): boolean {
  return pods.namespace !== undefined || namespace === rootNamespace;
}

function allowsAll(object: MeshObject): boolean {
  const rules = object.node.get('spec').get('rules').items();
  return actionOf(object) === 'ALLOW' && rules.some((rule) => rule.entries().every(([, value]) => !value.present));
}

/** Undefined where it only writes logs. */
function actionOf({ annotations, node }: MeshObject): string | undefined {
  return annotations.get('istio.io/dry-run') === 'true'
    ? undefined
    : (node.get('spec').get('action').text() ?? 'ALLOW');
}

/**
 * What the policy can do to a request; undefined where it refuses none.
 *
 * @param isOpen whether one for the same pods allows every request, which no other can take back but by DENY or CUSTOM
 */
function effectOfAuthorization(object: MeshObject, isOpen: boolean): string | undefined {
  const rules = object.node.get('spec').get('rules').items();
  switch (actionOf(object)) {
    case 'ALLOW':
      return isOpen || allowsAll(object)
        ? undefined
        : 'a request gets 403 unless a rule of this or another such policy allows it';
    case 'DENY':
      return rules.length === 0 ? undefined : 'a request that one of its rules matches gets 403';
    case 'CUSTOM':
      return rules.length === 0
        ? undefined
        : 'its provider decides which of the requests that match its rules are refused';
    default:
      return undefined;
  }
}

function effectOfTokens({ node }: MeshObject): string | undefined {
  const rules = node.get('spec').get('jwtRules').maps();
  if (rules.length === 0) {
    return undefined;
  }
  const headers = rules
    .flatMap((rule) => rule.get('outputClaimToHeaders').maps())
    .flatMap((output) => output.get('header').text() ?? []);
  const claims =
    headers.length === 0 ? '' : `, and the claims of a valid token become the headers ${headers.join(', ')}`;
  return `a request with an invalid token gets 401${claims}`;
}
