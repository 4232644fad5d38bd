import { type ApiObjectMetadata, Chart } from 'cdk8s';
import type { Construct } from 'constructs';
import { complaintAboutDnsLabel, complaintAboutLabelValue, complaintAboutMetadataKey } from '../../syntax/names';
import { isWritableKey } from './check-argument';
import { refuse, refuseIf, show } from './refuse';
import { type FieldsOf, map, Struct, text } from './struct';

/**
 * Labels and annotations of the objects that a construct makes.
 */
export interface MetadataOptions {
  /**
   * Labels, in addition to those that the construct and its chart give. They may replace `app.kubernetes.io/name` and
   * `app.kubernetes.io/version`.
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

/** What labels hold, and selectors. */
export const LABELS = map(text, "{ team: 'storefront' }");

/** What annotations hold. */
export const ANNOTATIONS = map(text, "{ 'example.com/owner': 'storefront' }");

/** For the structs that extend MetadataOptions. */
export const METADATA_FIELDS: FieldsOf<MetadataOptions> = { labels: LABELS, annotations: ANNOTATIONS };

/** For options that are an ObjectOptions. */
export const OBJECT_OPTIONS = new Struct<ObjectOptions>("{ name: 'apis' }", { ...METADATA_FIELDS, name: text });

/** What a construct knows of an object that it makes. */
export interface FixedMetadata {
  readonly name: string;
  readonly namespace?: string;
  /** Labels by which others find the object; a user's cannot differ. */
  readonly labels?: { readonly [key: string]: string };
  /** What the object is part of, for the labels that Kubernetes recommends; a user's come first. */
  readonly partOf?: AppAndVersion;
}

/** Which app an object belongs to, and which version of it. */
export interface AppAndVersion {
  readonly app: string;
  readonly version?: string;
}

/** The metadata of one object, held against the rules for names, labels and annotations. */
export function metadataOf(
  scope: Construct,
  options: MetadataOptions,
  fixed: FixedMetadata,
  complaintAboutName: (name: string) => string | undefined = complaintAboutDnsLabel,
): ApiObjectMetadata {
  refuseIf(scope, 'name', fixed.name, complaintAboutName(fixed.name));
  checkLabels(scope, options.labels ?? {});
  checkAnnotations(scope, options.annotations ?? {});
  const { labels: given = {} } = options;
  for (const [key, value] of Object.entries(fixed.labels ?? {})) {
    if (Object.hasOwn(given, key) && given[key] !== value) {
      refuse(
        scope,
        `label '${key}' is set to ${show(given[key])}, but the construct gives it the value ${show(value)}; leave it out.`,
      );
    }
  }
  const labels = withoutThoseOfTheChart(scope, recommendedLabels(fixed.partOf));
  return {
    name: fixed.name,
    namespace: fixed.namespace,
    labels: Object.assign(labels, options.labels, fixed.labels),
    annotations: options.annotations === undefined ? undefined : { ...options.annotations },
  };
}

/** `app.kubernetes.io/name` and `/version`, each where it has a value that a label can hold. Never for a selector. */
export function recommendedLabels(partOf: AppAndVersion | undefined): { [key: string]: string } {
  const labels: { [key: string]: string } = {};
  for (const [key, value] of [
    ['app.kubernetes.io/name', partOf?.app],
    ['app.kubernetes.io/version', partOf?.version],
  ] as const) {
    if (value !== undefined && complaintAboutLabelValue(value) === undefined) {
      labels[key] = value;
    }
  }
  return labels;
}

/** cdk8s lets the labels of an object win over those of its chart, which are a user's. */
function withoutThoseOfTheChart(scope: Construct, labels: { [key: string]: string }): { [key: string]: string } {
  for (const key of Object.keys(Chart.of(scope).labels)) {
    delete labels[key];
  }
  return labels;
}

/** The namespace of what a construct makes: its own, else its chart's; undefined leaves it to `kubectl apply -n`. */
export function namespaceOf(scope: Construct, namespace: string | undefined): string | undefined {
  const effective = namespace ?? Chart.of(scope).namespace;
  if (effective !== undefined) {
    refuseIf(scope, 'namespace', effective, complaintAboutDnsLabel(effective));
  }
  return effective;
}

/** Throws on a label that the API server would refuse. `labels` are of a struct that was read. */
export function checkLabels(
  scope: Construct | string,
  labels: { readonly [key: string]: string },
  what = 'label',
): void {
  for (const [key, value] of Object.entries(labels)) {
    refuseIf(scope, what, key, complaintAboutKey(key));
    refuseIf(scope, `${what} '${key}':`, value, value === '' ? undefined : complaintAboutLabelValue(value));
  }
}

/** Throws on an annotation that the API server would refuse. */
function checkAnnotations(scope: Construct, annotations: { readonly [key: string]: string }): void {
  for (const key of Object.keys(annotations)) {
    refuseIf(scope, 'annotation', key, complaintAboutKey(key));
  }
}

function complaintAboutKey(key: string): string | undefined {
  return isWritableKey(key) ? complaintAboutMetadataKey(key) : 'is a key that cdk8s cannot write; choose another';
}
