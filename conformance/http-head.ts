/*
 * The head of a message in HTTP/1.1, read by hand, so that nothing of it is lost.
 */

export interface HttpHead {
  readonly startLine: string;
  /** In order, repeated ones too; names in lower case. */
  readonly headers: readonly (readonly [name: string, value: string])[];
}

/** @param text without the empty line at its end */
export function readHttpHead(text: string): HttpHead {
  const [startLine, ...lines] = text.split('\r\n');
  const headers = lines.map((line) => {
    const colon = line.indexOf(':');
    return [line.slice(0, colon).toLowerCase(), line.slice(colon + 1).trim()] as const;
  });
  return { startLine, headers };
}

/** The status in the first line of an answer. */
export function statusIn({ startLine }: HttpHead): number {
  return Number(startLine.split(' ')[1]);
}
