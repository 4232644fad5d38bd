import type { Duration } from 'cdk8s';
import { brandOf, isMarked, mark } from '../objects/brand';
import { duration as aDuration, list, refuseWrong, required, text } from '../objects/struct';

const BRAND = brandOf('Drain');

const COMMAND = required(list(text, "['sleep', '5']"), "write it as a list, as in ['sleep', '5']");
const DURATION = required(aDuration, 'write something like Duration.seconds(5)');

/**
 * The pause between "this pod gets no new requests" and the signal that ends its process.
 *
 * Kubernetes removes a terminating pod from its Service and signals its process at the same moment. Until every proxy has
 * heard of the first, requests still arrive, and a process that is already gone refuses them.
 */
export class Drain {
  /**
   * Pauses by the action `sleep` of Kubernetes, which asks nothing of the image: also for one without a shell (distroless).
   *
   * For Kubernetes 1.30 and later: there the feature gate PodLifecycleSleepAction is on by default (beta; stable since 1.34).
   * An older API server does not know the action, and refuses the Deployment for a hook that is empty without it.
   *
   * @param duration How long, in whole seconds.
   * @throws Error when the pause is not a whole number of seconds, or none.
   */
  public static sleep(duration: Duration): Drain {
    const seconds = wholeSeconds('sleep', duration);
    return new Drain(seconds, { sleep: { seconds } });
  }

  /**
   * Pauses with the `sleep` command of the image, on any Kubernetes. An image without one (distroless) gets no pause, only an
   * event `FailedPreStopHook`: use `sleep` or `command` there.
   *
   * @param duration How long, in whole seconds.
   * @throws Error when the pause is not a whole number of seconds, or none.
   */
  public static sleepCommand(duration: Duration): Drain {
    const seconds = wholeSeconds('sleepCommand', duration);
    return new Drain(seconds, { exec: { command: ['sleep', String(seconds)] } });
  }

  /**
   * Runs a command of the image before the process is signalled.
   *
   * @param command The command and its arguments, no shell involved, as in `['python', '-c', 'import time; time.sleep(5)']`.
   * @param longest The longest that it takes, in whole seconds; the termination grace period is reckoned from it.
   * @throws Error when the command is empty, or the time not a whole number of seconds, or none.
   */
  public static command(command: string[], longest: Duration): Drain {
    refuseWrong('Drain.command', 'command', command, COMMAND);
    if (command.length === 0) {
      throw new Error("Drain.command: the command is empty; write it as a list, as in ['sleep', '5'].");
    }
    return new Drain(wholeSeconds('command', longest), { exec: { command: [...command] } });
  }

  /** No pause, for an app that itself waits on SIGTERM before it stops listening. */
  public static none(): Drain {
    return new Drain(0);
  }

  /**
   * Whether `value` is one, of whichever copy of this library.
   *
   * @internal
   */
  public static _is(value: unknown): value is Drain {
    return isMarked(value, BRAND);
  }

  private constructor(
    /** The length of the pause, in seconds. */
    public readonly seconds: number,
    private readonly preStop?: PreStop,
  ) {
    mark(this, BRAND);
  }

  /**
   * What a container does before it is told to end, as the manifest has it.
   *
   * @internal
   */
  public _preStop(): PreStop | undefined {
    return this.preStop;
  }
}

interface PreStop {
  readonly exec?: { readonly command: string[] };
  readonly sleep?: { readonly seconds: number };
}

function wholeSeconds(factory: string, duration: Duration): number {
  refuseWrong(`Drain.${factory}`, 'the duration', duration, DURATION);
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
