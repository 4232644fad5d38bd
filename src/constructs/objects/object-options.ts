import { type ApiObjectMetadata, Chart } from 'cdk8s';
import type { Construct } from 'constructs';
import { complaintAboutDnsLabel, complaintAboutLabelValue, complaintAboutMetadataKey } from '../../syntax/names';
import { checkOptions, isWritableKey } from './check-argument';
import { refuse, refuseIf, show } from './refuse';
import { type FieldsOf, map, Struct, text } from './struct';

/**
 * Labels and annotations of the objects that a construct makes.
 */
export interface MetadataOptions {
  /**
   * Labels, in addition to those that the construct and its chart give.
   *
   * @default - no more labels
   */
  readonly labels?: { readonly [key: string]: string };

  /**
   * Annotations.
   *
   * @default - no annotations
   */
  readonly annotations?: { readonly [key: string]: string };
}

/**
 * The name, labels and annotations of one of the objects that a construct makes.
 */
export interface ObjectOptions extends MetadataOptions {
  /**
   * The name of the object. It is written as it stands: nothing is appended and nothing is hashed.
   *
   * @default - that of the construct
   */
  readonly name?: string;
}

export const METADATA_FIELDS: FieldsOf<MetadataOptions> = {
  labels: map(text, "{ team: 'storefront' }"),
  annotations: map(text, "{ 'example.com/owner': 'storefront' }"),
};

export const OBJECT_OPTIONS = new Struct<ObjectOptions>("{ name: 'apis' }", { ...METADATA_FIELDS, name: text });

/** The metadata of one object, held against the rules for names, labels and annotations. */
export function metadataOf(
  scope: Construct,
  options: MetadataOptions,
  fixed: { name: string; namespace?: string; labels?: { readonly [key: string]: string } },
  complaintAboutName: (name: string) => string | undefined = complaintAboutDnsLabel,
): ApiObjectMetadata {
  refuseIf(scope, 'name', fixed.name, complaintAboutName(fixed.name));
  checkLabels(scope, options.labels ?? {});
  checkAnnotations(scope, options.annotations ?? {});
  for (const key of Object.keys(fixed.labels ?? {})) {
    if (options.labels?.[key] !== undefined && options.labels[key] !== fixed.labels?.[key]) {
      refuse(
        scope,
        `label '${key}' is set to ${show(options.labels[key])}, but the construct gives it the value ${show(fixed.labels?.[key])}; leave it out.`,
      );
    }
  }
  return {
    name: fixed.name,
    namespace: fixed.namespace,
    labels: { ...options.labels, ...fixed.labels },
    annotations: options.annotations === undefined ? undefined : { ...options.annotations },
  };
}

/** The namespace of what a construct makes: its own, else its chart's; undefined leaves it to `kubectl apply -n`. */
export function namespaceOf(scope: Construct, namespace: string | undefined): string | undefined {
  const effective = namespace ?? Chart.of(scope).namespace;
  if (effective !== undefined) {
    refuseIf(scope, 'namespace', effective, complaintAboutDnsLabel(effective));
  }
  return effective;
}

/** Throws on a label that the API server would refuse. */
export function checkLabels(scope: Construct, labels: { readonly [key: string]: string }): void {
  checkOptions(scope, 'labels', labels, "{ team: 'storefront' }");
  for (const [key, value] of Object.entries(labels)) {
    refuseIf(scope, 'label', key, complaintAboutKey(key));
    refuseIf(scope, `label '${key}':`, value, value === '' ? undefined : complaintAboutLabelValue(value));
  }
}

/** Throws on an annotation that the API server would refuse. */
function checkAnnotations(scope: Construct, annotations: { readonly [key: string]: string }): void {
  checkOptions(scope, 'annotations', annotations, "{ 'example.com/owner': 'storefront' }");
  for (const [key, value] of Object.entries(annotations)) {
    refuseIf(scope, 'annotation', key, complaintAboutKey(key));
    if (typeof value !== 'string') {
      refuse(scope, `annotation '${key}' is ${show(value)}, and an annotation is a string; put it in quotes.`);
    }
  }
}

function complaintAboutKey(key: string): string | undefined {
  return isWritableKey(key) ? complaintAboutMetadataKey(key) : 'is a key that cdk8s cannot write; choose another';
}
