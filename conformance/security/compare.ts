/*
 * Whether a call ended where it was to end.
 */
import { RECEIVED_HEADER } from '../backend';
import { NO_ANSWER, type Reply } from '../client';
import { DETAILS_HEADER } from '../envoy-config';
import type { Received } from '../journal';
import { decode } from '../observation';
import { identityOf, spiffe } from './authority';
import { type Call, type Closure, podsOf } from './calls';
import type { SecuredMesh } from './clients';
import { nameOf } from './declaration';
import type { PodPorts } from './inbound';

/** What is wrong with a reply; undefined where nothing is. */
export function complaint(call: Call, reply: Reply, mesh: SecuredMesh, ports: PodPorts): string | undefined {
  switch (call.end) {
    case 'app':
      return complaintAboutAnswer(call, reply, mesh, ports);
    case '403':
      return complaintAboutRefusal(reply);
    default:
      return reply.kind === 'closed' && reply.reason !== NO_ANSWER ? undefined : describe(reply);
  }
}

function complaintAboutAnswer(call: Call, reply: Reply, mesh: SecuredMesh, ports: PodPorts): string | undefined {
  const text = reply.kind === 'http' && reply.status === 200 ? reply.headers.get(RECEIVED_HEADER) : undefined;
  if (text === undefined) {
    return describe(reply);
  }
  const received = decode(text);
  const pods = call.pod === undefined ? podsOf(call.service, mesh.cluster) : [call.pod];
  const server = pods.find(({ ip }) => ip === received.at);
  if (server === undefined) {
    return `the pod at ${received.at} answered`;
  }
  if (call.door === 'other port') {
    return received.backend === ports.otherBackend ? undefined : 'the app answered in place of the other port';
  }
  const expected = { By: spiffe(mesh.trustDomain, identityOf(server)), URI: spiffe(mesh.trustDomain, call.client) };
  const { By, URI } = peers(received);
  return By === expected.By && URI === expected.URI ? undefined : `the app was told that ${URI} calls ${By}`;
}

/** Whom the server's sidecar saw, and as whom: it tells the app in a header. */
function peers({ headers }: Received): { readonly [field: string]: string | undefined } {
  const text = headers.find(([name]) => name === 'x-forwarded-client-cert')?.[1] ?? '';
  return Object.fromEntries(text.split(';').map((field) => field.split('=')));
}

/** An ALLOW policy refuses because it matches nothing, and so no rule of it can be named. */
const NONE_MATCHED = 'rbac_access_denied_matched_policy[none]';

function complaintAboutRefusal(reply: Reply): string | undefined {
  const isRefusal =
    reply.kind === 'http' &&
    reply.status === 403 &&
    reply.body === 'RBAC: access denied' &&
    reply.headers.get(DETAILS_HEADER) === NONE_MATCHED;
  return isRefusal ? undefined : describe(reply);
}

function describe(reply: Reply): string {
  if (reply.kind !== 'http') {
    return reply.kind === 'closed' ? `closed (${reply.reason})` : 'connection refused';
  }
  const details = reply.headers.get(DETAILS_HEADER);
  return `${reply.status} ${reply.body}${details === undefined ? '' : ` (${details})`}`;
}

export function describeCall({ door, service, pod, client, credential, end }: Call): string {
  const at = pod === undefined ? '' : ` (${pod.name})`;
  return `${nameOf(client)}, ${credential}, calls ${service.namespace}/${service.name}${at} by ${door}; expected: ${end}`;
}

/** Where Envoy counts other reasons for closed connections than were expected. */
export function complaintsAboutCounts(calls: readonly Call[], closed: ReadonlyMap<Closure, number>): readonly string[] {
  return [...closed].flatMap(([closure, count]) => {
    const expected = calls.filter(({ end }) => end === closure).length;
    return count === expected ? [] : [`Envoy closed ${count} connections for: ${closure}; expected ${expected}`];
  });
}
