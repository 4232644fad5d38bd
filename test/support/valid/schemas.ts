/*
 * Holds a manifest against the schema of its kind: of every Kubernetes version in test/schemas/, of Istio's CRDs, or of the CRDs of
 * others there.
 */
import { readdirSync, readFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import type { ValidateFunction } from 'ajv';
import { parseAllDocuments } from 'yaml';
import { type Schema, type Schemas, strict } from '../../../scripts/schema';
import type { Complaint } from './complaint';
import { complaintsOf } from './errors';
import { newValidator } from './validator';

const SCHEMAS = resolve(__dirname, '../../schemas');
const ISTIO_CRDS = resolve(__dirname, '../../../imports/istio.crds.yaml');

/** Istio serves v1 and v1beta1 with one and the same schema. */
const ISTIO_VERSIONS = ['v1', 'v1beta1'];

/** The schema that one `authority` has of a kind. */
interface KindSchema {
  readonly authority: string;
  readonly validate: () => ValidateFunction;
}

/** What the schemas of `kind` find wrong with `manifest`; undefined when there is no schema of it. */
export function complaintsOfSchemas(apiVersion: string, kind: string, manifest: object): Complaint[] | undefined {
  const schemas = sourceOf(apiVersion)().get(`${apiVersion} ${kind}`);
  return schemas && merged(schemas.map((schema) => [schema.authority, complaintsOf(schema.validate(), manifest)]));
}

/** By apiVersion and kind. */
type SchemasByKind = Map<string, KindSchema[]>;

// Loaded when first asked for, and each schema compiled when first used.
const kubernetes = once(kubernetesSchemas);
const istio = once(istioSchemas);
const others = once(schemasOfOthers);

function once<T>(make: () => T): () => T {
  let made: T | undefined;
  return () => {
    made ??= make();
    return made;
  };
}

function sourceOf(apiVersion: string): () => SchemasByKind {
  const [group] = apiVersion.split('/');
  if (group === 'argoproj.io' || group.endsWith('.fluxcd.io')) {
    return others;
  }
  return group.endsWith('.istio.io') ? istio : kubernetes;
}

function kubernetesSchemas(): SchemasByKind {
  const byKind: SchemasByKind = new Map();
  for (const file of kubernetesFiles()) {
    const {
      kubernetes: version,
      kinds,
      $defs,
    } = JSON.parse(readFileSync(join(SCHEMAS, file), 'utf8')) as {
      kubernetes: string;
      kinds: { [kind: string]: string };
      $defs: Schemas;
    };
    const ajv = newValidator().addSchema({ $id: file, $defs });
    for (const [kind, definition] of Object.entries(kinds)) {
      const schemas = byKind.get(kind) ?? [];
      const validate = () => ajv.getSchema(`${file}#/$defs/${definition}`) as ValidateFunction;
      byKind.set(kind, [...schemas, { authority: `Kubernetes ${version}`, validate }]);
    }
  }
  return byKind;
}

function istioSchemas(): SchemasByKind {
  const crds = parseAllDocuments(readFileSync(ISTIO_CRDS, 'utf8')).map((document) => document.toJS() as Crd);
  const ajv = validatorOfCrds();
  return new Map(
    crds.flatMap(({ spec }) => {
      const schema = asManifestSchema(spec.versions[0].schema.openAPIV3Schema);
      // Ajv keeps what it has compiled, by the identity of the schema.
      const schemas = [{ authority: 'Istio', validate: () => ajv.compile(schema) }];
      return ISTIO_VERSIONS.map((version) => [`${spec.group}/${version} ${spec.names.kind}`, schemas] as const);
    }),
  );
}

interface Crd {
  readonly spec: {
    readonly group: string;
    readonly names: { readonly kind: string };
    readonly versions: readonly { readonly schema: { readonly openAPIV3Schema: Schema } }[];
  };
}

function schemasOfOthers(): SchemasByKind {
  const ajv = validatorOfCrds();
  return new Map(
    readdirSync(SCHEMAS)
      .filter((file) => !isOfKubernetes(file))
      .map((file) => {
        const { authority, kind, spec } = JSON.parse(readFileSync(join(SCHEMAS, file), 'utf8')) as OtherSchema;
        const schema = asManifestSchema({ type: 'object', properties: { spec: { type: 'object', properties: spec } } });
        return [kind, [{ authority, validate: () => ajv.compile(schema) }]];
      }),
  );
}

interface OtherSchema {
  readonly authority: string;
  readonly kind: string;
  readonly spec: Schemas;
}

/** Schemas of CRDs name what all objects have as the newest Kubernetes defines it. */
function validatorOfCrds(): ReturnType<typeof newValidator> {
  const file = kubernetesFiles().at(-1) as string;
  const { $defs } = JSON.parse(readFileSync(join(SCHEMAS, file), 'utf8')) as { $defs: Schemas };
  return newValidator().addSchema({ $id: 'kubernetes', $defs });
}

/** The oldest first. */
function kubernetesFiles(): string[] {
  return readdirSync(SCHEMAS).filter(isOfKubernetes).sort();
}

function isOfKubernetes(file: string): boolean {
  return file.startsWith('kubernetes-');
}

/** The schema in a CRD leaves out what all objects have. */
function asManifestSchema(schema: Schema): Schema {
  const metadata = { $ref: 'kubernetes#/$defs/io.k8s.apimachinery.pkg.apis.meta.v1.ObjectMeta' };
  const common = { apiVersion: { type: 'string' }, kind: { type: 'string' }, metadata };
  return strict({ ...schema, properties: { ...common, ...(schema.properties as Schemas) }, required: ['spec'] });
}

/** The complaints of all authorities, each said once, with those who say it. */
function merged(found: readonly (readonly [authority: string, complaints: readonly Complaint[]])[]): Complaint[] {
  const authorities = new Map<string, string[]>();
  const complaints = new Map<string, Complaint>();
  for (const [authority, ofIt] of found) {
    for (const complaint of ofIt) {
      const key = `${complaint.path} ${complaint.wrong}`;
      complaints.set(key, complaint);
      authorities.set(key, [...(authorities.get(key) ?? []), authority]);
    }
  }
  return [...complaints].map(([key, { path, wrong }]) => ({
    path,
    wrong: `${wrong} (${authorities.get(key)?.join(', ')})`,
  }));
}
