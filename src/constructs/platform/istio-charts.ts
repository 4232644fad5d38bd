import { existsSync, statSync } from 'node:fs';
import { resolve } from 'node:path';
import { brandOf, isMarked, mark } from '../objects/brand';
import { show } from '../objects/refuse';
import { made, refuseWrong, required, text } from '../objects/struct';

/** Where charts are had from: a folder, or a repository and the release. */
export type ChartSource = { readonly folder: string } | { readonly url: string; readonly version: string };

const BRAND = brandOf('IstioCharts');

const OCI = 'oci://registry.istio.io/release/charts';

/** A release in full, as Helm takes it: it would choose a release itself for a part of one. */
const VERSION = /^\d+\.\d+\.\d+(-[0-9A-Za-z.-]+)?(\+[0-9A-Za-z.-]+)?$/;

/**
 * The Helm charts of one release of Istio, and where they are had from.
 */
export class IstioCharts {
  /** @internal */
  public static _is(value: unknown): value is IstioCharts {
    return isMarked(value, BRAND);
  }

  /**
   * Istio's own charts, from where Istio publishes them: `oci://registry.istio.io/release/charts`. Each synth fetches them.
   *
   * @param version The release, in full, as in `1.31.0`.
   * @throws Error when it is no version, or only part of one.
   */
  public static oci(version: string): IstioCharts {
    checkVersion('IstioCharts.oci', version);
    return new IstioCharts({ url: OCI, version });
  }

  /**
   * The charts of a repository: a mirror, `https://…` or `oci://…`. Each synth fetches them.
   *
   * @param url The repository, in which the charts are called `base`, `istiod`, `cni`, `ztunnel` and `gateway`.
   * @param version The release, in full, as in `1.31.0`.
   * @throws Error when the URL is none, or the version is none or only part of one.
   */
  public static repository(url: string, version: string): IstioCharts {
    const where = 'IstioCharts.repository';
    refuseWrong(where, 'url', url, URL_TEXT);
    if (/^\w+:\/\/[^/?#]*@/.test(url)) {
      // Not quoted: what is in it is not for a log.
      throw new Error(
        `${where}: url has a user or password in it, which would be written into manifests and logs; leave them out, and log in with helm registry login or helm repo add, or give the controller a Secret, as its manual says it.`,
      );
    }
    if (!/^(https?|oci):\/\/[^\s/?#]+(\/[^\s?#]*)?$/.test(url)) {
      throw new Error(
        `${where}: url ${show(url)} is not the URL of a repository of charts; write it in full, as in '${OCI}' or 'https://charts.example.com/istio'.`,
      );
    }
    checkVersion(where, version);
    return new IstioCharts({ url: url.replace(/\/+$/, ''), version });
  }

  /**
   * Charts that are files: synth needs no network. Each is a folder or a `.tgz` of `helm pull`, called like the chart
   * (`istiod/`, `istiod-1.31.0.tgz`), or lies where Istio's sources have it (`istio-control/istio-discovery/`).
   *
   * @param path The folder that has them; what is relative is so to the folder in which synth runs.
   * @throws Error when there is no such folder.
   */
  public static directory(path: string): IstioCharts {
    const where = 'IstioCharts.directory';
    refuseWrong(where, 'path', path, PATH_TEXT);
    const folder = resolve(path);
    if (path === '' || !existsSync(folder) || !statSync(folder).isDirectory()) {
      throw new Error(
        `${where}: path ${show(path)} is not a folder${folder === path || path === '' ? '' : ` (it was looked for as ${show(folder)})`}; name the one that has Istio's charts.`,
      );
    }
    return new IstioCharts({ folder });
  }

  private constructor(private readonly source: ChartSource) {
    mark(this, BRAND);
  }

  /** @internal */
  public _source(): ChartSource {
    return this.source;
  }
}

/** Of props that are charts. */
export const CHARTS = required(
  made<IstioCharts>((value) => IstioCharts._is(value), "IstioCharts.oci('1.31.0')"),
  "write something like IstioCharts.oci('1.31.0')",
);

const URL_TEXT = required(text, `write something like '${OCI}'`);
const PATH_TEXT = required(text, "write something like './charts'");
const VERSION_TEXT = required(text, "write something like '1.31.0'");

function checkVersion(where: string, version: string): void {
  refuseWrong(where, 'version', version, VERSION_TEXT);
  if (/^v/i.test(version) && VERSION.test(version.slice(1))) {
    throw new Error(
      `${where}: version ${show(version)} has a v before it, which those of Istio's charts have not; write ${show(version.slice(1))}.`,
    );
  }
  if (!VERSION.test(version)) {
    throw new Error(
      `${where}: version ${show(version)} is not a release in full, and of a range or a part of one each synth would take whatever is the latest; write something like '1.31.0'.`,
    );
  }
}
