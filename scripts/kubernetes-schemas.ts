/*
 * Writes test/schemas/: for each version of Kubernetes below, one JSON schema of the kinds that a chart of ours can emit.
 * Facts only, and strict: where fields are listed, no other is allowed. And imports/kubernetes.schema.ts: of the newest version, the
 * types in the specs of the kinds that a mesh is read from.
 *
 *   npm run schemas
 */
import { readFileSync, writeFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { goModuleFolder } from './go-module';
import { factsOf, mapStructure, mapValues, type Schema, type Schemas, strict } from './schema';

/** The oldest Kubernetes that this library writes for, and the newest. */
const VERSIONS = ['1.27.16', '1.36.3'];
const KINDS: Kinds = {
  v1: ['ConfigMap', 'Namespace', 'Pod', 'Secret', 'Service', 'ServiceAccount'],
  'apps/v1': ['DaemonSet', 'Deployment', 'StatefulSet'],
  'autoscaling/v2': ['HorizontalPodAutoscaler'],
  'networking.k8s.io/v1': ['Ingress', 'NetworkPolicy'],
  'policy/v1': ['PodDisruptionBudget'],
  'rbac.authorization.k8s.io/v1': ['ClusterRole', 'ClusterRoleBinding'],
};
/** Those that a mesh is read from. */
const READ: Kinds = {
  v1: ['Pod', 'ReplicationController', 'Service'],
  'apps/v1': ['DaemonSet', 'Deployment', 'ReplicaSet', 'StatefulSet'],
  'batch/v1': ['CronJob', 'Job'],
};

/** A port's number, or what stands for it: the name of a container's port. */
const port = (least: number): Schema => ({ minimum: least, maximum: 65535 });
const portOrName = (least: number): Schema => ({ format: 'port', ...port(least) });

/**
 * What the API server asks of ports (`ValidatePodTemplateSpec`, `ValidateService`) and does not publish, by definition. Where it takes
 * 0 for a field that is not there, 0 is allowed.
 */
const PORTS: { [definition: string]: Schemas } = {
  'io.k8s.api.core.v1.ServicePort': { port: port(1), nodePort: port(0), targetPort: portOrName(0) },
  'io.k8s.api.core.v1.ContainerPort': { containerPort: port(1), hostPort: port(0) },
  'io.k8s.api.core.v1.HTTPGetAction': { port: portOrName(1) },
  'io.k8s.api.core.v1.TCPSocketAction': { port: portOrName(1) },
  'io.k8s.api.core.v1.GRPCAction': { port: port(1) },
};

const MODULE = 'k8s.io/kubernetes';
const PUBLISHED = 'api/openapi-spec/v3';
const GO_CODE = 'pkg/generated/openapi/zz_generated.openapi.go';
const SCHEMAS = resolve(__dirname, '../test/schemas');
const TYPES = resolve(__dirname, '../imports/kubernetes.schema.ts');

const PUBLISHED_REF = '#/components/schemas/';
const REF = '#/$defs/';

/** Two definitions whose format, published or known by their name only, belongs to one of their types. */
const SCALARS: Schemas = {
  'io.k8s.apimachinery.pkg.api.resource.Quantity': {
    oneOf: [{ type: 'string', format: 'quantity' }, { type: 'number' }],
  },
  'io.k8s.apimachinery.pkg.util.intstr.IntOrString': {
    oneOf: [{ type: 'integer', format: 'int32' }, { type: 'string' }],
  },
};

function main(): void {
  for (const version of VERSIONS) {
    const folder = goModuleFolder(MODULE, `v${version}`);
    const published = publishedDefinitions(folder, { ...KINDS, ...READ });
    const kinds = namesOfKinds(published, KINDS);
    const definitions = mapValues(published, (schema) => strict(withPlainRefs(factsOf(schema))));
    addEnums(definitions, readFileSync(join(folder, GO_CODE), 'utf8'));
    Object.assign(definitions, SCALARS);
    if (version === VERSIONS.at(-1)) {
      writeFileSync(TYPES, typesModule(namesOfKinds(published, READ), definitions));
    }
    for (const name of Object.values(kinds)) {
      definitions[name] = asAuthorsWriteIt(definitions[name], definitions);
    }
    const minor = version.split('.').slice(0, 2).join('.');
    const text = asText(version, kinds, reachable(definitions, Object.values(kinds)));
    writeFileSync(join(SCHEMAS, `kubernetes-${minor}.json`), text);
  }
}

type Kinds = { [apiVersion: string]: string[] };

function publishedDefinitions(folder: string, kinds: Kinds): Schemas {
  const perFile = Object.keys(kinds).map((apiVersion) => {
    const file = `${apiVersion.includes('/') ? 'apis' : 'api'}__${apiVersion.replace('/', '__')}_openapi.json`;
    const content = JSON.parse(readFileSync(join(folder, PUBLISHED, file), 'utf8'));
    return (content as { components: { schemas: Schemas } }).components.schemas;
  });
  return Object.assign({}, ...perFile) as Schemas;
}

/** The definition of each wanted kind: `apps/v1 Deployment` → `io.k8s.api.apps.v1.Deployment`. */
function namesOfKinds(published: Schemas, of: Kinds): { [kind: string]: string } {
  const names = new Map<string, string>();
  for (const [name, schema] of Object.entries(published)) {
    const kinds = (schema['x-kubernetes-group-version-kind'] ?? []) as {
      group: string;
      version: string;
      kind: string;
    }[];
    for (const { group, version, kind } of kinds) {
      names.set(`${group === '' ? '' : `${group}/`}${version} ${kind}`, name);
    }
  }
  const wanted = Object.entries(of).flatMap(([apiVersion, kinds]) => kinds.map((kind) => `${apiVersion} ${kind}`));
  return Object.fromEntries(
    wanted.map((kind) => {
      const name = names.get(kind);
      if (name === undefined) {
        throw new Error(
          `Kubernetes publishes no schema of ${kind}. Is it spelt like that in scripts/kubernetes-schemas.ts?`,
        );
      }
      return [kind, name];
    }),
  );
}

/** A field that has a default is published with an allOf of one $ref, where that $ref alone says the same. */
function withPlainRefs(schema: Schema): Schema {
  const target = schema.$ref ?? (schema.allOf as Schema[] | undefined)?.[0].$ref;
  return target === undefined
    ? mapStructure(schema, withPlainRefs)
    : { $ref: (target as string).replace(PUBLISHED_REF, REF) };
}

/**
 * Adds the enums. They are missing in what is published for clients, since a client must bear a value that it does not
 * know, and present in the Go code that it is made from.
 */
function addEnums(definitions: Schemas, goCode: string): void {
  let properties: Schemas = {};
  let property: Schema = {};
  for (const line of goCode.split('\n')) {
    const type = /^func schema_k8sio_api_([a-z]+)_(v\w+?)_(\w+)\(/.exec(line);
    const name = /^\t{5}"(\w+)": \{$/.exec(line);
    const values = /^\t+Enum:\s+\[\]interface\{\}\{(.*)\},$/.exec(line);
    if (line.startsWith('func ')) {
      const definition = type === null ? undefined : definitions[`io.k8s.api.${type.slice(1).join('.')}`];
      properties = (definition?.properties ?? {}) as Schemas;
    } else if (name !== null) {
      property = properties[name[1]] ?? {};
    } else if (values !== null) {
      const value = property.type === 'array' ? (property.items as Schema) : property;
      value.enum = JSON.parse(`[${values[1]}]`);
    }
  }
}

/** The schema of a kind says what a server may hold. An author writes no status, and a spec where fields of it are required. */
function asAuthorsWriteIt(kind: Schema, definitions: Schemas): Schema {
  const { status: _, ...properties } = kind.properties as Schemas;
  // A server takes a missing spec for an empty one, and then complains about what is missing in that.
  const spec = properties.spec === undefined ? undefined : definitions[targetOf(properties.spec)];
  return { ...kind, properties, ...(spec?.required !== undefined && { required: ['spec'] }) };
}

/** The types in the specs of some kinds, each definition once, before those that hold it. */
function typesModule(kinds: { [kind: string]: string }, definitions: Schemas): string {
  const constants = new Map<string, string>();
  const define = (name: string): string => {
    const constant = name.slice(name.lastIndexOf('.') + 1);
    if (!constants.has(name)) {
      constants.set(name, `const ${constant} = ${types(definitions[name], PORTS[name])};`);
    }
    return constant;
  };
  const types = (schema: Schema, ports: Schemas = {}): string => {
    if (schema.$ref !== undefined) {
      return targetOf(schema) in SCALARS ? inBraces(scalarFacts(schema)) : define(targetOf(schema));
    }
    const { type, properties, items, additionalProperties: values } = schema;
    const facts = [
      ...(type === undefined ? [] : [`type: '${type}'`]),
      ...scalarFacts(schema),
      ...(properties === undefined
        ? []
        : [
            `properties: {${Object.entries(properties as Schemas).map(([key, inner]) => `${JSON.stringify(key)}: ${types({ ...inner, ...ports[key] })}`)}}`,
          ]),
      ...(items === undefined ? [] : [`items: ${types(items as Schema)}`, 'nullItems: true']),
      ...(typeof values === 'object' ? [`additionalProperties: ${types(values as Schema)}`] : []),
    ];
    return inBraces(facts);
  };
  const entries = Object.entries(kinds).map(([kind, name]) => {
    const spec = (definitions[name].properties as Schemas).spec;
    return `  '${kind.includes('/') ? kind.replace(/\/\S+ /, '/') : kind.replace(/^\S+ /, '/')}': ${types(spec)},`;
  });
  return [
    '/*',
    " * The types in the specs of Kubernetes' kinds. Do not edit: scripts/kubernetes-schemas.ts makes this file.",
    ' */',
    ...constants.values(),
    '',
    'export const KUBERNETES_SPECS: { readonly [groupAndKind: string]: object } = {',
    ...entries,
    '};',
    '',
  ].join('\n');
}

function inBraces(facts: readonly string[]): string {
  return facts.length === 0 ? '{}' : `{ ${facts.join(', ')} }`;
}

function scalarFacts({ format, minimum, maximum }: Schema): readonly string[] {
  return [
    ...(format === 'int32' || format === 'port' ? [`format: '${format}'`] : []),
    ...(minimum === undefined ? [] : [`minimum: ${minimum}`]),
    ...(maximum === undefined ? [] : [`maximum: ${maximum}`]),
  ];
}

/** Those of `definitions` that `names` refer to, directly or not, sorted by name. */
function reachable(definitions: Schemas, names: readonly string[]): Schemas {
  const found = new Set(names);
  const follow = (schema: Schema): Schema => {
    if (schema.$ref !== undefined) {
      found.add(targetOf(schema));
    }
    return mapStructure(schema, follow);
  };
  // A set also iterates over what is added to it on the way.
  for (const name of found) {
    follow(definitions[name]);
  }
  return Object.fromEntries([...found].sort().map((name) => [name, definitions[name]]));
}

function targetOf(schema: Schema): string {
  return (schema.$ref as string).replace(REF, '');
}

/** One line a field: short, and a change in Kubernetes shows as a change of lines. */
function asText(version: string, kinds: { [kind: string]: string }, definitions: Schemas): string {
  const blocks = Object.entries(definitions).map(([name, { properties, ...rest }]) => {
    const start = `  ${JSON.stringify(name)}: ${JSON.stringify(rest)}`;
    return properties === undefined
      ? start
      : `${start.slice(0, -1)},"properties":{\n${asLines(properties as Schemas, '    ')}\n  }}`;
  });
  return [
    '{',
    `"kubernetes": ${JSON.stringify(version)},`,
    `"kinds": {\n${asLines(kinds, '  ')}\n},`,
    `"$defs": {\n${blocks.join(',\n')}\n}`,
    '}\n',
  ].join('\n');
}

function asLines(object: object, indent: string): string {
  return Object.entries(object)
    .map(([key, value]) => `${indent}${JSON.stringify(key)}: ${JSON.stringify(value)}`)
    .join(',\n');
}

try {
  main();
} catch (error) {
  console.error((error as Error).message);
  process.exitCode = 1;
}
