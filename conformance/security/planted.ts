/*
 * Policies that are almost right, to see that the run tells them from right ones.
 */
import type { Declaration } from './declaration';
import type { SecurityLaboratory } from './laboratory';
import { type Change, type Trial, translate, trial } from './trial';

/** In it, each part of each policy decides about some client. */
const EXAMPLE: Declaration = {
  security: 'strict',
  trustDomain: 'corp.example',
  namesTrustDomain: false,
  gateway: { namespace: 'istio-system', account: 'istio-ingressgateway-service-account' },
  services: [
    { name: 'shop', namespace: 'shop', accounts: ['shop'], callers: [] },
    {
      name: 'reviews',
      namespace: 'shop-batch',
      accounts: ['reviews-v1', 'admin'],
      callers: [{ service: 'shop' }, { namespace: 'batch' }],
    },
  ],
  everywhere: [{ namespace: 'shop-batch', account: 'admin' }],
};

export const PLANTED: { readonly [fault: string]: Change } = {
  'no AuthorizationPolicy': (manifest) => (manifest.kind === 'AuthorizationPolicy' ? undefined : manifest),
  'no PeerAuthentication': (manifest) => (manifest.kind === 'PeerAuthentication' ? undefined : manifest),
  'mode PERMISSIVE': inText('PeerAuthentication', (text) => text.replace('STRICT', 'PERMISSIVE')),
  'policies for no pod': inText('AuthorizationPolicy', (text) => text.replace('"app":"', '"app":"no-')),
  'accounts by their first letters': ofPrincipals((principal) => `${principal}*`),
  'accounts of any namespace': ofPrincipals((principal) => principal.replace(/.*(?=\/sa\/)/, '*')),
  'all accounts of a namespace': ofPrincipals((principal) => principal.replace(/(?<=\/sa\/).*/, '*')),
  'another trust domain': ofPrincipals((principal) => principal.replace('cluster.local', 'example.org')),
  'a caller is forgotten': inText('AuthorizationPolicy', (text) =>
    text.replace(/"principals":\["[^"]*",/g, '"principals":['),
  ),
  'sources that all have to hold': inText('AuthorizationPolicy', (text) => text.replaceAll('}},{"source":{', ',')),
};

/** The policies as the library writes them. */
export function withoutFault(laboratory: SecurityLaboratory): Promise<Trial> {
  return withChange(laboratory, (manifest) => manifest);
}

/** Those that the run would not see. */
export async function unseenFaults(laboratory: SecurityLaboratory): Promise<readonly string[]> {
  const unseen: string[] = [];
  for (const [fault, change] of Object.entries(PLANTED)) {
    const { complaints } = await withChange(laboratory, change);
    if (complaints.length === 0) {
      unseen.push(fault);
    }
  }
  return unseen;
}

async function withChange(laboratory: SecurityLaboratory, change: Change): Promise<Trial> {
  return await trial(laboratory, EXAMPLE, await translate(laboratory, EXAMPLE, change), 1);
}

function inText(kind: string, change: (text: string) => string): Change {
  return (manifest) =>
    manifest.kind === kind ? { ...manifest, spec: JSON.parse(change(JSON.stringify(manifest.spec))) } : manifest;
}

function ofPrincipals(change: (principal: string) => string): Change {
  return inText('AuthorizationPolicy', (text) =>
    text.replace(/"principals":(\[[^\]]*\])/g, (_, list) => {
      const principals = JSON.parse(list) as string[];
      return `"principals":${JSON.stringify(principals.map(change))}`;
    }),
  );
}
