/*
 * The command `helm`. It is run here and not by cdk8s' Helm construct, which leaves its files in the temporary folder, says of a
 * failure what Helm printed and nothing else, and starts a second Node to read the file (three quarters of a second for the kinds).
 */
import { type SpawnSyncReturns, spawnSync } from 'node:child_process';
import { statSync } from 'node:fs';
import type { IConstruct } from 'constructs';
import { printable } from '../../syntax/printable';
import { refuse, show } from '../objects/refuse';
import type { Release } from './release';

/** What Istio's charts ask for, and OCI registries. */
const OLDEST = 7;
const OLDEST_FOR_OCI = 8;

const INSTALL = 'https://helm.sh/docs/intro/install';

/** More than any chart renders; the kinds take one. */
const MOST_OUTPUT = 64 * 1024 * 1024;

/** A registry that does not answer is given up. */
const PATIENCE_MS = 120_000;

/** Of what Helm says, so much is quoted. */
const MOST_QUOTED = 600;

/** Version 3.x of each executable that has been asked: the x, and infinity for a later major version. */
const KNOWN = new Map<string, number>();

/** Helm, for one part of the platform. */
export class Helm {
  private readonly oldest: number;

  /**
   * @param part For which it runs, and which messages are about.
   * @param executable The command, or its path.
   * @param isForOci Whether charts of an OCI registry are fetched.
   * @throws Error when it is not there, or too old.
   */
  public constructor(
    private readonly part: IConstruct,
    private readonly executable: string,
    isForOci: boolean,
  ) {
    this.oldest = isForOci ? OLDEST_FOR_OCI : OLDEST;
    this.requireVersion(isForOci ? 'charts from an OCI registry need' : "Istio's charts need");
  }

  /** The objects of a release, as YAML. */
  public template({ name, namespace, values, chart }: Release, path: string): string {
    return this.run(
      ['template', name, path, '--namespace', namespace, '--values', '-'],
      `chart '${chart}' cannot be rendered`,
      'Correct what it names, as a rule in values',
      JSON.stringify(values),
    );
  }

  /** The values that a chart has, as YAML. */
  public values(path: string): string {
    return this.run(['show', 'values', path], `the chart in ${show(path)} cannot be read`, 'Fetch the chart anew');
  }

  /** Fetches a chart as a file into `folder`. */
  public pull(chart: string, url: string, version: string, folder: string): void {
    const isOci = url.startsWith('oci://');
    const from = isOci ? [`${url}/${chart}`] : [chart, '--repo', url];
    this.run(
      ['pull', ...from, '--version', version, '--destination', folder],
      `chart '${chart}' ${version} cannot be fetched from ${show(url)}`,
      'Where there is no network, fetch the charts beforehand with helm pull, and use IstioCharts.directory',
    );
  }

  private requireVersion(why: string): void {
    const known = KNOWN.get(this.executable) ?? this.askVersion();
    KNOWN.set(this.executable, known);
    if (known < this.oldest) {
      const version = known < 0 ? 'older than 3.0' : `3.${known}`;
      refuse(
        this.part,
        `helm ${show(this.executable)} is version ${version}, and ${why} 3.${this.oldest} or later; install one (${INSTALL}), or set helm to its path.`,
      );
    }
  }

  private askVersion(): number {
    const { status, stdout, stderr } = this.spawn(['version', '--short']);
    const [, major, minor] = (status === 0 && /^(?:Client: )?v(\d+)\.(\d+)/.exec(stdout)) || [];
    if (major === undefined) {
      const said = status === 0 ? `it says ${quoted(stdout)}` : `it failed, and says ${quoted(stderr)}`;
      refuse(
        this.part,
        `the command helm, ${show(this.executable)}, is not Helm: asked for its version, ${said}; set helm to the path of Helm 3.${this.oldest} or later (${INSTALL}).`,
      );
    }
    return major === '3' ? Number(minor) : Number(major) < 3 ? -1 : Number.POSITIVE_INFINITY;
  }

  /** What it prints. */
  private run(args: readonly string[], failure: string, remedy: string, input = ''): string {
    const { error, status, signal, stdout, stderr } = this.spawn(args, input);
    if (status !== 0) {
      const ended = status === null ? `was ${endOf(error, signal)}` : 'failed';
      refuse(this.part, `${failure}: helm ${ended}, and says ${quoted(stderr)}. ${remedy}.`);
    }
    return stdout;
  }

  private spawn(args: readonly string[], input = ''): SpawnSyncReturns<string> {
    const ended = spawnSync(this.executable, args, {
      input,
      encoding: 'utf8',
      maxBuffer: MOST_OUTPUT,
      timeout: PATIENCE_MS,
    });
    if (ended.error !== undefined && ended.status === null && ended.signal === null) {
      this.refuseToStart(ended.error);
    }
    return ended;
  }

  private refuseToStart(error: Error & { readonly code?: string }): never {
    const command = `the command helm, ${show(this.executable)},`;
    if (statSync(this.executable, { throwIfNoEntry: false })?.isDirectory()) {
      refuse(this.part, `${command} is a folder; set helm to the path of Helm 3.${this.oldest} or later (${INSTALL}).`);
    }
    const why = error.code === 'ENOENT' ? 'is not there' : `cannot be run (${error.code ?? error.message})`;
    refuse(
      this.part,
      `${command} ${why}, and it is what renders Istio's charts; install Helm 3.${this.oldest} or later (${INSTALL}), or set helm to its path.`,
    );
  }
}

/** Who ended it, and why. */
function endOf(error: (Error & { readonly code?: string }) | undefined, signal: string | null): string {
  const limits: { readonly [code: string]: string } = {
    ETIMEDOUT: `given up after ${PATIENCE_MS / 1000} s`,
    ENOBUFS: `ended after ${MOST_OUTPUT} bytes`,
  };
  return limits[error?.code ?? ''] ?? `ended by another (${signal})`;
}

/** In one line, and not too long. */
function quoted(said: string): string {
  const line = printable(said.trim().replace(/\s*\n\s*/g, ' '));
  if (line === '') {
    return 'nothing';
  }
  return line.length > MOST_QUOTED ? `'${line.slice(0, MOST_QUOTED)}…' (${line.length} characters)` : `'${line}'`;
}
