/*
 * The checks on references: between Gateways, VirtualServices, DestinationRules, Services, workloads and namespaces.
 */
import type { Check } from './check';
import { duplicateGatewayCertificate } from './duplicate-gateway-certificate';
import { gatewayConflict } from './gateway-conflict';
import { gatewayNotFound } from './gateway-not-found';
import { gatewayPortNotOnService } from './gateway-port-not-on-service';
import { gatewaySelectsNoWorkload } from './gateway-selects-no-workload';
import { gatewayShortHost } from './gateway-short-host';
import { hostNotInGateway } from './host-not-in-gateway';
import { httpRoutesOnTcpServer } from './http-routes-on-tcp-server';
import { httpsRedirectWithoutHttpsServer } from './https-redirect-without-https-server';
import { internalGateway } from './internal-gateway';

export const REFERENCE_CHECKS: readonly Check[] = [
  httpRoutesOnTcpServer,
  gatewayNotFound,
  hostNotInGateway,
  gatewayConflict,
  gatewaySelectsNoWorkload,
  gatewayPortNotOnService,
  gatewayShortHost,
  duplicateGatewayCertificate,
  httpsRedirectWithoutHttpsServer,
  internalGateway,
];
