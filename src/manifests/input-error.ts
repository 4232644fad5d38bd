/** Input that cannot be read: a missing path, broken YAML, a file too large. The message is a sentence for the user. */
export class MeshInputError extends Error {
  public constructor(message: string) {
    super(message);
    this.name = 'MeshInputError';
  }
}
