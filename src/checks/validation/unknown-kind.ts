/*
 * A kind or an API version that no cluster knows, most often misspelt: kubectl says "no matches for kind", and every other check
 * passes the object by.
 *
 * An error where no release can know it: a kind or group that is near to a known one, a kind of another group, a version that is
 * none or older than what is served. A kind or version that a newer Istio may have is a warning. Files for tools look like objects
 * too, so that nothing is said of groups that are not known.
 */

import { ISTIO } from '../../istio/release';
import { isServed, isWhole, SERVED_KINDS, versionOf } from '../../istio/served-kinds';
import { type MeshObject, nameOf } from '../../manifests/object';
import { closest, listOf } from '../../syntax/wording';
import type { Check, Observation } from '../check';
import { Severity } from '../finding';
import { isRemovedVersion } from './removed-api-version';

export const unknownKind: Check = {
  id: 'unknown-kind',
  title: 'A kind or API version that the cluster does not know',
  severity: Severity.ERROR,
  istio: [],
  kiali: [],
  literal: true,
  run(mesh, report) {
    for (const object of mesh.objects) {
      const isGone = isRemovedVersion(object.apiVersion, object.kind);
      const found = isServed(object) || isGone ? undefined : examine(object);
      if (found !== undefined) {
        report({ object, ...found });
      }
    }
  },
};

type Words = Omit<Observation, 'object'>;

function examine(object: MeshObject): Words | undefined {
  const { apiVersion, group, kind } = object;
  const kinds = SERVED_KINDS.get(group);
  if (!apiVersion.includes('/') && apiVersion !== 'v1') {
    return withoutGroup(object);
  }
  if (kinds === undefined) {
    return inUnknownGroup(object);
  }
  const versions = kinds.get(kind);
  if (versions !== undefined) {
    return inUnknownVersion(object, versions);
  }
  const near = closest(kind, kinds.keys());
  const owner = near === undefined ? groupOf(kind) : undefined;
  if (near !== undefined || owner !== undefined) {
    return {
      path: near === undefined ? 'apiVersion' : 'kind',
      message: refused(object, `no kind ${kind} in ${apiVersion}`),
      help: near === undefined ? `Write 'apiVersion: ${newest(owner ?? '', kind)}'.` : `Did you mean ${near}?`,
    };
  }
  return isWhole(group)
    ? {
        path: 'kind',
        severity: Severity.WARNING,
        message: refused(object, `no kind ${kind} in ${group}, unless it is newer than ${ISTIO}`),
        help: `Write one of ${listOf([...kinds.keys()], 'or', 12)}.`,
      }
    : undefined;
}

/** `apiVersion: networking.istio.io`, `apiVersion: V1`, or none at all. */
function withoutGroup(object: MeshObject): Words | undefined {
  const { apiVersion, kind, name } = object;
  const owner = SERVED_KINDS.get(apiVersion)?.has(kind) === true ? apiVersion : groupOf(kind);
  // Without a name it is hardly an object, but a file for a tool.
  if (owner === undefined || name === '') {
    return undefined;
  }
  const what = apiVersion === '' ? 'no object without an apiVersion' : `no version ${apiVersion} of ${kind}`;
  return {
    path: apiVersion === '' ? '' : 'apiVersion',
    message: refused(object, what),
    help: `Write 'apiVersion: ${newest(owner, kind)}'.`,
  };
}

function inUnknownGroup(object: MeshObject): Words | undefined {
  const { group, kind } = object;
  const candidates = [...SERVED_KINDS.keys()].filter((known) => SERVED_KINDS.get(known)?.has(kind));
  const near = closest(group, candidates) ?? candidates.find((known) => known.startsWith(`${group}.`));
  return near === undefined
    ? undefined
    : {
        path: 'apiVersion',
        message: refused(object, `no API group ${group}`),
        help: `Write 'apiVersion: ${newest(near, kind)}'.`,
      };
}

function inUnknownVersion(object: MeshObject, versions: readonly string[]): Words {
  const { apiVersion, group, kind } = object;
  const version = versionOf(apiVersion);
  // Once there is a v1, no other version of the first generation comes any more.
  const mayCome = /^v\d+(?:(?:alpha|beta)\d+)?$/.test(version) && !(versions.includes('v1') && /^v1\D/.test(version));
  return {
    path: 'apiVersion',
    severity: mayCome ? Severity.WARNING : Severity.ERROR,
    message: refused(object, `no version ${version} of ${kind}${mayCome ? ', unless it is a newer one' : ''}`),
    help: `Write 'apiVersion: ${group === '' ? '' : `${group}/`}${versions[0]}'.`,
  };
}

function refused(object: MeshObject, what: string): string {
  return `The API server knows ${what}, and refuses ${nameOf(object)} ("no matches for kind"). The other checks skip it.`;
}

/** The one group that has a kind. */
function groupOf(kind: string): string | undefined {
  const owners = [...SERVED_KINDS.keys()].filter((group) => SERVED_KINDS.get(group)?.has(kind));
  return owners.length === 1 ? owners[0] : undefined;
}

function newest(group: string, kind: string): string {
  const [version] = SERVED_KINDS.get(group)?.get(kind) ?? ['v1'];
  return group === '' ? version : `${group}/${version}`;
}
