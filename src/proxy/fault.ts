import type { Fault } from '../model/http-route';

/** A fault that a route injects. */
export interface InjectedFault {
  /**
   * Status with which a request is aborted.
   *
   * @default - no request is aborted
   */
  readonly abortStatus?: number;
  /**
   * The gRPC status with which a request of gRPC is aborted, or that the rule names, as in `UNAVAILABLE`. Clients that do not
   * speak gRPC see nothing of it but HTTP 200.
   *
   * @default - the rule names an HTTP status, and the request is none of gRPC
   */
  readonly abortGrpcStatus?: string;
  /** Share of requests that are aborted, in percent. */
  readonly abortPercentage: number;
  /**
   * By how much a request is delayed, in milliseconds.
   *
   * @default - no request is delayed
   */
  readonly delayMillis?: number;
  /** Share of requests that are delayed, in percent. */
  readonly delayPercentage: number;
}

/** The HTTP status of everything that a proxy tells clients of gRPC. */
export const HTTP_STATUS_OF_GRPC = 200;

/** A fault without percentage strikes nobody, and one without status does nothing. */
export function faultInForce(fault: Fault | undefined): InjectedFault | undefined {
  const abort = fault?.abort;
  const delay = fault?.delay;
  const abortStatus = abort?.httpStatus ?? (abort?.grpcStatus === undefined ? undefined : HTTP_STATUS_OF_GRPC);
  const abortPercentage = abortStatus === undefined ? 0 : (abort?.percentage ?? 0);
  const delayPercentage = delay?.percentage ?? 0;
  if (abortPercentage <= 0 && delayPercentage <= 0) {
    return undefined;
  }
  return {
    abortStatus: abortPercentage > 0 ? abortStatus : undefined,
    abortGrpcStatus: abortPercentage > 0 && abort?.httpStatus === undefined ? abort?.grpcStatus : undefined,
    abortPercentage: Math.max(abortPercentage, 0),
    delayMillis: delayPercentage > 0 ? delay?.fixedDelayMs : undefined,
    delayPercentage: Math.max(delayPercentage, 0),
  };
}
