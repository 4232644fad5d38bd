/** Input that cannot be used: a missing path, nothing that can be read. The message is a sentence for the user, and may have more below it. */
export class MeshInputError extends Error {
  public readonly lines: readonly string[];

  /** @param more a line each */
  public constructor(message: string, more: readonly string[] = []) {
    super([message, ...more].join('\n'));
    this.name = 'MeshInputError';
    this.lines = [message, ...more];
  }
}
