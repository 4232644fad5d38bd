/*
 * A repository of forty lessons, each a folder with a mesh of its own: they share names, and some a namespace, and are never applied
 * together. In every eighth there is a mistake.
 */

import { readText } from '../../src/manifests/text';
import { Mesh } from '../../src/mesh';

export interface FortyFolders {
  readonly mesh: Mesh;
  readonly objects: number;
  /** Check and file of each mistake. */
  readonly errors: readonly string[];
}

export function fortyFolders(): FortyFolders {
  const folders = Array.from({ length: 40 }, (_, index) => ({
    file: `course/lesson-${String(index).padStart(2, '0')}/mesh.yaml`,
    text: lesson(index),
  }));
  const manifests = [
    ...readText(SHARED, 'course/namespace.yaml').manifests,
    ...folders.flatMap(({ file, text }) => readText(text, file).manifests),
  ];
  return {
    mesh: Mesh._fromRead({ manifests, unreadable: [] }),
    objects: manifests.length,
    errors: folders.filter((_, index) => isWrong(index)).map(({ file }) => `subset-not-found ${file}`),
  };
}

const SHARED = `apiVersion: v1
kind: Namespace
metadata: { name: course, labels: { istio-injection: enabled } }
`;

function isWrong(index: number): boolean {
  return index % 8 === 3;
}

function lesson(index: number): string {
  const namespace = index % 2 === 0 ? '' : ', namespace: course';
  // Each lesson has a Gateway of another name for the same host and port: together they would be at odds.
  return `apiVersion: networking.istio.io/v1
kind: Gateway
metadata: { name: edge-${index}${namespace} }
spec:
  selector: { istio: ingressgateway }
  servers: [{ port: { number: 80, name: http, protocol: ${index % 3 === 0 ? 'HTTP2' : 'HTTP'} }, hosts: ['*'] }]
---
apiVersion: networking.istio.io/v1
kind: VirtualService
metadata: { name: web${namespace} }
spec:
  hosts: [web.example.com, web]
  gateways: [edge-${index}, mesh]
  http: [{ route: [{ destination: { host: web, subset: ${isWrong(index) ? 'v9' : `v${index}`} } }] }]
---
apiVersion: networking.istio.io/v1
kind: DestinationRule
metadata: { name: web${namespace} }
spec: { host: web, subsets: [{ name: v${index}, labels: { version: v${index} } }] }
---
apiVersion: v1
kind: Service
metadata: { name: web${namespace} }
spec: { selector: { app: web }, ports: [{ name: http, port: 80, targetPort: 8000 }] }
---
apiVersion: apps/v1
kind: Deployment
metadata: { name: web-v${index}${namespace} }
spec:
  selector: { matchLabels: { app: web, version: v${index} } }
  template:
    metadata: { labels: { app: web, version: v${index} } }
    spec: { containers: [{ name: app, image: 'web:${index}', ports: [{ containerPort: 8000 }] }] }
---
apiVersion: networking.istio.io/v1
kind: ServiceEntry
metadata: { name: outside-${index}${namespace} }
spec: { hosts: [outside-${index}.example.org], resolution: DNS, ports: [{ number: 80, name: http, protocol: HTTP }] }
`;
}
