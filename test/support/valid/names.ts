/*
 * The syntax of names, labels and ports, which OpenAPI leaves to the server.
 */
import { at, type Complaint } from './complaint';
import { fieldsOf, inContainers, inPod, type Labels, type Manifest } from './manifest';

interface Form {
  readonly what: string;
  readonly pattern: RegExp;
}

const DNS_1123_LABEL: Form = {
  what: 'a DNS-1123 label',
  pattern: /^(?=.{1,63}$)[a-z0-9]([-a-z0-9]*[a-z0-9])?$/,
};
const DNS_1035_LABEL: Form = {
  what: 'a DNS-1035 label',
  pattern: /^(?=.{1,63}$)[a-z]([-a-z0-9]*[a-z0-9])?$/,
};
const DNS_1123_SUBDOMAIN: Form = {
  what: 'a DNS-1123 subdomain',
  pattern: /^(?=.{1,253}$)[a-z0-9]([-a-z0-9]*[a-z0-9])?(\.[a-z0-9]([-a-z0-9]*[a-z0-9])?)*$/,
};
const LABEL_VALUE: Form = {
  what: 'a label value',
  pattern: /^(?=.{0,63}$)([A-Za-z0-9]([-A-Za-z0-9_.]*[A-Za-z0-9])?)?$/,
};
const KEY: Form = {
  what: 'a name, or a name behind a DNS-1123 subdomain and a slash',
  pattern:
    /^(?=.{1,253}\/|[^/]*$)([a-z0-9]([-a-z0-9]*[a-z0-9])?(\.[a-z0-9]([-a-z0-9]*[a-z0-9])?)*\/)?(?=.{1,63}$)[A-Za-z0-9]([-A-Za-z0-9_.]*[A-Za-z0-9])?$/,
};
const IANA_SVC_NAME: Form = {
  what: 'an IANA_SVC_NAME: at most 15 of a-z, 0-9 and single hyphens inside, and at least one letter',
  pattern: /^(?=.{1,15}$)(?=.*[a-z])(?!.*--)[a-z0-9]([-a-z0-9]*[a-z0-9])?$/,
};

/** Fields that hold labels, and nothing else where all of their values are strings. */
const LABEL_FIELDS = ['labels', 'matchLabels', 'nodeSelector', 'selector', 'sourceLabels'];
const PORT_FIELDS = ['containerPort', 'port', 'targetPort', 'number'];

export function nameOfObject({ kind, metadata }: Manifest): Complaint[] {
  const name = metadata?.name;
  if (name === undefined) {
    return [{ path: 'metadata.name', wrong: 'is missing' }];
  }
  if (kind === 'Service') {
    return syntax('metadata.name', name, DNS_1035_LABEL);
  }
  if (kind === 'Namespace') {
    return syntax('metadata.name', name, DNS_1123_LABEL);
  }
  return syntax('metadata.name', name, DNS_1123_SUBDOMAIN);
}

export function namespaceOfObject({ metadata }: Manifest): Complaint[] {
  const namespace = metadata?.namespace;
  return namespace === undefined ? [] : syntax('metadata.namespace', namespace, DNS_1123_LABEL);
}

export function labels(manifest: Manifest): Complaint[] {
  return [...fieldsOf(manifest)]
    .filter(({ name, value }) => LABEL_FIELDS.includes(name) && isMapOfStrings(value))
    .flatMap(({ path, value }) =>
      Object.entries(value as Labels).flatMap(([key, text]) => [
        ...syntax(path, key, KEY),
        ...syntax(at(path, key), text, LABEL_VALUE),
      ]),
    );
}

export function annotations(manifest: Manifest): Complaint[] {
  return [...fieldsOf(manifest)]
    .filter(({ name, value }) => name === 'annotations' && isMapOfStrings(value))
    .flatMap(({ path, value }) => Object.keys(value as Labels).flatMap((key) => syntax(path, key, KEY)));
}

export function numbersOfPorts(manifest: Manifest): Complaint[] {
  return [...fieldsOf(manifest.spec, 'spec')]
    .filter(({ name, value }) => PORT_FIELDS.includes(name) && typeof value === 'number')
    .filter(({ value }) => (value as number) < 1 || (value as number) > 65535)
    .map(({ path, value }) => ({ path, wrong: `is ${value}, and a port is from 1 to 65535` }));
}

export function namesInPods(manifest: Manifest): Complaint[] {
  return [
    ...inPod(manifest, ({ volumes = [] }, path) => namesOfItems(at(path, 'volumes'), volumes, DNS_1123_LABEL)),
    ...inContainers(manifest, ({ name, ports = [] }, path) => [
      ...syntax(at(path, 'name'), name, DNS_1123_LABEL),
      ...namesOfItems(at(path, 'ports'), ports, IANA_SVC_NAME),
    ]),
  ];
}

export function portsOfServices({ kind, spec }: Manifest): Complaint[] {
  const { type, clusterIP, ports = [] } = (spec ?? {}) as ServiceSpec;
  if (kind !== 'Service' || type === 'ExternalName') {
    return [];
  }
  if (ports.length === 0 && clusterIP !== 'None') {
    return [{ path: 'spec.ports', wrong: 'is missing, and only a headless Service can do without' }];
  }
  return [
    ...namesOfItems('spec.ports', ports, DNS_1123_LABEL),
    ...ports.flatMap(({ targetPort }, index) =>
      typeof targetPort === 'string' ? syntax(at('spec', 'ports', index, 'targetPort'), targetPort, IANA_SVC_NAME) : [],
    ),
    ...(ports.length > 1 && new Set(ports.flatMap(({ name }) => name ?? [])).size < ports.length
      ? [{ path: 'spec.ports', wrong: 'has several ports, and not each has a name of its own' }]
      : []),
  ];
}

interface ServiceSpec {
  readonly type?: string;
  readonly clusterIP?: string;
  readonly ports?: readonly { readonly name?: string; readonly targetPort?: string | number }[];
}

function namesOfItems(path: string, items: readonly { readonly name?: string }[], form: Form): Complaint[] {
  return items.flatMap(({ name }, index) => (name === undefined ? [] : syntax(at(path, index, 'name'), name, form)));
}

function syntax(path: string, value: string, { what, pattern }: Form): Complaint[] {
  return pattern.test(value) ? [] : [{ path, wrong: `is ${JSON.stringify(value)}, which is not ${what}` }];
}

function isMapOfStrings(value: unknown): boolean {
  return (
    typeof value === 'object' &&
    value !== null &&
    !Array.isArray(value) &&
    Object.values(value).every((text) => typeof text === 'string')
  );
}
