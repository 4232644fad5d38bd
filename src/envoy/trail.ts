/*
 * What a walk leaves behind: notes of what was looked at, in order. A note is a few references, and becomes steps only if somebody
 * asks why; most decisions nobody asks about.
 */
import { type MeshObject, placeIn, refOf } from '../manifests/object';
import type { GatewayListeners } from '../proxy/gateway-listeners';
import type { Sidecar } from '../proxy/sidecar';
import type { VirtualHost } from '../proxy/virtual-host';
import type { Caveat } from './caveat';
import type { ParsedRequest } from './parsed-request';
import type { TraceRule, TraceStep } from './trace';

/** A step with the object itself. */
export interface Step extends Omit<TraceStep, 'object' | 'place'> {
  readonly object?: MeshObject;
  /** Of what is no object, what it is called. */
  readonly name?: string;
  /** The object in which `path` stands, where that is another one. */
  readonly home?: MeshObject;
  readonly rule?: TraceRule;
}

type Steps = Step | readonly Step[];

export class Trail {
  /** In pairs: what makes steps, and what they are about. */
  private readonly entries: unknown[] = [];
  /** The way so far, for whoever asks later what the decision rests on. */
  public listeners?: GatewayListeners;
  public sidecar?: Sidecar;
  public host?: VirtualHost;
  public request?: ParsedRequest;
  private doubts?: (() => readonly Caveat[])[];

  public note(make: () => Steps): void {
    this.entries.push(make, NOTHING);
  }

  /** As `note`, without a closure: for what nearly every request comes by. */
  public noteOf<A extends readonly unknown[]>(make: (...about: A) => Steps, ...about: A): void {
    this.entries.push(make, about);
  }

  /** What the decision rests on, and was not looked at or is not known. */
  public caveat(make: () => readonly Caveat[]): void {
    this.doubts ??= [];
    this.doubts.push(make);
  }

  public caveats(): readonly Caveat[] {
    return this.doubts?.flatMap((make) => make()) ?? [];
  }

  public steps(): readonly Step[] {
    const steps: Step[] = [];
    for (let index = 0; index < this.entries.length; index += 2) {
      const make = this.entries[index] as (...about: readonly unknown[]) => Steps;
      steps.push(...[make(...(this.entries[index + 1] as readonly unknown[]))].flat());
    }
    return steps;
  }
}

const NOTHING: readonly unknown[] = [];

export function toTraceStep({ kind, object, name, home = object, path, text, matched, rule }: Step): TraceStep {
  return {
    kind,
    object: object === undefined ? name : refOf(object),
    path,
    text,
    matched,
    place: home && placeIn(home, path),
    rule,
  };
}
