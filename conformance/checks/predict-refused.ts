/*
 * What the check on what Envoy refuses predicts. Here routes are part of the listener, so that Envoy refuses both together.
 */
import { Cluster } from '../cluster';
import { proxyPod } from '../control-plane';
import type { Ask } from '../manifest';
import type { Observation } from '../observation';
import { answeredBy, asksForAll, gatewaysOf, rulesOf, virtualServiceOf } from './gateways';
import { objectNamed, placeOf } from './marks';
import { type Case, type Judgement, type Prediction, proxyNamespace, type Trial } from './trial';

export const rejectedByEnvoy: Prediction = {
  says: 'Envoy refuses the listener, with a reason: a new proxy opens no port',
  predict(one) {
    switch (one.finding.kind) {
      case 'Gateway':
        return atGateway(one);
      case 'VirtualService':
        return one.finding.path.endsWith('.redirectCode') ? ofRedirect(one) : inSidecar(one);
      default:
        return inSidecar(one);
    }
  },
};

function atGateway({ finding, mesh }: Case): Trial | undefined {
  const gateway = objectNamed(mesh.manifests, 'Gateway', finding.namespace, finding.name);
  const names = [...finding.message.matchAll(/of Gateway (\S+)/g)].map(([, name]) => name);
  const obeyed = gatewaysOf(mesh);
  const isObeyed = (name: string) =>
    obeyed.some((each) => objectNamed([each], 'Gateway', ...splitName(name)) !== undefined);
  const [, list = ''] =
    / on ports? (\d+(?: and \d+)?)(?:\. Istio generates|, which lead|, and Envoy refuses)/.exec(finding.message) ?? [];
  if (gateway === undefined || mesh.proxy.gateway === undefined || !names.every(isObeyed)) {
    return undefined;
  }
  const cluster = new Cluster(mesh.manifests);
  const pod = proxyPod(mesh, cluster);
  // Of ports that lead to one port of the pods, Istio takes the first, and opens servers of the others where nobody arrives.
  const ports = (list.match(/\d+/g) ?? []).map(Number).filter((port) => !cluster.isSecondWay(pod, port));
  const asks = ports.flatMap((port) => [askOf('http', 'a.example.com', port), askOf('https', 'a.example.com', port)]);
  return { asks, judge: ({ ask, seen }) => (ports.includes(ask.port) ? isUnloaded(seen) : 'says nothing') };
}

function splitName(name: string): [namespace: string, name: string] {
  const slash = name.indexOf('/');
  return [name.slice(0, slash), name.slice(slash + 1)];
}

/** A port that the Service in front of the gateway lacks is refused, too, before any Envoy. */
function isUnloaded(seen: Observation): Judgement {
  return seen.kind === 'unloaded'
    ? 'confirms'
    : seen.kind === 'refused'
      ? 'says nothing'
      : { refutes: 'the listener was there' };
}

/** Neither this rule nor any other of the port answers. */
function ofRedirect(one: Case): Trial | undefined {
  const object = virtualServiceOf(one);
  const place = placeOf(one.finding, one.mesh.manifests);
  if (object === undefined || place === undefined) {
    return undefined;
  }
  const mark = rulesOf(object)[place.rule];
  return {
    asks: asksForAll(one, object),
    judge({ seen }) {
      if (answeredBy(seen, [mark])) {
        return { refutes: 'the rule answered' };
      }
      return seen.kind === 'unloaded' ? 'confirms' : 'says nothing';
    },
  };
}

function inSidecar({ finding, mesh }: Case): Trial | undefined {
  const { message } = finding;
  const [, list = ''] =
    /^In the sidecars of namespace (.*?), (?:a short name|a filter chain|two filter)/.exec(message) ?? [];
  const [, number, address = NOBODY] = / port (\d+)(?: of ([^\s,]+))?/.exec(message) ?? [];
  const port = Number(number);
  const namespaces = list.split(/, | and /);
  if (mesh.proxy.sidecar === undefined || !namespaces.includes(proxyNamespace(mesh)) || number === undefined) {
    return undefined;
  }
  // Labels may decide who is meant.
  const isForAll = !/"(?:sourceLabels|workloadSelector)"/.test(JSON.stringify(mesh.manifests));
  const ask = askOf('http', address, port);
  return {
    asks: [ask],
    judge({ ask: asked, seen }) {
      return asked !== ask || (!isForAll && seen.kind !== 'unloaded') ? 'says nothing' : isUnloaded(seen);
    },
  };
}

/** A name that no object of the mesh has, and so goes to the listener of all addresses. */
const NOBODY = 'nobody.example.net';

function askOf(scheme: Ask['scheme'], host: string, port: number): Ask {
  return { method: 'GET', scheme, connectHost: host, port, authority: host, target: '/', headers: [] };
}
