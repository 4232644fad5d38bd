/*
 * How many pods, and what comes with more than one: spread over nodes, a budget of disruptions, an autoscaler.
 */
import { Cpu } from 'cdk8s-plus-27';
import { FlaskLikeApp, type FlaskLikeAppProps } from 'cdk8s-versioned-mesh';
import { deploymentIn, kinds, type Manifest, manifestsOf, only, podIn } from '../../support/synth';
import { expectValid } from '../../support/valid';

const MANY = [
  {},
  { replicas: 2 },
  { replicas: 7 },
  { autoscaling: { maxReplicas: 3 } },
  { autoscaling: { minReplicas: 1, maxReplicas: 9 } },
];
const FEW = [{ replicas: 0 }, { replicas: 1 }, { autoscaling: { minReplicas: 1, maxReplicas: 1 } }];

describe.each(MANY)('with two pods or more, now or by and by: %j', (props) => {
  const manifests = app(props);

  test('only one pod goes at a time', () => {
    expect(only(manifests, 'PodDisruptionBudget').spec).toEqual({
      maxUnavailable: 1,
      selector: { matchLabels: { app: 'apis', version: 'v1' } },
    });
  });

  test('they are spread over nodes, as far as there are nodes', () => {
    expect(podIn(manifests).topologySpreadConstraints).toEqual([
      {
        maxSkew: 1,
        topologyKey: 'kubernetes.io/hostname',
        whenUnsatisfiable: 'ScheduleAnyway',
        labelSelector: { matchLabels: { app: 'apis', version: 'v1' } },
      },
    ]);
  });
});

describe.each(FEW)('with one pod or none: %j', (props) => {
  const manifests = app(props);

  test('no budget, which would only stand in the way of a node drain', () => {
    expect(kinds(manifests)).not.toContain('PodDisruptionBudget');
  });

  test('nothing to spread', () => {
    expect(podIn(manifests)).not.toHaveProperty('topologySpreadConstraints');
  });
});

test.each([0, 1, 4])('%d replicas are written', (replicas) => {
  expect(deploymentIn(app({ replicas })).replicas).toBe(replicas);
});

describe('an autoscaler', () => {
  test('goes by the limit of CPU, where that is the request', () => {
    const resources = { cpu: { limit: Cpu.millis(500) } };
    expect(() => app({ autoscaling: { maxReplicas: 6 }, resources })).not.toThrow();
  });

  const manifests = app({ autoscaling: { maxReplicas: 6 } });

  test('alone sets the number of pods, so that an apply does not set it back', () => {
    expect(deploymentIn(manifests)).not.toHaveProperty('replicas');
  });

  test('aims at the Deployment, by two pods or more and 70 % of their CPU', () => {
    expect(only(manifests, 'HorizontalPodAutoscaler').spec).toMatchObject({
      scaleTargetRef: { apiVersion: 'apps/v1', kind: 'Deployment', name: 'apis' },
      minReplicas: 2,
      maxReplicas: 6,
      metrics: [{ resource: { name: 'cpu', target: { type: 'Utilization', averageUtilization: 70 } } }],
    });
  });

  test('has bounds and aim as they were set, equal bounds included', () => {
    const equal = app({ autoscaling: { minReplicas: 4, maxReplicas: 4, targetCpuPercent: 150 } });
    expectValid(equal);
    expect(only(equal, 'HorizontalPodAutoscaler').spec).toMatchObject({
      minReplicas: 4,
      maxReplicas: 4,
      metrics: [{ resource: { target: { averageUtilization: 150 } } }],
    });
  });

  test('comes after what it scales', () => {
    expect(kinds(manifests)).toEqual([
      'ServiceAccount',
      'Deployment',
      'PodDisruptionBudget',
      'HorizontalPodAutoscaler',
    ]);
  });
});

function app(props: Partial<FlaskLikeAppProps>): Manifest[] {
  return manifestsOf((chart) => new FlaskLikeApp(chart, 'apis', { image: 'apis:1', version: 'v1', ...props }));
}
