/**
 * The Helm charts of one release of Istio, and where they are had from.
 */
export abstract class IstioCharts {
  /**
   * Istio's own charts, from where Istio publishes them: `oci://registry.istio.io/release/charts`. Each synth fetches them.
   *
   * @param version The release, in full, as in `1.31.0`.
   * @throws Error when it is no version, or only part of one.
   */
  public static oci(version: string): IstioCharts {
    return IstioCharts.repository('oci://registry.istio.io/release/charts', version);
  }

  /**
   * The charts of a repository: a mirror, `https://…` or `oci://…`. Each synth fetches them.
   *
   * @param url The repository, in which the charts are called `base`, `istiod`, `cni`, `ztunnel` and `gateway`.
   * @param version The release, in full, as in `1.31.0`.
   * @throws Error when the URL is none, or the version is none or only part of one.
   */
  public static repository(url: string, version: string): IstioCharts {
    throw new Error(`${url} ${version}: not written yet`);
  }

  /**
   * Charts that are files: synth needs no network. Each is a folder or a `.tgz` of `helm pull`, called like the chart
   * (`istiod/`, `istiod-1.31.0.tgz`), or lies where Istio's sources have it (`istio-control/istio-discovery/`).
   *
   * @param path The folder that has them; what is relative is so to the folder in which synth runs.
   * @throws Error when there is no such folder.
   */
  public static directory(path: string): IstioCharts {
    throw new Error(`${path}: not written yet`);
  }
}
