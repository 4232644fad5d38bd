/*
 * What a user is told who asked for something that cannot be.
 */

/** The message with which `act` is refused. What is not a plain Error is no refusal but a crash, and thrown on. */
export function refusalOf(act: () => unknown): string {
  try {
    act();
  } catch (error) {
    if (error instanceof Error && error.constructor === Error && !isInternal(error.message)) {
      return error.message;
    }
    throw error;
  }
  throw new Error('Nothing was refused.');
}

/** One line of a table of bad input: what is done, and parts of the message: where, which value, what would be right. */
export type Refusal = readonly [what: string, act: () => unknown, ...says: string[]];

/** A test for each line. Every message is a sentence. */
export function testRefusals(refusals: readonly Refusal[]): void {
  test.each(refusals.map(([what, act, ...says]) => ({ what, act, says })))('$what', ({ act, says }) => {
    const message = refusalOf(act);
    for (const part of says) {
      expect(message).toContain(part);
    }
    expect(message).toMatch(/[.?]$/);
    expect(message).not.toMatch(/\bundefined (is|has) not a function|\[object /);
  });
}

/** Messages of an engine or of cdk8s, which say nothing to a user. */
function isInternal(message: string): boolean {
  return /Failed serializing|Cannot read prop|is not a function|is not iterable|can't render/.test(message);
}
