import type { Duration } from 'cdk8s';
import { isDuration } from '../objects/check-argument';
import { show } from '../objects/refuse';

/**
 * The pause between "this pod gets no new requests" and the signal that ends its process.
 *
 * Kubernetes removes a terminating pod from its Service and signals its process at the same moment. Until every proxy has
 * heard of the first, requests still arrive, and a process that is already gone refuses them.
 */
export class Drain {
  /**
   * Pauses with the `sleep` command of the image. An image without one (distroless) gets no pause, only an event
   * `FailedPreStopHook`: use `command` there.
   *
   * @param duration How long, in whole seconds.
   * @throws Error when the pause is not a whole number of seconds, or none.
   */
  public static pause(duration: Duration): Drain {
    const seconds = wholeSeconds('pause', duration);
    return new Drain(seconds, ['sleep', String(seconds)]);
  }

  /**
   * Runs a command of the image before the process is signalled.
   *
   * @param command The command and its arguments, no shell involved, as in `['python', '-c', 'import time; time.sleep(5)']`.
   * @param longest The longest that it takes, in whole seconds; the termination grace period is reckoned from it.
   * @throws Error when the command is empty, or the time not a whole number of seconds, or none.
   */
  public static command(command: string[], longest: Duration): Drain {
    if (!Array.isArray(command) || command.length === 0 || !command.every((part) => typeof part === 'string')) {
      throw new Error(
        "Drain.command: the command is empty or no list of strings; write it as a list, as in ['sleep', '5'].",
      );
    }
    return new Drain(wholeSeconds('command', longest), [...command]);
  }

  /** No pause, for an app that itself waits on SIGTERM before it stops listening. */
  public static none(): Drain {
    return new Drain(0);
  }

  private constructor(
    /** The length of the pause, in seconds. */
    public readonly seconds: number,
    private readonly preStop?: string[],
  ) {}

  /** @internal */
  public _command(): string[] | undefined {
    return this.preStop;
  }
}

function wholeSeconds(factory: string, duration: Duration): number {
  if (!isDuration(duration)) {
    throw new Error(`Drain.${factory}: ${show(duration)} is no Duration; write something like Duration.seconds(5).`);
  }
  const seconds = duration.toMilliseconds() / 1000;
  if (!Number.isInteger(seconds) || seconds < 1) {
    throw new Error(
      `Drain.${factory}: ${seconds} s is not a whole number of seconds of 1 or more; for no pause write Drain.none().`,
    );
  }
  return seconds;
}

/** What an app gets unless it says otherwise: as a rule longer than the removal of an endpoint takes to reach the proxies. */
export const DEFAULT_DRAIN_SECONDS = 5;
