/*
 * A string that a program accepts, found without running it: the shortest way through its instructions. That takes no longer
 * than the program is, where the states of its automaton can be very many.
 */
import type { Instruction, Program } from './program';

/** Which character of a class an example is made of, if the class has it. */
export const NICE: readonly number[] = Array.from('xyzabc019/-_.', (character) => character.charCodeAt(0));

/** A character between the two, both included. */
export function niceIn(low: number, high: number): number {
  return NICE.find((nice) => low <= nice && nice <= high) ?? low;
}

/**
 * Very likely accepted: `^` and `$` are taken to hold everywhere, so whoever needs to be sure tries the string. Undefined where
 * there is no way through.
 */
export function sampleOf({ start, instructions }: Program): string | undefined {
  let reached = new Map<number, string>([[start, '']]);
  const seen = new Set<number>();
  while (reached.size > 0) {
    const read = new Map<number, string>();
    const open = [...reached];
    for (let next = open.pop(); next !== undefined; next = open.pop()) {
      const [at, text] = next;
      if (seen.has(at)) {
        continue;
      }
      seen.add(at);
      const instruction = instructions[at];
      if (instruction.kind === 'accept') {
        return text;
      }
      if (instruction.kind !== 'read') {
        open.push(...withoutReading(instruction).map((state): [number, string] => [state, text]));
      } else if (instruction.ranges.length > 0 && !read.has(instruction.next)) {
        read.set(instruction.next, text + String.fromCodePoint(niceOf(instruction.ranges)));
      }
    }
    reached = read;
  }
  return undefined;
}

function withoutReading(instruction: Exclude<Instruction, { kind: 'read' }>): readonly number[] {
  switch (instruction.kind) {
    case 'fork':
      return instruction.next;
    case 'accept':
      return [];
    default:
      return [instruction.next];
  }
}

function niceOf(ranges: readonly (readonly [number, number])[]): number {
  const nice = NICE.find((one) => ranges.some(([low, high]) => low <= one && one <= high));
  return nice ?? ranges[0][0];
}
