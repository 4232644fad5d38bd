/*
 * What is told of a decision: its JSON is as docs/schemas/decision.json has it, and its text says what the JSON does.
 */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import Ajv from 'ajv';
import { predict } from '../../conformance/compare';
import { modelOf } from '../../conformance/differences';
import { readRecordings } from '../../conformance/vectors';
import type { TraceStep } from '../../src/envoy/trace';
import { TraceState } from '../../src/envoy/trace';
import { printable } from '../../src/syntax/printable';
import { cut } from '../../src/syntax/wording';

const SCHEMA = JSON.parse(readFileSync(join(__dirname, '../../docs/schemas/decision.json'), 'utf8'));
const isAsPublished = new Ajv({ allErrors: true }).compile(SCHEMA);

describe.each(readRecordings())('decisions about $name', ({ recording }) => {
  test.each(recording.vectors.map((vector, index) => [index, vector] as const))('mesh %i', (_, { mesh, decisions }) => {
    const model = modelOf(mesh);
    for (const { ask } of decisions) {
      const decision = predict(model, mesh, ask);
      isAsPublished(JSON.parse(JSON.stringify(decision)));
      expect(isAsPublished.errors ?? []).toEqual([]);
      const text = decision.explain();
      expect(decision.trace.flatMap(partsToTell).filter((part) => !text.includes(printable(part)))).toEqual([]);
    }
  });
});

/** What of a step the text has to contain. Rules that were not reached are told in one line for all of them. */
function partsToTell({ object = '', rule, text }: TraceStep): readonly string[] {
  const name = object.replace(/\.svc\.[^:,\s]+/, '');
  if (rule?.state === TraceState.NOT_REACHED) {
    return [name, 'not reached'];
  }
  const unmet = rule?.conditions.filter(({ matched }) => !matched) ?? [];
  return [
    name,
    text,
    ...unmet.flatMap(({ actual, wanted = '' }) => [wanted, actual === undefined ? 'there is none' : cut(actual)]),
  ];
}
