/*
 * What can be wrong with a version whose pods somebody else makes.
 */
import { complaintAboutDnsName, complaintAboutServiceName } from '../../syntax/names';
import { checkLabels } from '../objects/object-options';
import { refuse, refuseIf } from '../objects/refuse';
import type { Labels } from './version-labels';
import type { VersionedService } from './versioned-service';
import { type ExistingVersionOptions, VersionedBy, type VersionedServiceProps } from './versioned-service-options';

/** By which labels its pods are told from others; none where a Service of its own does that. */
export function labelsOfExisting(version: string, { labels, serviceName }: ExistingVersionOptions): Labels {
  return labels ?? (serviceName === undefined ? { version } : {});
}

/** Throws on the first option that is wrong in itself or does not go with the service. */
export function checkExistingVersion(
  service: VersionedService,
  version: string,
  options: ExistingVersionOptions,
  { isSelectorKnown }: { isSelectorKnown: boolean },
): void {
  const { labels, serviceName, serviceAccountName } = options;
  const what = `version '${version}':`;
  if (labels !== undefined) {
    checkLabels(service, labels);
    if (Object.keys(labels).length === 0) {
      refuse(
        service,
        `${what} labels is empty, and would be all pods; write what its pods alone carry, or leave it out.`,
      );
    }
  }
  if (serviceAccountName !== undefined) {
    refuseIf(service, `${what} serviceAccountName`, serviceAccountName, complaintAboutDnsName(serviceAccountName));
  }
  if (serviceName !== undefined) {
    checkServiceName(service, what, serviceName);
  } else if (service.versionedBy === VersionedBy.SERVICES && !isSelectorKnown && labels === undefined) {
    refuse(
      service,
      `${what} neither serviceName nor labels is set, and a Service for all pods with version '${version}' could reach other apps; set serviceName to the Service that reaches it, or labels to what its pods alone carry.`,
    );
  }
}

/** What is said at synthesis of options of a service of which nothing that they are for is made. */
export function complaintsAboutUnused(service: VersionedService, props: VersionedServiceProps): string[] {
  const { versions, versionedBy, service: ofAll } = service;
  const hasService = ofAll !== undefined || versions.some(({ ownService }) => ownService !== undefined);
  const hasRule = [service, ...versions].some(({ destinationRule }) => destinationRule !== undefined);
  const unused: (keyof VersionedServiceProps)[] = [
    ...(hasService || versionedBy === VersionedBy.SUBSETS ? [] : (['portName', 'targetPort'] as const)),
    ...(hasService || hasRule ? [] : (['labels', 'annotations'] as const)),
  ];
  return unused
    .filter((name) => props[name] !== undefined)
    .map((name) => `${name} is set, but nothing that it is for is made: every Service is there already; leave it out.`);
}

function checkServiceName(service: VersionedService, what: string, serviceName: string): void {
  refuseIf(service, `${what} serviceName`, serviceName, complaintAboutServiceName(serviceName));
  if (service.versionedBy === VersionedBy.SUBSETS) {
    refuse(
      service,
      `${what} serviceName '${serviceName}' is for a service with a Service a version, and this one has subsets; leave it out, or set versionedBy to SERVICES.`,
    );
  }
  if (service.service !== undefined && serviceName === service.name) {
    refuse(
      service,
      `${what} serviceName '${serviceName}' is the Service over all versions, so requests for this one would reach all; name the Service that reaches it alone.`,
    );
  }
  const twin = service.versions.find((other) => other._serviceName() === serviceName);
  if (twin !== undefined) {
    refuse(
      service,
      `${what} serviceName '${serviceName}' is the Service of version '${twin.version}' already; name the one that reaches this version alone.`,
    );
  }
}
