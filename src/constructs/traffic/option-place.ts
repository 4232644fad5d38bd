/*
 * Where an option stands, for sentences about it.
 */
import type { Duration } from 'cdk8s';
import type { IConstruct } from 'constructs';
import { refuse, show } from '../objects/refuse';
import { complaintAboutDuration } from '../objects/whole-milliseconds';

/** Options of a construct or of one of its methods, as in `route.options`. */
export interface OptionPlace {
  readonly scope: IConstruct;
  readonly what: string;
}

/** Options within options. */
export function within({ scope, what }: OptionPlace, option: string): OptionPlace {
  return { scope, what: `${what}.${option}` };
}

/** Throws what a wrong value deserves: `says` follows it, without a full stop. */
export function refuseOption({ scope, what }: OptionPlace, option: string, value: unknown, says: string): never {
  refuse(scope, `${what}.${option} ${show(value)} ${says}.`);
}

/** Throws where `complaint` says something about the value. */
export function refuseOptionIf(
  place: OptionPlace,
  option: string,
  value: unknown,
  complaint: string | undefined,
): void {
  if (complaint !== undefined) {
    refuseOption(place, option, value, complaint);
  }
}

/** Throws unless Istio can be told that long a time. */
export function checkDuration({ scope, what }: OptionPlace, option: string, duration: Duration): void {
  const complaint = complaintAboutDuration(duration);
  if (complaint !== undefined) {
    refuse(scope, `${what}.${option} ${complaint}.`);
  }
}

/** Throws what options deserve that do not go together. */
export function refuseTogether({ scope, what }: OptionPlace, says: string): never {
  refuse(scope, `${what}: ${says}.`);
}
