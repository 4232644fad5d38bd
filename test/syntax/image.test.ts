import { complaintAboutImage } from '../../src/syntax/image';

test.each([
  'apis',
  'apis:1',
  'apis:V1.4_RC-2',
  'acme/apis',
  'ghcr.io/acme/apis:1.4.0',
  'GHCR.io/acme/apis:1',
  'Registry:5000/apis',
  'localhost/apis:1',
  '[::1]:5000/apis:1',
  'a.b:5000/c/d__e/f-g.h:latest',
  `apis@sha256:${'0a'.repeat(32)}`,
  `apis:1@sha256:${'0a'.repeat(32)}`,
  `apis@sha512:${'0a'.repeat(64)}`,
  `apis@multihash+base58:${'0A'.repeat(16)}`,
])('%s', (image) => {
  expect(complaintAboutImage(image)).toBeUndefined();
});

test.each([
  ['Apis:V1', "write 'apis:V1'"],
  ['ghcr.io/Acme/APIS:1.4.0', "write 'ghcr.io/acme/apis:1.4.0'"],
  ['GHCR.io/Acme/apis', "write 'GHCR.io/acme/apis'"],
  ['Acme/apis', "write 'acme/apis'"],
  ['Apis!', 'write it in lower case'],
  ['apis_', 'lower-case letters'],
  ['acme//apis', 'lower-case letters'],
  ['apis:-1', 'a tag that is none'],
  [`apis:${'a'.repeat(129)}`, 'a tag that is none'],
  ['apis@foo', 'a digest that is not one'],
  ['apis@sha256:zz', 'a digest that is not one'],
  [`apis@sha256:${'0A'.repeat(32)}`, 'a digest that is not one'],
  [`apis@sha256:${'0a'.repeat(31)}`, 'a digest that is not one'],
  ['a@b@c', "has 2 '@'"],
  ['apis:1@@x', "has 2 '@'"],
])('%s is none: %s', (image, says) => {
  expect(complaintAboutImage(image)).toContain(says);
});
