/*
 * What plain words of YAML are to kubectl, whose reader is go-yaml 2: words of YAML 1.1, numbers as Go writes them in its source, no
 * dates, and no numbers to base 60 (`12:30` is a string). The parser is loaded with this file, so load this file only where there is
 * YAML to read.
 */
import { defineScalarTag, FAILSAFE_SCHEMA, mergeTag, NOT_RESOLVED } from 'js-yaml';

const WORDS: ReadonlyMap<string, unknown> = new Map<string, unknown>([
  ...['', '~', 'null', 'Null', 'NULL'].map((word) => [word, null] as const),
  ...['y', 'Y', 'yes', 'Yes', 'YES', 'true', 'True', 'TRUE', 'on', 'On', 'ON'].map((word) => [word, true] as const),
  ...['n', 'N', 'no', 'No', 'NO', 'false', 'False', 'FALSE', 'off', 'Off', 'OFF'].map((word) => [word, false] as const),
  ...['.nan', '.NaN', '.NAN'].map((word) => [word, Number.NaN] as const),
  ...['.inf', '.Inf', '.INF'].flatMap((word) => [
    [word, Number.POSITIVE_INFINITY] as const,
    [`+${word}`, Number.POSITIVE_INFINITY] as const,
    [`-${word}`, Number.NEGATIVE_INFINITY] as const,
  ]),
]);

/** With what a word or a number begins; all else is text. */
const PERHAPS_MORE = /^[-+.\d~yYnNtTfFoO]/;
const INTEGER = /^([-+]?)(0[xX][\da-fA-F]+|0[bB][01]+|0[oO][0-7]+|0[0-7]*|[1-9]\d*)$/;
/** What is left to go-yaml once Go has refused the number: a sign behind the prefix. */
const SIGNED_BINARY = /^0b([-+][01]+)$/;
const FLOAT = /^[-+]?(\.\d+|\d+(\.\d*)?)([eE][-+]?\d+)?$/;
const FLOAT_FROM_POINT = /^\.\d+(_\d+)*([eE][-+]?\d+(_\d+)*)?$/;
const LOWEST = -(2n ** 63n);
const HIGHEST = 2n ** 64n - 1n;

/** The value of a plain scalar. */
export function resolvePlain(text: string): unknown {
  if (text !== '' && !PERHAPS_MORE.test(text)) {
    return text;
  }
  const word = WORDS.get(text);
  return word === undefined ? (numberIn(text) ?? text) : word;
}

function numberIn(text: string): number | undefined {
  if (text[0] === '.') {
    return FLOAT_FROM_POINT.test(text) ? finite(Number(text.replaceAll('_', ''))) : undefined;
  }
  const plain = text.replaceAll('_', '');
  const integer = INTEGER.exec(plain);
  if (integer !== null) {
    const value = integerOf(integer[1], integer[2]);
    if (value !== undefined) {
      return value;
    }
  }
  if (FLOAT.test(plain)) {
    return finite(Number(plain));
  }
  const binary = SIGNED_BINARY.exec(plain);
  return binary === null ? undefined : finite(Number.parseInt(binary[1], 2));
}

/** Undefined beyond 64 bits. */
function integerOf(sign: string, digits: string): number | undefined {
  const inJavaScript = /^0\d/.test(digits) ? `0o${digits.slice(1)}` : digits;
  if (inJavaScript.length < 16) {
    // Not -0, which is no integer.
    return sign === '-' ? 0 - Number(inJavaScript) : Number(inJavaScript);
  }
  const value = sign === '-' ? -BigInt(inJavaScript) : BigInt(inJavaScript);
  return value < LOWEST || value > (sign === '' ? HIGHEST : HIGHEST / 2n) ? undefined : Number(value);
}

function finite(value: number): number | undefined {
  return Number.isFinite(value) ? value : undefined;
}

/** For readers that want a schema of the library. */
export const AS_KUBECTL_READS = FAILSAFE_SCHEMA.withTags(
  scalarTag('null', (value) => value === null),
  scalarTag('bool', (value) => typeof value === 'boolean'),
  scalarTag('float', (value) => typeof value === 'number'),
  mergeTag,
);

function scalarTag(name: string, isOne: (value: unknown) => boolean): ReturnType<typeof defineScalarTag> {
  return defineScalarTag(`tag:yaml.org,2002:${name}`, {
    implicit: true,
    identify: isOne,
    resolve: (text) => {
      const value = resolvePlain(text);
      return isOne(value) ? value : NOT_RESOLVED;
    },
  });
}
