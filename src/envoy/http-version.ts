import type { HttpVersion } from '../model/upstream-http';
import { RequestError } from '../proxy/request-error';
import type { RouteRequest } from './request';

export function readHttpVersion(request: RouteRequest): HttpVersion {
  const httpVersion = request.httpVersion ?? '1.1';
  if (httpVersion !== '1.1' && httpVersion !== '2') {
    throw new RequestError(
      `The httpVersion is '${String(httpVersion)}', and requests are routed in HTTP/1.1 or HTTP/2; write '1.1' or '2'`,
    );
  }
  return httpVersion;
}
