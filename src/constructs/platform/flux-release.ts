/*
 * A release as what has Flux install it: a HelmRelease, and the source of its chart.
 */
import { createHash } from 'node:crypto';
import { ApiObject, Lazy, Yaml } from 'cdk8s';
import type { Construct, IConstruct } from 'constructs';
import { holdsNull } from '../objects/json-values';
import { repositoryOf } from './chart-repository';
import { type Deliver, partsBefore, type Release } from './release';

/** Where Flux' objects are, and how often it looks. */
export interface Flux {
  readonly namespace: string;
  /** As Go has it. */
  readonly interval: string;
}

/** Of the parts that Flux installs, by what others name them as a dependency. */
const RELEASES = new WeakMap<IConstruct, { readonly name: string; readonly namespace: string }>();

const SOURCES = 'source.toolkit.fluxcd.io/v1';
const CHART_LAYER = { mediaType: 'application/vnd.cncf.helm.chart.content.v1.tar+gzip', operation: 'copy' };

/** What failed is tried again: an install after what there is of it is gone, an upgrade after the release before it is back. */
const REMEDIATION = { remediation: { retries: 3 } };

/** Has Flux install releases. */
export function fluxRelease(flux: Flux): Deliver {
  return (part, release, source) => {
    const metadata = { name: release.name, namespace: flux.namespace };
    RELEASES.set(part, metadata);
    const { url, version } = repositoryOf(part, source, 'Flux');
    const chart = url.startsWith('oci://')
      ? chartOfRegistry(part, flux, release, `${url}/${release.chart}`, version)
      : chartOfRepository(part, flux, release, url, version);
    new ApiObject(part, 'HelmRelease', {
      apiVersion: 'helm.toolkit.fluxcd.io/v2',
      kind: 'HelmRelease',
      metadata,
      spec: {
        interval: flux.interval,
        dependsOn: Lazy.any({ produce: () => dependenciesOf(part) }),
        ...chart,
        releaseName: release.name,
        targetNamespace: release.namespace,
        // Helm has its own notes of the release where `helm install -n` has them, and not among Flux' objects.
        storageNamespace: release.namespace,
        install: REMEDIATION,
        upgrade: REMEDIATION,
        ...valuesOf(part, flux, release),
      },
    });
  };
}

/**
 * What is null, which has a chart leave out what it would write, is lost where Flux changes a HelmRelease that is there already
 * (fluxcd/kustomize-controller#372), and never in text. That is called by what it says, so that Flux sees another at once.
 */
function valuesOf(part: Construct, { namespace }: Flux, { name, values }: Release): object {
  if (!holdsNull(values)) {
    return { values };
  }
  const text = Yaml.stringify(values);
  const checksum = createHash('sha256').update(text).digest('hex').slice(0, 8);
  const metadata = { name: `${name}-values-${checksum}`, namespace };
  new ApiObject(part, 'Values', { apiVersion: 'v1', kind: 'ConfigMap', metadata, data: { 'values.yaml': text } });
  return { valuesFrom: [{ kind: 'ConfigMap', name: metadata.name }] };
}

/** None where the part is the first. */
function dependenciesOf(part: Construct): object[] | undefined {
  const dependencies = partsBefore(part).flatMap((other) => RELEASES.get(other) ?? []);
  return dependencies.length === 0 ? undefined : dependencies.map(({ name, namespace }) => ({ name, namespace }));
}

function chartOfRegistry(part: Construct, flux: Flux, release: Release, url: string, version: string): object {
  // Tags have no '+', for which Helm writes '_'.
  const ref = { tag: version.replace('+', '_') };
  addSource(part, flux, release, 'OCIRepository', { url, ref, layerSelector: CHART_LAYER });
  return { chartRef: { kind: 'OCIRepository', name: release.name } };
}

function chartOfRepository(part: Construct, flux: Flux, release: Release, url: string, version: string): object {
  addSource(part, flux, release, 'HelmRepository', { url });
  const sourceRef = { kind: 'HelmRepository', name: release.name };
  return { chart: { spec: { chart: release.chart, version, sourceRef } } };
}

/** A source for each release, called like it: parts can be in different charts, and none knows what another has made. */
function addSource(
  part: Construct,
  { namespace, interval }: Flux,
  { name }: Release,
  kind: string,
  spec: object,
): void {
  const metadata = { name, namespace };
  new ApiObject(part, 'Source', { apiVersion: SOURCES, kind, metadata, spec: { interval, ...spec } });
}
