/*
 * What the parts of Istio's platform have in common: each is one release of one chart.
 */
import type { Construct } from 'constructs';
import { complaintAboutImage } from '../../syntax/image';
import { complaintAboutDnsLabel } from '../../syntax/names';
import { JSON_VALUES, type JsonValues, mergeValues } from '../objects/json-values';
import { putNamespacesFirst } from '../objects/namespace-first';
import { refuse, refuseIf, show } from '../objects/refuse';
import { type FieldsOf, isPlain, text } from '../objects/struct';
import { watchForDuplicates } from '../objects/unique-objects';
import { CHARTS, type IstioCharts } from './istio-charts';
import { refuseSecond } from './one-each';
import { putPartsInOrder } from './parts-in-order';
import { DELIVERY, PlatformDelivery } from './platform-delivery';
import { noteRelease, type Release } from './release';

/**
 * What every part of Istio is made of.
 */
export interface IstioPartProps {
  /** The charts. */
  readonly charts: IstioCharts;

  /**
   * The namespace of istiod. For all parts but a gateway it is theirs, too.
   *
   * @default 'istio-system'
   */
  readonly namespace?: string;

  /**
   * Values of the chart. They are merged last: a map into what the other props say, anything else in place of it. One that the
   * chart does not know is refused where objects are written; Flux and Argo CD take it, since no chart is read then.
   *
   * @default - what the other props say
   */
  readonly values?: { readonly [key: string]: unknown };

  /**
   * What is written: objects, or what has Flux or Argo CD install the chart.
   *
   * @default PlatformDelivery.manifests()
   */
  readonly delivery?: PlatformDelivery;

  /**
   * The command `helm`, 3.7 or later. Only where objects are written.
   *
   * @default 'helm'
   */
  readonly helm?: string;
}

/**
 * Of which images a part's containers are.
 */
export interface IstioImageOptions {
  /**
   * The registry and path of Istio's images.
   *
   * @default - that of the charts
   */
  readonly hub?: string;

  /**
   * The tag of Istio's images.
   *
   * @default - that of the charts
   */
  readonly tag?: string;
}

/** For the structs that extend IstioPartProps. */
export const PART_FIELDS: FieldsOf<IstioPartProps> = {
  charts: CHARTS,
  namespace: text,
  values: JSON_VALUES,
  delivery: DELIVERY,
  helm: text,
};

/** For the structs that extend IstioImageOptions. */
export const IMAGE_FIELDS: FieldsOf<IstioImageOptions> = { hub: text, tag: text };

export const ISTIO_NAMESPACE = 'istio-system';

/** Revisions and their tags become parts of names: `istiod-REVISION`. Helm's releases have the shortest of those, 53 characters. */
const LONGEST_REVISION = 53 - 'istiod-'.length;

/** What a gateway has, too: its namespace is another. */
type DeliveryProps = Omit<IstioPartProps, 'namespace'>;

/** Has the release written below its part, with the values of the props merged into those that `release` has. */
export function deliver(
  part: Construct,
  props: DeliveryProps,
  { values: typed, ...rest }: Omit<Release, 'given'>,
): Release {
  const { charts, delivery = PlatformDelivery.manifests(), helm = 'helm', values = {} } = props;
  // What no prop says is undefined, and of that nothing is left.
  const release = { ...rest, values: mergeValues(mergeValues({}, typed), values), given: Object.keys(values) };
  refuseIf(part, 'namespace', release.namespace, complaintAboutDnsLabel(release.namespace));
  refuseIf(
    part,
    'helm',
    helm,
    helm.trim() === '' ? "is no command; leave it out for 'helm', or write its path" : undefined,
  );
  refuseSecond(part, release);
  noteRelease(part, release);
  delivery._deliver(part, release, { charts, helm });
  putNamespacesFirst(part);
  putPartsInOrder(part);
  watchForDuplicates(part);
  return release;
}

/** Throws on a revision that istiod could not have. */
export function checkRevision(part: Construct, what: string, revision: string | undefined): void {
  if (revision === undefined) {
    return;
  }
  refuseIf(part, what, revision, complaintAboutDnsLabel(revision));
  if (revision.length > LONGEST_REVISION) {
    refuse(
      part,
      `${what} ${show(revision)} has ${revision.length} characters, and with at most ${LONGEST_REVISION} the names that are made of it are short enough.`,
    );
  }
}

/** Throws where `values` say what a prop is for, and what is known of the part would be wrong; `path` as in `global.hub`. */
export function refuseInValues(part: Construct, values: JsonValues | undefined, path: string, prop = path): void {
  const value = path.split('.').reduce<unknown>((map, key) => (isPlain(map) ? map[key] : undefined), values);
  if (value !== undefined) {
    const which = prop === path ? 'of this name' : prop;
    refuse(
      part,
      `values: ${path} is what the prop ${which} is for, and other constructs go by that; set it in place of the value.`,
    );
  }
}

/** Throws where `values` choose a profile: its values stand above those of the chart, and other constructs would not know of them. */
export function refuseProfile(part: Construct, values: JsonValues | undefined): void {
  if (values?.profile !== undefined) {
    refuse(
      part,
      `values: profile ${show(values.profile)} is many values in one, of which other constructs would not know; set dataPlane for 'ambient', and of another profile write the values themselves.`,
    );
  }
}

/** Throws on images that no registry could have. */
export function checkImages(part: Construct, { hub, tag }: IstioImageOptions): void {
  if (hub !== undefined) {
    refuseIf(part, 'hub', hub, complaintAboutHub(hub));
  }
  if (tag !== undefined) {
    refuseIf(part, 'tag', tag, tag === '' ? 'is empty; write one, as 1.31.0' : complaintAboutTag(tag));
  }
}

function complaintAboutHub(hub: string): string | undefined {
  if (hub === '' || hub.endsWith('/')) {
    return `${hub === '' ? 'is empty' : "ends in '/'"}, and before it and the name of an image comes a '/'; write it as registry.example.com/istio`;
  }
  return /[@]|:[^/]*$/.test(hub.replace(/^[^/]*/, ''))
    ? 'has a tag or a digest; write it as registry.example.com/istio, and the tag as tag'
    : complaintAboutImage(`${hub}/pilot`);
}

function complaintAboutTag(tag: string): string | undefined {
  return /[/:@]/.test(tag) || complaintAboutImage(`pilot:${tag}`) !== undefined
    ? "is no tag of an image: at most 128 letters, digits, '_', '.' and '-', not beginning with '.' or '-'; write one, as 1.31.0"
    : undefined;
}

/**
 * istiod changes the webhooks of these charts from Ignore to Fail once it is ready. Written so from the start, whoever applies the
 * charts again by server-side apply has no conflict with it.
 */
export const FAIL_CLOSED = { base: { validationFailurePolicy: 'Fail' } };
