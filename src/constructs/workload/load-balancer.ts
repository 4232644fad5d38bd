import type { Duration } from 'cdk8s';
import type { DestinationRuleSpecTrafficPolicyLoadBalancer } from '../../../imports/networking.istio.io';
import { complaintAboutHeaderName } from '../../syntax/names';
import { brandOf, isMarked, mark } from '../objects/brand';
import { show } from '../objects/refuse';
import { duration, refuseWrong, required, Struct, text } from '../objects/struct';
import { complaintAboutDuration, durationText } from '../objects/whole-milliseconds';

/**
 * What LoadBalancer.leastRequest and LoadBalancer.roundRobin can do beside.
 */
export interface LoadBalancerOptions {
  /**
   * How long a new pod gets fewer requests than others, from a tenth of its share up to all of it, in whole milliseconds. Has
   * no effect while all pods are new.
   *
   * @default - it gets its share at once
   */
  readonly warmup?: Duration;
}

/**
 * What LoadBalancer.byCookie can do beside.
 */
export interface HashCookieOptions {
  /**
   * How long the cookie lives that the proxy sets where a request has none, in whole seconds; 0 until the browser is closed.
   *
   * @default - the proxy sets none: the app does
   */
  readonly maxAge?: Duration;

  /**
   * The path below which the cookie is sent that the proxy sets.
   *
   * @default '/'
   */
  readonly path?: string;
}

const BRAND = brandOf('LoadBalancer');
const OPTIONS = new Struct<LoadBalancerOptions>('{ warmup: Duration.seconds(30) }', { warmup: duration });
const COOKIE_OPTIONS = new Struct<HashCookieOptions>('{ maxAge: Duration.hours(1) }', { maxAge: duration, path: text });

/** A cookie's name is a token, as a header's is (RFC 6265). */
const TOKEN = /^[-!#$%&'*+.^_`|~0-9A-Za-z]+$/;

type Settings = DestinationRuleSpecTrafficPolicyLoadBalancer;

/**
 * Which of a version's pods gets a request.
 *
 * Those of the kind `by…` send what has the same value to the same pod, as far as pods come and go. They choose among the pods
 * of one version only; which version it is, the route says.
 */
export class LoadBalancer {
  /**
   * Of two pods drawn by chance, the one with fewer requests under way. Istio's default.
   *
   * @throws Error when an option is wrong.
   */
  public static leastRequest(options: LoadBalancerOptions = {}): LoadBalancer {
    return LoadBalancer.simple('LoadBalancer.leastRequest', 'LEAST_REQUEST', options);
  }

  /**
   * One pod after the other, whatever each has under way.
   *
   * @throws Error when an option is wrong.
   */
  public static roundRobin(options: LoadBalancerOptions = {}): LoadBalancer {
    return LoadBalancer.simple('LoadBalancer.roundRobin', 'ROUND_ROBIN', options);
  }

  /** A pod drawn by chance. */
  public static random(): LoadBalancer {
    return new LoadBalancer({ simple: simpleName('RANDOM') });
  }

  /**
   * By the value of a header. Requests without it go anywhere.
   *
   * @param name The name of the header, as in `x-user`.
   * @throws Error when it is none.
   */
  public static byHeader(name: string): LoadBalancer {
    const where = 'LoadBalancer.byHeader';
    refuseWrong(where, 'name', name, required(text, "write the name of a header, as in 'x-user'"));
    refuseIfWrong(where, `name ${show(name)}`, complaintAboutHeaderName(name));
    return new LoadBalancer({ consistentHash: { httpHeaderName: name } });
  }

  /**
   * By the value of a cookie.
   *
   * @param name The name of the cookie.
   * @param options How long the cookie lives that the proxy sets where there is none. Only browsers, and so only requests by a
   * gateway, keep one.
   * @throws Error when the name is none, or an option is wrong.
   */
  public static byCookie(name: string, options: HashCookieOptions = {}): LoadBalancer {
    const where = 'LoadBalancer.byCookie';
    refuseWrong(where, 'name', name, required(text, "write the name of a cookie, as in 'user'"));
    refuseIfWrong(
      where,
      `name ${show(name)}`,
      TOKEN.test(name) ? undefined : `is not the name of a cookie: letters, digits and !#$%&'*+-.^_\`|~`,
    );
    const { maxAge, path = '/' } = COOKIE_OPTIONS.read(where, '', options);
    refuseIfWrong(where, `path ${show(path)}`, isCookiePath(path) ? undefined : `is not a path of a cookie, as in '/'`);
    if (maxAge === undefined) {
      refuseIfWrong(
        where,
        `path ${show(path)}`,
        options.path && 'is for a cookie that the proxy sets, which needs maxAge',
      );
      return new LoadBalancer({ consistentHash: { httpCookie: { name } } });
    }
    const seconds = maxAge.toSeconds({ integral: false });
    refuseIfWrong(
      where,
      `maxAge of ${seconds} s`,
      Number.isInteger(seconds) && seconds >= 0
        ? undefined
        : 'is not a whole number of seconds, in which cookies count',
    );
    return new LoadBalancer({ consistentHash: { httpCookie: { name, path, ttl: `${seconds}s` } } });
  }

  /**
   * By the address of the client as the proxy knows it: at a gateway the browser's, where what stands before the gateway hands
   * it on; inside the mesh that of the calling pod.
   */
  public static bySourceIp(): LoadBalancer {
    return new LoadBalancer({ consistentHash: { useSourceIp: true } });
  }

  /**
   * By the value of a query parameter. Requests without it go anywhere.
   *
   * @param name The name of the parameter, as in `user` of `?user=ann`.
   * @throws Error when it is none.
   */
  public static byQueryParam(name: string): LoadBalancer {
    const where = 'LoadBalancer.byQueryParam';
    refuseWrong(where, 'name', name, required(text, "write the name of a query parameter, as in 'user'"));
    refuseIfWrong(
      where,
      `name ${show(name)}`,
      name === '' ? 'is empty; write the name of a query parameter' : undefined,
    );
    return new LoadBalancer({ consistentHash: { httpQueryParameterName: name } });
  }

  /**
   * Whether `value` is one, of whichever copy of this library.
   *
   * @internal
   */
  public static _is(value: unknown): value is LoadBalancer {
    return isMarked(value, BRAND);
  }

  private static simple(where: string, name: string, options: LoadBalancerOptions): LoadBalancer {
    const { warmup } = OPTIONS.read(where, '', options);
    if (warmup === undefined) {
      return new LoadBalancer({ simple: simpleName(name) });
    }
    refuseIfWrong(where, 'warmup', complaintAboutDuration(warmup));
    // Its successor, `warmup`, is not known to all releases of Istio that are in use; all know this.
    return new LoadBalancer({ simple: simpleName(name), warmupDurationSecs: durationText(warmup) });
  }

  private constructor(private readonly settings: Settings) {
    mark(this, BRAND);
  }

  /**
   * In the words of a DestinationRule.
   *
   * @internal
   */
  public _settings(): Settings {
    return this.settings;
  }

  /**
   * Whether a value of the request decides.
   *
   * @internal
   */
  public _usesConsistentHash(): boolean {
    return this.settings.consistentHash !== undefined;
  }
}

/** Of the generated code only the types are used, and its enums are none. */
function simpleName(name: string): Settings['simple'] {
  return name as Settings['simple'];
}

function isCookiePath(path: string): boolean {
  return /^\/[^;\s]*$/.test(path);
}

function refuseIfWrong(where: string, what: string, complaint: string | undefined): void {
  if (complaint !== undefined) {
    throw new Error(`${where}: ${what} ${complaint}.`);
  }
}
