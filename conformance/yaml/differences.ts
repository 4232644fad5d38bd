/*
 * Texts of the table that this project reads in another way than kubectl, and why. All but one are refused by kubectl and read here.
 */
export const DIFFERENCES: ReadonlyMap<string, string> = new Map([
  ['a: "a\\/b"\n', 'kubectl knows this escape in JSON only'],
  ['- "a\\/b"\n- z\n', 'kubectl knows this escape in JSON only'],
  ['a:\n  b: [a]#c\n  c: 1\n', 'refused here: no space before the comment'],
  ['a: |\n  x\n---\n  y\nb: 1\n', 'a text that could go on, and something else'],
  ['{"a": 1} x\n', 'kubectl does not find the YAML in so few bytes'],
  ['{// comment\n"a": 1}', 'a key of two lines'],
  ['\ta: 1\n', 'a tab at the start of a line'],
  ['a: x\u0085y\n', 'the line break NEL in a word'],
]);
