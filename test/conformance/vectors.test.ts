import { complaint, predict } from '../../conformance/compare';
import { modelOf } from '../../conformance/differences';
import { readRecordings } from '../../conformance/vectors';

/*
 * What the real Istio and the real Envoy did with requests to generated meshes, recorded by `npm run conformance -- --record`.
 */
describe.each(readRecordings())('$name', ({ recording }) => {
  test.each(recording.vectors.map((vector, index) => [index, vector] as const))('mesh %i', (_, { mesh, decisions }) => {
    const model = modelOf(mesh);
    const complaints = decisions.flatMap(({ ask, seen }) => {
      const text = complaint(predict(model, mesh, ask), ask, seen);
      return text === undefined ? [] : [{ ask, text }];
    });
    expect(complaints).toEqual([]);
  });
});
