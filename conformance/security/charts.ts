/*
 * A declaration as a user of the library writes it, and the pods that are there besides.
 */
import { App, Chart, Testing } from 'cdk8s';
import {
  Caller,
  HeaderRoutedMesh,
  type ICaller,
  MeshSecurity,
  type ServiceVersion,
  TrafficSource,
  VersionedService,
} from 'cdk8s-versioned-mesh';
import type { Manifest } from '../manifest';
import {
  type Declaration,
  type DeclaredCaller,
  type DeclaredService,
  type Identity,
  nameOf,
  ownAccount,
  versionName,
} from './declaration';

export const HOST = 'shop.example.com';

/** @param port at which the apps listen */
export function manifestsFor(declaration: Declaration, port: number): readonly Manifest[] {
  const chart = new Chart(new App(), 'chart', { namespace: 'shop' });
  const services = new Map(declaration.services.map((each) => [each.name, serviceFor(chart, each, port)]));
  const callersOf = (callers: readonly DeclaredCaller[]): ICaller[] => callers.map((each) => callerOf(each, services));
  const { security, trustDomain, namesTrustDomain, gateway, everywhere } = declaration;
  const [first, ...others] = declaration.services.map((each) => ({
    ...(services.get(each.name) as RoutedService),
    ...(security === 'strict' ? { callers: callersOf(each.callers) } : {}),
  }));
  const mesh = new HeaderRoutedMesh(chart, 'front', {
    ...first,
    ...(gateway === undefined
      ? { traffic: TrafficSource.MESH }
      : {
          hosts: [HOST],
          traffic: TrafficSource.GATEWAY_AND_MESH,
          gatewayOptions: { serviceAccount: nameOf(gateway) },
        }),
    security:
      security === 'strict'
        ? MeshSecurity.strict({ callers: callersOf(everywhere), ...(namesTrustDomain ? { trustDomain } : {}) })
        : MeshSecurity.mutualTls(),
  });
  for (const { service, ...options } of others) {
    mesh.addService(service, options);
  }
  return Testing.synth(chart);
}

interface RoutedService {
  readonly service: VersionedService;
  readonly defaultVersion: ServiceVersion;
}

function serviceFor(chart: Chart, { name, namespace, accounts }: DeclaredService, port: number): RoutedService {
  const service = new VersionedService(chart, name, { namespace, targetPort: port });
  const [defaultVersion] = accounts.map((account, index) => {
    const version = versionName(index);
    const isOwn = account === ownAccount(name, version);
    return service.addVersion(version, {
      image: `${name}:${version}`,
      replicas: 1,
      port,
      ...(isOwn ? {} : { serviceAccountName: account }),
    });
  });
  return { service, defaultVersion };
}

function callerOf(caller: DeclaredCaller, services: ReadonlyMap<string, RoutedService>): ICaller {
  if ('service' in caller) {
    return (services.get(caller.service) as RoutedService).service;
  }
  return 'account' in caller
    ? Caller.serviceAccount(caller.namespace, caller.account)
    : Caller.namespace(caller.namespace);
}

/** The label by which clients of a kind are told from pods of services. */
export const CLIENT_LABEL = 'client';

/** A pod of a client. That of the gateway has the label by which Gateways select it. */
export function clientDeployment(client: Identity, isGateway: boolean): Manifest {
  const { namespace, account } = client;
  const labels = { [CLIENT_LABEL]: account, ...(isGateway ? { istio: 'ingressgateway' } : {}) };
  return {
    apiVersion: 'apps/v1',
    kind: 'Deployment',
    metadata: { name: `client-${account}`, namespace },
    spec: { template: { metadata: { labels }, spec: { serviceAccountName: account } } },
  };
}
