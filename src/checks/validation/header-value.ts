/*
 * The format of header values with variables, as Istio reads it (`header_value_validator.go`), which is Envoy's old parser.
 */

type State = 'text' | 'name' | 'array' | 'string' | 'in string' | 'after string' | 'after array' | 'end';

/** Why the value is refused, as the end of a sentence; undefined where it is not. Istio does not check the names of variables. */
export function complaintAboutHeaderValue(value: string): string | undefined {
  let state: State = 'text';
  for (let at = 0; at < value.length; at++) {
    const next = step(state, value[at], value[at + 1]);
    if (typeof next === 'object') {
      return next.complaint;
    }
    // An escaped character is two.
    at += next === 'skip' ? 1 : 0;
    state = next === 'skip' ? state : next;
  }
  return state === 'text' ? undefined : "has a variable without its closing '%'";
}

/** The next state, or that the next character is nothing special, or what is wrong. */
function step(state: State, character: string, after: string | undefined): State | 'skip' | { complaint: string } {
  switch (state) {
    case 'text':
      return inText(character, after);
    case 'name':
      return character === '%' ? 'text' : character === '(' ? 'array' : 'name';
    case 'array':
      return character === '[' ? 'string' : character === ' ' ? 'array' : 'in string';
    case 'string':
      return expect(character, { '"': 'in string' }, state);
    case 'in string':
      return inString(character, after);
    case 'after string':
      return expect(character, { ',': 'string', ']': 'after array' }, state);
    case 'after array':
      return expect(character, { ')': 'end' }, state);
    case 'end':
      return expect(character, { '%': 'text' }, state);
  }
}

function inText(character: string, after: string | undefined): State | 'skip' | { complaint: string } {
  if (character !== '%') {
    return 'text';
  }
  if (after === undefined) {
    return { complaint: "ends in a single '%'" };
  }
  return after === '%' ? 'skip' : 'name';
}

function inString(character: string, after: string | undefined): State | 'skip' | { complaint: string } {
  if (character === '\\') {
    return after === undefined ? { complaint: 'ends in a backslash' } : 'skip';
  }
  return character === ')' ? 'end' : character === '"' ? 'after string' : 'in string';
}

/** Where only some characters may follow, spaces aside. */
function expect(
  character: string,
  next: { readonly [character: string]: State },
  same: State,
): State | { complaint: string } {
  if (Object.hasOwn(next, character)) {
    return next[character];
  }
  return character === ' '
    ? same
    : { complaint: `has '${character}' in a variable where ${Object.keys(next).join(' or ')} is expected` };
}
