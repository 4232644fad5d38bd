import type { Duration } from 'cdk8s';
import { Probe, type ProbeOptions } from 'cdk8s-plus-27';
import { brandOf, isMarked, mark } from '../objects/brand';
import { show } from '../objects/refuse';
import { duration, list, number, refuseWrong, required, Struct, text } from '../objects/struct';

const BRAND = brandOf('HealthCheck');

const PATH = required(text, "write one that begins with '/', as in /healthz");
const COMMAND = required(list(text, "['python', 'check.py']"), "write it as a list, as in ['python', 'check.py']");

/**
 * How often and how patiently a health check asks.
 */
export interface HealthCheckOptions {
  /**
   * Time between two checks.
   *
   * @default - 10 seconds; 2 seconds for the startup check
   */
  readonly period?: Duration;

  /**
   * How long one check may take.
   *
   * @default - 1 second, Kubernetes' own
   */
  readonly timeout?: Duration;

  /**
   * How many checks in a row must fail before Kubernetes acts on it.
   *
   * @default - 3; 60 for the startup check, which with its period gives an app two minutes to start
   */
  readonly failureThreshold?: number;

  /**
   * Time after the start of the container before the first check.
   *
   * @default - none
   */
  readonly initialDelay?: Duration;
}

const OPTIONS = new Struct<HealthCheckOptions>('{ period: Duration.seconds(5) }', {
  period: duration,
  timeout: duration,
  failureThreshold: number,
  initialDelay: duration,
});

/**
 * How Kubernetes finds out that an app started, is alive, or is ready for requests.
 *
 * Always asks on the port of the app; a bare cdk8s-plus `Probe` falls back on port 80 where a container has named ports.
 */
export class HealthCheck {
  /**
   * Ready or alive is what answers `GET path` with a status from 200 to 399.
   *
   * @param path The path, beginning with '/'. Pick one that is cheap and asks no other service.
   * @param options How often and how patiently.
   * @throws Error when the path does not begin with '/' or an option is out of range.
   */
  public static http(path: string, options: HealthCheckOptions = {}): HealthCheck {
    refuseWrong('HealthCheck.http', 'path', path, PATH);
    if (!/^\/[^\s#]*$/.test(path)) {
      throw new Error(
        `HealthCheck.http: path ${show(path)} is not a path; write one that begins with '/', as in /healthz.`,
      );
    }
    return new HealthCheck('http', options, (port, settings) => Probe.fromHttpGet(path, { port, ...settings }));
  }

  /**
   * Ready or alive is what accepts a TCP connection.
   *
   * @param options How often and how patiently.
   * @throws Error when an option is out of range.
   */
  public static tcp(options: HealthCheckOptions = {}): HealthCheck {
    return new HealthCheck('tcp', options, (port, settings) => Probe.fromTcpSocket({ port, ...settings }));
  }

  /**
   * Ready or alive is where a command in the container exits with 0.
   *
   * @param command The command and its arguments; no shell is involved.
   * @param options How often and how patiently.
   * @throws Error when the command is empty or an option is out of range.
   */
  public static command(command: string[], options: HealthCheckOptions = {}): HealthCheck {
    refuseWrong('HealthCheck.command', 'command', command, COMMAND);
    if (command.length === 0) {
      throw new Error("HealthCheck.command: the command is empty; write it as a list, as in ['python', 'check.py'].");
    }
    const copy = [...command];
    return new HealthCheck('command', options, (_port, settings) => Probe.fromCommand(copy, settings));
  }

  /**
   * No check. Without a readiness check a pod gets requests as soon as its process runs, listening or not.
   */
  public static none(): HealthCheck {
    return new HealthCheck('none', {}, () => undefined);
  }

  /**
   * Whether `value` is one, of whichever copy of this library.
   *
   * @internal
   */
  public static _is(value: unknown): value is HealthCheck {
    return isMarked(value, BRAND);
  }

  private readonly options: HealthCheckOptions;

  private constructor(
    factory: string,
    options: HealthCheckOptions,
    private readonly build: (port: number, settings: ProbeOptions) => Probe | undefined,
  ) {
    mark(this, BRAND);
    this.options = OPTIONS.read(`HealthCheck.${factory}`, '', options);
    const threshold = options.failureThreshold;
    if (threshold !== undefined && !(Number.isInteger(threshold) && threshold >= 1 && threshold < 2 ** 31)) {
      throw new Error(`HealthCheck: failureThreshold ${show(threshold)} is not a whole number of 1 or more.`);
    }
    refuseUnlessSeconds('period', options.period, 1);
    refuseUnlessSeconds('timeout', options.timeout, 1);
    refuseUnlessSeconds('initialDelay', options.initialDelay, 0);
  }

  /**
   * The probe on the app's port; `defaults` are those of the kind of check it is used as.
   *
   * @internal
   */
  public _toProbe(port: number, defaults: { period: Duration; failureThreshold: number }): Probe | undefined {
    return this.build(port, {
      periodSeconds: this.options.period ?? defaults.period,
      failureThreshold: this.options.failureThreshold ?? defaults.failureThreshold,
      timeoutSeconds: this.options.timeout,
      initialDelaySeconds: this.options.initialDelay,
    });
  }
}

/** Kubernetes counts in whole seconds, of 32 bits. */
function refuseUnlessSeconds(what: string, given: Duration | undefined, least: number): void {
  if (given === undefined) {
    return;
  }
  const seconds = given.toMilliseconds() / 1000;
  if (!Number.isInteger(seconds) || seconds < least || seconds >= 2 ** 31) {
    throw new Error(
      `HealthCheck: ${what} ${seconds} s is not a whole number of seconds of ${least} or more, which is what Kubernetes takes.`,
    );
  }
}
