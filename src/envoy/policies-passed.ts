/*
 * The policies that a request passes and that nobody evaluates: those for the pods of the gateway, and for the pods that answer.
 */
import { type MeshObject, nameOf } from '../manifests/object';
import { injectionOf, isAmbient } from '../model/injection';
import type { MeshModel } from '../model/model';
import { mismatchInWords } from '../model/mutual-tls';
import { policiesFor, policiesOf, type Selectable } from '../model/policies';
import { workloadOf } from '../model/workloads-of-objects';
import type { GatewayProxy } from '../proxy/gateway-proxies';
import { tlsMismatches } from '../proxy/tls-mismatches';
import { type Caveat, CaveatKind, caveatAbout } from './caveat';
import { RouteOutcome } from './outcome';
import type { RouteRequest } from './request';
import type { Trail } from './trail';
import type { Verdict } from './verdict';

/** Pods that a request comes by. */
interface Passed extends Selectable {
  readonly name: string;
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
  const found = new Map<MeshObject, { readonly effect: string; readonly names: Set<string> }>();
  const { listeners } = trail;
  const gateway = listeners === undefined || !isRead(verdict) ? [] : [gatewayPods(listeners.proxy, asked)];
  for (const pods of [...gateway, ...answering(model, verdict)]) {
    for (const kind of KINDS) {
      const policies = policiesFor(model, kind, pods);
      const isOpen = policies.some(({ object }) => isFor(object, pods, model) && allowsAll(object));
      for (const { object } of policies) {
        const effect = kind === 'AuthorizationPolicy' ? effectOfAuthorization(object, isOpen) : effectOfTokens(object);
        if (effect !== undefined) {
          const known = found.get(object) ?? { effect, names: new Set() };
          found.set(object, known);
          known.names.add(pods.name);
        }
      }
    }
  }
  return [...found].map(([object, { effect, names }]) =>
    caveatAbout(
      CaveatKind.NOT_EVALUATED,
      object,
      `${nameOf(object)} is for ${[...names].join(', ')}, and is not evaluated here: ${effect}.`,
    ),
  );
}

/** Connections of which the manifests do not say whether they fail for their TLS. */
export function doubtfulTls(model: MeshModel, { clusters = [] }: Verdict): readonly Caveat[] {
  const found = clusters.flatMap(({ cluster }) =>
    [...(tlsMismatches(model, cluster)?.values() ?? [])].flatMap((mismatch) => {
      const { client, isCertain } = mismatch;
      const text = `${nameOf(client.object)} lets clients of ${cluster.host} use TLS mode ${client.mode}, and ${mismatchInWords(mismatch)}.`;
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

/** The pods that answer and have a proxy which heeds policies. */
function answering(model: MeshModel, { clusters = [], outcome }: Verdict): readonly Passed[] {
  if (outcome !== RouteOutcome.FORWARD && outcome !== RouteOutcome.TCP_FORWARD) {
    return [];
  }
  const objects = new Set(clusters.flatMap(({ cluster }) => cluster.endpoints.map(({ object }) => object)));
  return [...objects].flatMap((object) => {
    const workload = workloadOf(model, object);
    const injection = workload && (isAmbient(model, workload) ? 'yes' : injectionOf(model, workload));
    if (workload === undefined || injection === 'no') {
      return [];
    }
    const condition = injection === 'yes' ? '' : ' (if its pods have a sidecar)';
    return { labels: workload.podLabels, namespace: object.namespace, name: `${nameOf(object)}${condition}` };
  });
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
        : 'a request that neither its rules nor those of another such policy allow gets 403';
    case 'DENY':
      return rules.length === 0 ? undefined : 'a request that one of its rules matches gets 403';
    case 'CUSTOM':
      return rules.length === 0
        ? undefined
        : 'of requests that one of its rules matches, its provider decides which are refused';
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
  const claims = headers.length === 0 ? '' : `, and the claims of one that is valid become ${headers.join(', ')}`;
  return `a request with a token that is not valid gets 401${claims}`;
}
