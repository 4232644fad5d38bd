/*
 * Manifests with a fault of each kind that a run looks for. A run that does not see one of them proves nothing.
 */
import { Yaml } from 'cdk8s';
import type { ApiServer } from '../kubernetes/api-server';
import type { Manifest } from '../manifest';
import { Admission } from './admission';
import type { Sample } from './corpus';

interface Fault {
  readonly title: string;
  readonly manifest: Manifest;
  /** In place of the usual ways to apply. */
  readonly ways?: readonly (readonly string[])[];
  /** What the complaint about it says. */
  readonly said: RegExp;
}

const metadata = { name: 'planted', namespace: 'planted' };
const virtualService = (...http: readonly object[]): Manifest => ({
  apiVersion: 'networking.istio.io/v1',
  kind: 'VirtualService',
  metadata,
  spec: { hosts: ['planted'], http },
});
const route = [{ destination: { host: 'planted' } }];
const withUnknownField = virtualService({ route, matches: [] });
const service: Manifest = { apiVersion: 'v1', kind: 'Service', metadata, spec: { ports: [{ port: 80 }] } };

const FAULTS: readonly Fault[] = [
  {
    title: 'an unknown field of a Service',
    manifest: { ...service, spec: { ports: [{ port: 80, prot: 'TCP' }] } },
    said: /prot/,
  },
  {
    title: 'an unknown field of a VirtualService',
    manifest: withUnknownField,
    said: /unknown field "spec.http\[0\].matches"/,
  },
  {
    title: 'a field that is pruned without a word',
    manifest: withUnknownField,
    ways: [['apply', '--validate=ignore']],
    said: /spec.http\[0\].matches was \[\] and is gone/,
  },
  {
    title: 'a value that is not allowed',
    manifest: virtualService({ route, match: [{ uri: { exact: '/', prefix: '/' } }] }),
    said: /uri/,
  },
  {
    title: "what only Istio's webhook refuses",
    manifest: virtualService({ match: [{ uri: { exact: '/' } }] }),
    said: /admission webhook "validation.istio.io" denied the request/,
  },
  {
    title: "what only Istio's webhook warns of",
    manifest: virtualService({ route }, { route }),
    said: /Warning: virtualService rule #1 not used/,
  },
  {
    title: 'a deprecated API',
    manifest: { apiVersion: 'v1', kind: 'Endpoints', metadata, subsets: [] },
    said: /Warning: v1 Endpoints is deprecated/,
  },
];

/** Titles of the faults that nothing was said about, or something else. */
export async function unseenFaults(server: ApiServer): Promise<readonly string[]> {
  const unseen: string[] = [];
  for (const { title, manifest, ways, said } of FAULTS) {
    const sample: Sample = { title, yaml: Yaml.stringify(manifest), manifests: [manifest] };
    const complaints = await new Admission(server, ways).complaints([sample]);
    const reasons = complaints.flatMap((complaint) => complaint.reasons);
    if (!reasons.some((reason) => said.test(reason))) {
      unseen.push(`${title}: ${reasons.join('; ') || 'no complaint'}`);
    }
  }
  return unseen;
}

export const PLANTED = FAULTS.length;
