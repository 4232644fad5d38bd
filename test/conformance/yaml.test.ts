/*
 * What kubectl's own reader makes of the texts of the table was recorded (`npm run conformance:yaml -- --record`); this project reads the
 * same, but for what conformance/yaml/differences.ts names.
 */
import answers from '../../conformance/yaml/answers.json';
import { DIFFERENCES } from '../../conformance/yaml/differences';
import { compareReads, type Read, readHere } from '../../conformance/yaml/reader';
import { TEXTS } from '../../conformance/yaml/texts';

const recorded = answers as readonly (Read & { readonly text: string })[];

test('each text of the table has its answer', () => {
  expect(recorded.map(({ text }) => text)).toEqual(TEXTS);
});

test('texts are read as kubectl reads them', () => {
  const different = recorded.filter((answer) => compareReads(answer, readHere(answer.text)) !== 'equal');
  expect(different.map(({ text }) => text).sort()).toEqual([...DIFFERENCES.keys()].sort());
});

test('nothing that is read throws', () => {
  const halves = TEXTS.flatMap((text) => [text.slice(text.length / 2), `${text}${text}`, `[${text}`, `a: |\n${text}`]);
  expect(halves.map(readHere)).toHaveLength(halves.length);
});
