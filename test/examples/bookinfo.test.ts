/*
 * Bookinfo: that each task leads requests as Istio's documentation says. conformance/bookinfo.ts asks the same of the sample's own
 * YAML.
 */
import { App, Testing } from 'cdk8s';
import { Mesh } from 'cdk8s-versioned-mesh';
import { TASKS } from '../../examples/bookinfo/tasks';
import { containerIn, only } from '../support/synth';
import { expectValid } from '../support/valid';
import { answerOf, expectedOf, QUESTIONS, titleOf } from './support/bookinfo-requests';

describe.each(Object.entries(TASKS))('%s', (task, make) => {
  const chart = make(new App(), 'bookinfo');
  const mesh = Mesh.fromChart(chart);

  test.each(QUESTIONS.map((question) => [titleOf(question), question] as const))('%s', (_title, question) => {
    expect(answerOf(mesh.route(question.request))).toEqual(expectedOf(task, question));
  });

  test('has routes like these', () => {
    const manifests = Testing.synth(chart);
    expect(manifests.filter(({ kind }) => kind === 'VirtualService')).toMatchSnapshot();
  });

  test('would be accepted by a cluster', () => {
    expectValid(Testing.synth(chart));
  });

  test('has nothing wrong; that a version waits for its task is only worth knowing', () => {
    const findings = mesh.check().filter(({ severity }) => severity !== 'info');
    expect(findings).toEqual([]);
  });
});

describe('the lane', () => {
  const mesh = Mesh.fromChart(TASKS.lane(new App(), 'bookinfo'));
  const headersFor = (cookie: string) =>
    mesh.route({ url: 'http://localhost:8080/productpage', headers: { cookie } }).destinations[0].request.headers;

  test('is entered at the gateway by a cookie, which puts the key into a header', () => {
    expect(headersFor('lane=beta')).toMatchObject({ 'x-ot-span-context': 'beta' });
    expect(headersFor('lane=alpha')).not.toHaveProperty('x-ot-span-context');
  });
});

describe('the apps', () => {
  const manifests = Testing.synth(TASKS['all-v1'](new App(), 'bookinfo'));

  test.each(['productpage-v1', 'details-v1', 'reviews-v1', 'reviews-v2', 'reviews-v3', 'ratings-v1'])(
    '%s: the published image, on port 9080',
    (name) => {
      expect(containerIn(manifests, name)).toMatchObject({
        image: `registry.istio.io/release/examples-bookinfo-${name}:1.20.3`,
        ports: [{ containerPort: 9080 }],
      });
    },
  );

  test('reviews write logs and work files where they may', () => {
    const { env, volumeMounts } = containerIn(manifests, 'reviews-v3');
    expect(env).toEqual([{ name: 'LOG_DIR', value: '/tmp/logs' }]);
    const folders = volumeMounts?.map(({ mountPath }) => mountPath);
    expect(folders).toEqual(expect.arrayContaining(['/tmp', '/opt/ibm/wlp/output', '/opt/ol/wlp/output']));
  });

  test('the gateway listens where the sample does', () => {
    expect(only(manifests, 'Gateway', 'bookinfo-gateway').spec).toEqual({
      selector: { istio: 'ingressgateway' },
      servers: [{ port: { name: 'http', number: 8080, protocol: 'HTTP' }, hosts: ['*'] }],
    });
  });
});
