/** A request that makes no sense, such as one to no URL or from nowhere. The message is a sentence for the user. */
export class RequestError extends Error {
  public constructor(message: string) {
    super(message);
    this.name = 'RequestError';
  }
}
