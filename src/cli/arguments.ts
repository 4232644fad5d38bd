/*
 * Reads the command line by a table of flags, and says what is wrong with it in sentences. The splitting is Node's.
 */
import { parseArgs } from 'node:util';
import { append } from '../syntax/grouping';
import { listOf, suggestion } from '../syntax/wording';
import { UsageError } from './io';

export interface Flag {
  readonly name: string;
  /** One letter. */
  readonly short?: string;
  /** What its value is called in the help; absent for a flag without one. */
  readonly value?: string;
  /** The values that it takes, where they are few. */
  readonly choices?: readonly string[];
  readonly help: string;
}

/** What was given, after it was found to be in order. */
export class Arguments {
  public constructor(
    private readonly values: ReadonlyMap<string, readonly string[]>,
    public readonly positionals: readonly string[],
    private readonly trailing: ReadonlyMap<string, readonly string[]>,
  ) {}

  public has(flag: string): boolean {
    return this.values.has(flag);
  }

  /** The last value of the flag, as is the custom where a flag is repeated. */
  public text(flag: string): string | undefined {
    return this.values.get(flag)?.at(-1);
  }

  /** All values of the flag. */
  public texts(flag: string): readonly string[] {
    return this.values.get(flag) ?? [];
  }

  /** All values of the flag, and the words after it that belong to no other: `--manifests a b`. */
  public list(flag: string): readonly string[] {
    return [...this.texts(flag), ...(this.trailing.get(flag) ?? [])];
  }
}

/**
 * @param flags those that the command knows
 * @param collecting the flag that takes all words after it, if there is one
 */
export function readArguments(words: readonly string[], flags: readonly Flag[], collecting?: string): Arguments {
  const options = Object.fromEntries(
    flags.map(({ name, short, value }) => [
      name,
      { ...(short && { short }), type: value ? 'string' : 'boolean' } as const,
    ]),
  );
  const { tokens } = parseArgs({ args: [...words], options, strict: false, allowPositionals: true, tokens: true });
  const values = new Map<string, string[]>();
  const positionals: string[] = [];
  const trailing: string[] = [];
  for (const token of tokens) {
    if (token.kind === 'option') {
      append(values, token.name, readValue(token, flags));
    } else if (token.kind === 'positional') {
      const collected = collecting !== undefined && values.has(collecting);
      (collected ? trailing : positionals).push(token.value);
    }
  }
  return new Arguments(values, positionals, new Map(collecting === undefined ? [] : [[collecting, trailing]]));
}

interface OptionToken {
  readonly name: string;
  readonly rawName: string;
  readonly value?: string;
  readonly inlineValue?: boolean;
}

function readValue({ name, rawName, value, inlineValue }: OptionToken, flags: readonly Flag[]): string {
  const flag = flags.find((known) => known.name === name);
  if (flag === undefined) {
    const known = flags.flatMap((each) => [`--${each.name}`, ...(each.short ? [`-${each.short}`] : [])]);
    throw new UsageError(`There is no flag ${rawName}${suggestion(rawName, known)}`);
  }
  if (flag.value === undefined) {
    if (inlineValue) {
      throw new UsageError(`${rawName} takes no value; leave out '=${value}'`);
    }
    return '';
  }
  if (value === undefined) {
    throw new UsageError(`${rawName} needs a value: ${rawName} ${flag.value}`);
  }
  if (!inlineValue && value.length > 1 && value.startsWith('-')) {
    throw new UsageError(
      `${rawName} needs a value, and ${value} looks like another flag; if it is meant, write --${name}=${value}`,
    );
  }
  if (flag.choices !== undefined && !flag.choices.includes(value)) {
    throw new UsageError(`${rawName} cannot be ${JSON.stringify(value)}; it is ${listOf(flag.choices, 'or')}`);
  }
  return value;
}
