/*
 * What the parts of Istio's platform have in common: each is one release of one chart.
 */
import type { IstioCharts } from './istio-charts';
import type { PlatformDelivery } from './platform-delivery';

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
   * Values of the chart. They are merged last: a map into what the other props say, anything else in place of it.
   *
   * @default - what the other props say
   */
  readonly values?: { readonly [key: string]: any };

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

/** The charts, by their names. */
export type ChartName = 'base' | 'istiod' | 'cni' | 'ztunnel' | 'gateway';

/** One release of a chart: what `helm install NAME CHART -n NAMESPACE -f VALUES` would have. */
export interface Release {
  readonly name: string;
  readonly chart: ChartName;
  readonly namespace: string;
  readonly values: { readonly [key: string]: unknown };
}
