/*
 * What the checks predict whose messages show a request.
 */
import { namespaceOf } from '../cluster';
import type { Ask, Manifest, MeshCase } from '../manifest';
import { answeredBy, boundTo, gatewaySpec, gatewaysOf, refOf, replace, rulesOf, virtualServiceOf } from './gateways';
import { marksOf, placeOf, specOf } from './marks';
import { type Case, named, type Prediction, withSpec } from './trial';

/** The request that a message gives as its example; undefined where it cannot be sent to the proxy. */
function exampleIn({ finding, mesh }: Case, fallbackPorts: readonly number[]): readonly Ask[] {
  const [, method, url, rest = ''] =
    /request like (\S+) (\S+?)((?: with(?:out)? the header '?[^']*'?| on gateway \S+)*)(?::? it gets| is )/.exec(
      finding.message,
    ) ?? [];
  const [, scheme, authority, target] = /^(https?):\/\/([^/]*)(\/.*)$/.exec(url ?? '') ?? [];
  // From elsewhere than this proxy, nothing is sent here.
  if (/ from (?:namespace|a pod) /.test(finding.message)) {
    return [];
  }
  if (method === undefined || authority === undefined || scheme !== 'http' || mesh.proxy.gateway === undefined) {
    return [];
  }
  const headers = [...rest.matchAll(/with the header '([^:']+): ([^']*)'/g)].map(
    ([, name, value]): [string, string] => [name, value],
  );
  const [host, port] = authority.split(':');
  const ports = port === undefined ? fallbackPorts : [Number(port)];
  return ports.map((number) => ({
    method,
    scheme,
    connectHost: host.toLowerCase(),
    port: number,
    authority,
    target,
    headers,
  }));
}

/** Of the gateway that the message names, if it names one: what another does is not what it speaks of. */
function httpPorts({ finding, mesh }: Case, virtualService: Manifest): readonly number[] {
  const [, named] = / on gateway (\S+)/.exec(finding.message) ?? [];
  const refs = named === undefined ? boundTo(virtualService) : [named];
  const servers = gatewaysOf(mesh)
    .filter((each) => refs.includes(refOf(each)))
    .flatMap((each) => gatewaySpec(each).servers);
  return [...new Set(servers.map(({ port }) => port.number))];
}

const noDefaultRoute: Prediction = {
  says: 'The request that the message shows gets 404; a rule without match at the end takes it',
  predict(one) {
    const object = virtualServiceOf(one);
    const asks = object === undefined ? [] : exampleIn(one, httpPorts(one, object));
    if (object === undefined || asks.length === 0) {
      return undefined;
    }
    const last = { name: 'r99999', directResponse: { status: 200 } };
    return {
      asks,
      mended: replace(one.mesh, object, withSpec(object, { http: [...(specOf(object).http ?? []), last] })),
      judge({ ask, seen, mended }) {
        if (!asks.includes(ask)) {
          return 'says nothing';
        }
        if (marksOf(seen).size > 0) {
          return { refutes: 'a rule answered' };
        }
        const isMissing = seen.kind === 'http' && seen.status === 404;
        return isMissing && mended !== undefined && answeredBy(mended, [last.name]) ? 'confirms' : 'says nothing';
      },
    };
  },
};

const undefinedRuleOrder: Prediction = {
  says: 'Which of the two rules takes the request that the message shows depends on which object is older',
  predict(one) {
    const object = virtualServiceOf(one);
    const first = named(one.mesh, one.finding.message, 'VirtualService');
    const [, path] = /and its rule (spec\.\S+)/.exec(one.finding.message) ?? [];
    const asks = object === undefined ? [] : exampleIn(one, httpPorts(one, object));
    if (object === undefined || first === undefined || first === object || asks.length === 0) {
      return undefined;
    }
    const other = placeOf(
      { ...one.finding, name: first.metadata.name, namespace: namespaceOf(first), path: path ?? '' },
      one.mesh.manifests,
    );
    const marks = [other === undefined ? '' : (specOf(first).http?.[other.rule]?.name ?? ''), ...rulesOf(object)];
    const [theirs, ...own] = marks;
    const older = (oldest: Manifest, youngest: Manifest): MeshCase => ({
      ...one.mesh,
      manifests: one.mesh.manifests.map((each) =>
        each === oldest
          ? aged(each, '2020-01-01T00:00:00Z')
          : each === youngest
            ? aged(each, '2020-01-02T00:00:00Z')
            : each,
      ),
    });
    return {
      asks,
      isolated: older(first, object),
      mended: older(object, first),
      judge({ isolated, mended }) {
        if (isolated === undefined || mended === undefined) {
          return 'says nothing';
        }
        const swapped = answeredBy(isolated, [theirs]) && answeredBy(mended, own);
        const sameRule = [...marksOf(isolated)].join() === [...marksOf(mended)].join();
        if (sameRule && (answeredBy(isolated, [theirs]) || answeredBy(isolated, own))) {
          return { refutes: 'the same rule answered either way' };
        }
        return swapped ? 'confirms' : 'says nothing';
      },
    };
  },
};

function aged(manifest: Manifest, creationTimestamp: string): Manifest {
  return { ...manifest, metadata: { ...manifest.metadata, creationTimestamp } };
}

export const EXAMPLE_PREDICTIONS: { readonly [check: string]: Prediction } = {
  'no-default-route': noDefaultRoute,
  'undefined-rule-order': undefinedRuleOrder,
};
