/*
 * What a schema has against a text, a number or a truth value.
 */
import { parseDuration } from '../syntax/duration';
import { numberText } from '../syntax/scalar-text';
import type { Complaint, Schema } from './complaint';

/** Of a complaint, what does not depend on where the value stands. */
type About = Pick<Complaint, 'text' | 'allowed' | 'help'>;

const NONE: readonly About[] = [];

export function complaintsAboutScalar(value: unknown, schema: Schema): readonly About[] {
  switch (typeof value) {
    case 'string':
      return complaintsAboutText(value, schema);
    case 'number':
      return complaintsAboutNumber(value, schema);
    default:
      return NONE;
  }
}

function complaintsAboutText(value: string, schema: Schema): readonly About[] {
  const { minLength = 0, maxLength = Number.POSITIVE_INFINITY, pattern } = schema;
  const found: About[] = [];
  if (schema.enum !== undefined && !schema.enum.includes(value)) {
    found.push({ text: `is ${describe(value)}, which is not an allowed value`, allowed: schema.enum });
  }
  if (value.length < minLength || value.length > maxLength) {
    // The API server counts characters, not their halves.
    const length = [...value].length;
    if (length < minLength || length > maxLength) {
      const text = `has ${length} characters, which is too ${length < minLength ? 'few' : 'many'}`;
      found.push({ text, help: helpAboutBounds(length, minLength, maxLength) });
    }
  }
  if (pattern !== undefined && !regexOf(pattern).test(value)) {
    const text = `is ${describe(value)}, which does not fit the pattern ${pattern}`;
    found.push({ text, help: 'Write a text that fits.' });
  }
  const complaint = complaintAboutFormat(value, schema.format);
  return complaint === undefined ? found : [...found, complaint];
}

/** What to write where a count is out of its bounds. */
export function helpAboutBounds(count: number, least: number, most: number): string {
  return count < least ? `Write at least ${least}.` : `Write at most ${most}.`;
}

const COMPILED = new Map<string, RegExp>();

function regexOf(pattern: string): RegExp {
  const regex = COMPILED.get(pattern) ?? new RegExp(pattern, 'u');
  COMPILED.set(pattern, regex);
  return regex;
}

const BASE64 = /^(?:[A-Za-z0-9+/]{4})*(?:[A-Za-z0-9+/]{2}==|[A-Za-z0-9+/]{3}=)?$/;

function complaintAboutFormat(text: string, format: string | undefined): About | undefined {
  switch (format) {
    case 'duration':
      return complaintAboutDuration(text);
    case 'byte':
      return BASE64.test(text)
        ? undefined
        : { text: `is ${describe(text)}, which is not base64`, help: "Write its bytes in base64, as in 'aGVsbG8='." };
    case 'port':
      return isPortName(text)
        ? undefined
        : {
            text: `is ${describe(text)}, which is not the name of a port`,
            help: "Write a number without quotes, or the name of a container's port, as in http.",
          };
    default:
      return undefined;
  }
}

/** `IsValidPortName`; an empty one stands for none. */
function isPortName(text: string): boolean {
  return text === '' || (/^(?=.*[a-z])(?!.*--)[a-z0-9](?:[a-z0-9-]*[a-z0-9])?$/.test(text) && text.length <= 15);
}

function complaintAboutDuration(text: string): About | undefined {
  const milliseconds = parseDuration(text);
  if (milliseconds === undefined) {
    return { text: `is '${text}', which is not a duration`, help: 'Write something like 5s or 250ms.' };
  }
  return milliseconds < 1 ? { text: `is '${text}', which is shorter than 1ms`, help: 'Write 1ms or more.' } : undefined;
}

const INT32 = { least: -(2 ** 31), most: 2 ** 31 - 1 };

function complaintsAboutNumber(value: number, schema: Schema): readonly About[] {
  if (schema.format === 'port' && !Number.isInteger(value)) {
    return [
      { text: `is ${describe(value)} where a whole number is expected`, help: 'Write a number from 1 to 65535.' },
    ];
  }
  const bounds = schema.format === 'int32' ? INT32 : undefined;
  const least = schema.minimum ?? bounds?.least ?? Number.NEGATIVE_INFINITY;
  const most = schema.maximum ?? bounds?.most ?? Number.POSITIVE_INFINITY;
  if (value >= least && value <= most) {
    return NONE;
  }
  return value < least
    ? [{ text: `is ${numberText(value)}, which is too small`, help: `Write ${least} or more.` }]
    : [{ text: `is ${numberText(value)}, which is too large`, help: `Write ${most} or less.` }];
}

/** A value as a sentence names it. */
export function describe(value: unknown): string {
  switch (typeof value) {
    case 'string':
      return `the string ${JSON.stringify(value.length > 40 ? `${value.slice(0, 40)}…` : value)}`;
    case 'object':
      return Array.isArray(value) ? 'a list' : 'a map';
    default:
      return `the ${typeof value === 'number' ? 'number' : 'word'} ${String(value)}`;
  }
}
