/*
 * The comparison of declared callers with what Envoy does, against answers made up by hand.
 */
import { RECEIVED_HEADER } from '../../conformance/backend';
import { NO_ANSWER, type Reply } from '../../conformance/client';
import { Cluster } from '../../conformance/cluster';
import { DETAILS_HEADER } from '../../conformance/envoy-config';
import { Random } from '../../conformance/random';
import { type Call, callsIn, type End } from '../../conformance/security/calls';
import { manifestsFor } from '../../conformance/security/charts';
import { complaint, complaintsAboutCounts } from '../../conformance/security/compare';
import { type Declaration, type Identity, mayCall } from '../../conformance/security/declaration';
import { LoopbackPorts } from '../../conformance/security/ports';

const GATEWAY = { namespace: 'istio-system', account: 'istio-ingressgateway-service-account' };
const SHOP = { name: 'shop', namespace: 'shop', accounts: ['shop-v1'], callers: [] };
const REVIEWS = {
  name: 'reviews',
  namespace: 'shop',
  accounts: ['reviews-v1', 'admin'],
  callers: [{ service: 'shop' }, { namespace: 'batch', account: 'nightly' }],
};
const DECLARATION: Declaration = {
  security: 'strict',
  trustDomain: 'cluster.local',
  namesTrustDomain: false,
  gateway: GATEWAY,
  services: [SHOP, REVIEWS],
  everywhere: [{ namespace: 'monitoring' }],
};

test.each<[string, Identity, boolean, boolean]>([
  ['the gateway calls the first service', GATEWAY, true, false],
  ['a service calls where it is declared', { namespace: 'shop', account: 'shop-v1' }, false, true],
  ['not from another namespace', { namespace: 'batch', account: 'shop-v1' }, false, false],
  ['one account does', { namespace: 'batch', account: 'nightly' }, false, true],
  ['not another of its namespace', { namespace: 'batch', account: 'default' }, false, false],
  ['a namespace does', { namespace: 'monitoring', account: 'default' }, true, true],
])('%s', (_, client, shop, reviews) => {
  expect([SHOP, REVIEWS].map((service) => mayCall(DECLARATION, service, client))).toEqual([shop, reviews]);
  expect(mayCall({ ...DECLARATION, security: 'mutualTls' }, SHOP, client)).toBe(true);
});

describe('a call', () => {
  const ports = new LoopbackPorts(28000);
  const cluster = new Cluster(manifestsFor(DECLARATION, ports.app));
  const calls = callsIn(DECLARATION, cluster, new Random(1));
  const [, reviews] = cluster.pods;

  test('to the app has to arrive there, by a caller of that name', () => {
    const call = callThat('app');
    const client = `spiffe://cluster.local/ns/${call.client.namespace}/sa/${call.client.account}`;
    expect(judge(call, answered(call.pod?.ip, client))).toBeUndefined();
    expect(judge(call, answered(reviews.ip, client))).toContain('the pod at');
    expect(judge(call, answered(call.pod?.ip, 'spiffe://cluster.local/ns/shop/sa/other'))).toContain('sa/other calls');
    expect(judge(call, refused())).toBe('403 RBAC: access denied (rbac_access_denied_matched_policy[none])');
  });

  test('to be refused has to be refused for want of a rule that matches', () => {
    expect(judge(callThat('403'), refused())).toBeUndefined();
    expect(judge(callThat('403'), refused('rbac_access_denied_matched_policy[ns[shop]-policy[x]-rule[0]]'))).toContain(
      'x',
    );
    expect(judge(callThat('403'), { kind: 'closed', reason: 'closed' })).toBe('closed (closed)');
  });

  test('of a stranger has to be closed, at once, and for the reason that Envoy counts', () => {
    const call = callThat('plain text');
    expect(judge(call, { kind: 'closed', reason: 'ECONNRESET' })).toBeUndefined();
    expect(judge(call, { kind: 'closed', reason: NO_ANSWER })).toContain(NO_ANSWER);
    expect(judge(call, refused())).toContain('403');
    expect(complaintsAboutCounts([call], new Map([['plain text', 1]]))).toEqual([]);
    expect(complaintsAboutCounts([call], new Map([['no certificate', 1]]))).toHaveLength(1);
  });

  function callThat(end: End): Call {
    return calls.find((call) => call.door === 'pod' && call.end === end && call.service === SHOP) as Call;
  }

  function judge(call: Call, reply: Reply): string | undefined {
    return complaint(call, reply, { cluster, trustDomain: 'cluster.local' }, ports);
  }

  function answered(at: string | undefined, client: string): Reply {
    const peers = `By=spiffe://cluster.local/ns/shop/sa/shop-v1;Hash=0;Subject="";URI=${client}`;
    const received = { backend: ports.appBackend, at, headers: [['x-forwarded-client-cert', peers]] };
    const headers = new Map([[RECEIVED_HEADER, Buffer.from(JSON.stringify(received)).toString('base64')]]);
    return { kind: 'http', status: 200, headers, body: '' };
  }
});

function refused(details = 'rbac_access_denied_matched_policy[none]'): Reply {
  return { kind: 'http', status: 403, headers: new Map([[DETAILS_HEADER, details]]), body: 'RBAC: access denied' };
}
