/*
 * Files of test cases, in either format.
 */
import { readWholeFiles } from '../manifests/files';
import { MeshInputError } from '../manifests/input-error';
import type { RawManifest } from '../manifests/manifest-list';
import { Node, type ReadProblem } from '../manifests/node';
import { readIstioConfigValidatorCases } from './istio-config-validator';
import { readRouteCases } from './route-cases';
import type { CaseFile } from './routing-case';

/** The test cases in files and folders. Manifests among them are passed over; anything else is an error. */
export function readCases(paths: readonly string[]): readonly CaseFile[] {
  const files = readWholeFiles(paths).flatMap(readDocument);
  if (files.every(({ cases }) => cases.length === 0)) {
    throw new MeshInputError(`There are no test cases in ${paths.join(', ')}, so nothing would be tested`);
  }
  return files;
}

function readDocument({ raw, source }: RawManifest): readonly CaseFile[] {
  const file = source.file ?? '';
  const problems: ReadProblem[] = [];
  const root = Node.root(raw, problems);
  const read = readerOf(root, file);
  const found = read === undefined ? [] : [read(root, file)];
  const [problem] = problems;
  if (problem !== undefined) {
    throw new MeshInputError(`${file} cannot be used: ${problem.path || 'the document'} ${problem.message}`);
  }
  return found;
}

function readerOf(root: Node, file: string): ((root: Node, file: string) => CaseFile) | undefined {
  if (root.get('tests').present) {
    return readRouteCases;
  }
  // Its authors' own files write the word both ways.
  if (root.get('testCases').present || root.get('TestCases').present) {
    return readIstioConfigValidatorCases;
  }
  if (root.get('kind').present && root.get('apiVersion').present) {
    return undefined;
  }
  throw new MeshInputError(`${file} has no test cases; it needs 'tests:' or 'testCases:'`);
}
