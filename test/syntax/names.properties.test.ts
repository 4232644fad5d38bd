/*
 * For all strings: what is accepted is what Kubernetes accepts, and what is suggested is accepted.
 */
import fc from 'fast-check';
import {
  complaintAboutDnsLabel,
  complaintAboutHost,
  complaintAboutLabelValue,
  complaintAboutMetadataKey,
  complaintAboutServiceName,
  toDnsLabel,
} from '../../src/syntax/names';
import { nearlyNames } from '../support/arbitraries';
import { complaintsAbout } from '../support/valid';

const RUNS = { numRuns: 300 };

const configMap = (metadata: object) => ({ apiVersion: 'v1', kind: 'ConfigMap', metadata });
const namespace = (name: string) => ({ apiVersion: 'v1', kind: 'Namespace', metadata: { name } });
const service = (name: string) => ({
  apiVersion: 'v1',
  kind: 'Service',
  metadata: { name },
  spec: { ports: [{ port: 80 }] },
});

test('a DNS label is what a Namespace may be called', () => {
  fc.assert(
    fc.property(nearlyNames, (name) => accepts(complaintAboutDnsLabel(name)) === accepted(namespace(name))),
    RUNS,
  );
});

test('the name of a Service is what a Service may be called', () => {
  fc.assert(
    fc.property(nearlyNames, (name) => accepts(complaintAboutServiceName(name)) === accepted(service(name))),
    RUNS,
  );
});

test('a label value is what a label may be, the empty one apart', () => {
  fc.assert(
    fc.property(
      nearlyNames.filter((value) => value !== ''),
      (value) =>
        accepts(complaintAboutLabelValue(value)) === accepted(configMap({ name: 'a', labels: { key: value } })),
    ),
    RUNS,
  );
});

test('a key is what labels and annotations may have', () => {
  fc.assert(
    fc.property(
      nearlyNames.filter((key) => key !== '__proto__'),
      (key) =>
        accepts(complaintAboutMetadataKey(key)) === accepted(configMap({ name: 'a', annotations: { [key]: '' } })) &&
        accepts(complaintAboutMetadataKey(key)) === accepted(configMap({ name: 'a', labels: { [key]: 'a' } })),
    ),
    RUNS,
  );
});

test.each([complaintAboutDnsLabel, complaintAboutServiceName, complaintAboutLabelValue, complaintAboutHost])(
  'what %p suggests, it accepts',
  (complain) => {
    fc.assert(
      fc.property(nearlyNames, (value) => {
        const [, suggestion] = /; write '(.*)'$/.exec(complain(value) ?? '') ?? [];
        return suggestion === undefined || complain(suggestion) === undefined;
      }),
      RUNS,
    );
  },
);

test('a text as a DNS label is one, where anything is left and it is not too long', () => {
  fc.assert(
    fc.property(nearlyNames, (text) => {
      const label = toDnsLabel(text);
      return label === '' || label.length > 63 || complaintAboutDnsLabel(label) === undefined;
    }),
    RUNS,
  );
});

test('a DNS label stays as it is', () => {
  fc.assert(
    fc.property(fc.stringMatching(/^[a-z0-9]([a-z0-9]|-[a-z0-9]){0,20}$/), (label) => toDnsLabel(label) === label),
    RUNS,
  );
});

function accepts(complaint: string | undefined): boolean {
  return complaint === undefined;
}

function accepted(manifest: object): boolean {
  const complaints = complaintsAbout(manifest);
  if (complaints.some((complaint) => complaint.includes('there is no schema'))) {
    throw new Error(complaints.join());
  }
  return complaints.length === 0;
}
