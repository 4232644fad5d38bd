/*
 * Fails unless two YAML files hold the same Kubernetes objects in the same order: node same-objects.js ONE OTHER
 */
const assert = require('node:assert');
const { readFileSync } = require('node:fs');
const { parseAllDocuments } = require('yaml');

const [one, other] = process.argv.slice(2).map((file) => {
  return parseAllDocuments(readFileSync(file, 'utf8')).map((document) => document.toJS());
});
assert.ok(one.length > 0, 'there is no object to compare');
assert.deepStrictEqual(one, other);
console.log(`${one.length} objects, equal in both`);
