/*
 * Objects of cdk8s-plus, written in full and in linear time. cdk8s-plus writes an object field by field, as of its own release of
 * Kubernetes: it drops the fields that came later, a user's JSON patches included, and copies labels in a time that grows with
 * the square of their number. What is called the same in the manifest needs none of that and is kept from it here.
 */
import { ApiObject } from 'cdk8s';
import type { Resource } from 'cdk8s-plus-27';

/** A manifest, as far as it is looked at here. */
interface Manifest {
  readonly metadata?: object;
  readonly spec?: { readonly template?: PodTemplate };
}

interface PodTemplate {
  readonly metadata?: object;
  readonly spec?: { readonly containers?: readonly Container[] };
}

interface Container {
  lifecycle?: object;
}

/** A class of objects of cdk8s-plus; `manifest` is what its `toJson` does after that of ApiObject. */
interface PlusClass {
  manifest(props: object): object;
}

/** Has the metadata of `resource`, that of its pods, and the hooks of their containers written as they stand. */
export function writeInFull(resource: Resource): void {
  const object = ApiObject.of(resource);
  const { apiVersion, kind } = object;
  const plus = object.constructor as unknown as PlusClass;
  object.toJson = () => {
    // With the JSON patches.
    const { metadata, spec, ...rest } = ApiObject.prototype.toJson.call(object) as Manifest;
    const template = spec?.template;
    if (template === undefined) {
      return { apiVersion, kind, metadata, ...plus.manifest({ ...rest, spec }) };
    }
    const written: Manifest = plus.manifest({ spec: { ...spec, template: { ...template, metadata: undefined } } });
    return {
      apiVersion,
      kind,
      metadata,
      spec: { ...written.spec, template: podsOf(written.spec?.template, template) },
    };
  };
}

function podsOf(written: PodTemplate | undefined, { metadata, spec }: PodTemplate): PodTemplate {
  for (const [index, { lifecycle }] of spec?.containers?.entries() ?? []) {
    const container = written?.spec?.containers?.[index];
    if (container !== undefined && lifecycle !== undefined) {
      container.lifecycle = lifecycle;
    }
  }
  return { metadata, ...written };
}
