import type { ApiObject } from 'cdk8s';
import { Construct } from 'constructs';
import { brandOf, isMarked, mark } from '../objects/brand';
import { checkedId } from '../objects/check-argument';
import { istioObject } from '../objects/istio-object';
import { removeUnless } from '../objects/remove-unless';
import { RoutingApi } from '../objects/routing-api';
import { list, oneOf, refuseWrong, required, Struct, text } from '../objects/struct';
import { watchForDuplicates } from '../objects/unique-objects';
import { addValidation } from '../objects/validation';
import type { CallerIdentity, ICaller } from '../security/caller';
import { type CheckedGateway, checkGateway } from './check-gateway';
import { ExistingGateway, type ExistingGatewayOptions } from './existing-gateway';
import { putGatewaysAfterPods } from './gateway-after-pods';
import { identityOf } from './gateway-identity';
import { GATEWAY_FIELDS, GATEWAY_SERVER, type GatewayOptions, type GatewayServerOptions } from './gateway-options';
import type { IGatewayPods } from './gateway-pods';
import { type Routes, routedTwice, unserved } from './gateway-routes';
import { type Door, GatewayServers } from './gateway-servers';
import type { IIngressGateway } from './ingress-gateway-ref';

/**
 * What an IngressGateway is made of.
 */
export interface IngressGatewayProps extends GatewayOptions {
  /**
   * The API in which it is written.
   *
   * @default RoutingApi.ISTIO_V1
   */
  readonly api?: RoutingApi;
}

const INGRESS_GATEWAY = new Struct<IngressGatewayProps>("{ selector: { istio: 'ingress' } }", {
  ...GATEWAY_FIELDS,
  api: oneOf(RoutingApi),
});

/** The options of a gateway, and what they are called in messages: '' for those of a constructor, else as in `gatewayOptions.`. */
interface ReadProps {
  readonly where: Construct;
  readonly what: string;
  readonly options: IngressGatewayProps;
}

const BRAND = brandOf('IngressGateway');

/**
 * A door for requests from outside, which meshes share: hosts, each with a certificate of its own where it has one.
 *
 * Makes a Gateway: which pods of Istio's gateway serve these hosts, on which ports. The pods themselves are Istio's affair, or
 * those of an IstioGateway.
 */
export class IngressGateway extends Construct implements IIngressGateway, ICaller {
  /**
   * A Gateway that is there already, of which nothing is known but its name: its servers have to accept the hosts of the meshes.
   *
   * @param scope The chart or construct that it belongs to.
   * @param id The id.
   * @param gatewayName The name of the Gateway.
   * @param options Its namespace, and the account of its pods.
   * @throws Error, naming the path of the construct, the value and what would be right, when an argument is wrong.
   */
  public static fromGatewayName(
    scope: Construct,
    id: string,
    gatewayName: string,
    options: ExistingGatewayOptions = {},
  ): IIngressGateway {
    return new ExistingGateway(scope, id, gatewayName, options);
  }

  /** @internal */
  public static _is(value: unknown): value is IngressGateway {
    return isMarked(value, BRAND);
  }

  /** The name of the Gateway. */
  public readonly gatewayName: string;

  /** The namespace of the Gateway; undefined leaves it to `kubectl apply -n`. */
  public readonly gatewayNamespace?: string;

  /** The ServiceAccount of the pods that serve it, as `namespace/name`, where known. */
  public readonly serviceAccount?: string;

  /** The Gateway. */
  public readonly resource: ApiObject;

  /**
   * The pods that serve it, where they are of this app.
   *
   * @internal
   */
  public readonly _pods?: IGatewayPods;

  private readonly checked: CheckedGateway;
  private readonly servers: GatewayServers;
  private readonly routes: Routes[] = [];

  /**
   * @param scope The chart or construct that it belongs to.
   * @param id The id, and unless `name` says otherwise the name.
   * @param props What it is made of.
   * @throws Error, naming the path of the construct, the value and what would be right, when a prop is wrong.
   */
  constructor(scope: Construct, id: string, props: IngressGatewayProps = {}) {
    super(scope, checkedId(scope, id));
    const { checked, servers, resource, pods } = removeUnless(this, () => this.build(props));
    this.checked = checked;
    this.servers = servers;
    this.resource = resource;
    this.gatewayName = resource.name;
    this.gatewayNamespace = checked.metadata.namespace;
    this.serviceAccount = checked.serviceAccount;
    this._pods = pods;
    mark(this, BRAND);
    watchForDuplicates(this);
    if (pods !== undefined) {
      putGatewaysAfterPods(this, IngressGateway._is);
    }
    addValidation(this, () => this.complaintsAtSynth());
  }

  /** The labels of the pods that serve it. A copy. */
  public get selector(): { readonly [key: string]: string } {
    return { ...this.checked.selector };
  }

  /**
   * Serves hosts. Those that are served alike, by whichever calls, share a server.
   *
   * @param hosts The hosts that clients ask for, as in `shop.example.com` or `*.example.com`, or `*` for all.
   * @param options The port, and the certificate.
   * @throws Error when a host is not one or is served on the port already; when an option is wrong, or does not go with what
   * the port serves. Nothing is added then.
   */
  public addServer(hosts: string[], options: GatewayServerOptions = {}): void {
    refuseWrong(
      this,
      'addServer: hosts',
      hosts,
      required(list(text, "['shop.example.com']"), 'name the hosts to serve'),
    );
    this.servers.add(hosts, GATEWAY_SERVER.read(this, 'addServer: options', options));
  }

  /**
   * By what services know its pods.
   *
   * @throws Error when their ServiceAccount is not known.
   */
  public callerIdentity(): CallerIdentity {
    return identityOf(this, this.selector);
  }

  /**
   * Has synthesis fail where servers do not take all requests for the hosts of a mesh, or another mesh has the same.
   *
   * @internal
   */
  public _expect(mesh: Construct, hosts: readonly string[]): void {
    this.routes.push({ mesh, hosts });
  }

  /** @internal */
  public _servesHttpsOnly(host: string): boolean {
    return this.servers.servesHttpsOnly(host);
  }

  /** @internal */
  public _doorsFor(host: string): Door[] {
    return this.servers.doorsFor(host);
  }

  /**
   * What it is made of, read, and where that stands, for sentences about it.
   *
   * @internal
   */
  protected _read(props: IngressGatewayProps): ReadProps {
    return { where: this, what: '', options: INGRESS_GATEWAY.read(this, '', props) };
  }

  private build(props: IngressGatewayProps) {
    const { where, what, options } = this._read(props);
    const { api = RoutingApi.ISTIO_V1, name = this.node.id } = options;
    const checked = checkGateway(where, what, { ...options, name });
    const servers = new GatewayServers(this, options, checked.server);
    const resource = istioObject(this, 'Resource', {
      kind: 'Gateway',
      apiVersion: api,
      metadata: checked.metadata,
      spec: () => ({ selector: checked.selector, servers: servers.toSpec() }),
    });
    return { checked, servers, resource, pods: options.pods };
  }

  private complaintsAtSynth(): string[] {
    const title = `Gateway '${this.gatewayName}'`;
    return this.servers.isEmpty
      ? [`${title} has no server, and Istio's webhook refuses it; add hosts with addServer.`]
      : [...unserved(title, this.servers, this.routes), ...routedTwice(title, this.servers, this.routes)];
  }
}
