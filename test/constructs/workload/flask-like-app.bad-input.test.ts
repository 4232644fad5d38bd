import { App, Size } from 'cdk8s';
import { Cpu, EnvValue } from 'cdk8s-plus-27';
import { FlaskLikeApp, RunAs } from 'cdk8s-versioned-mesh';
import { testRefusals } from '../../support/refusal';
import { newChart } from '../../support/synth';

const LONG = 'a'.repeat(64);

describe('the image', () => {
  testRefusals([
    ['is missing', () => app({ image: undefined }), 'chart/apis: image is missing', 'ghcr.io/acme/apis:1.4.0'],
    ['is empty', () => app({ image: '' }), 'chart/apis: image is empty', 'ghcr.io/acme/apis:1.4.0'],
    ['is a number', () => app({ image: 5 }), 'chart/apis: image'],
    ['has a space', () => app({ image: 'apis: 1' }), "chart/apis: image 'apis: 1'", 'registry/name:tag'],
    ['has an empty tag, of a variable that was not set', () => app({ image: 'apis:' }), "'apis:'", 'registry/name:tag'],
    ['has an empty digest', () => app({ image: 'apis@' }), "'apis@'", 'registry/name:tag'],
  ]);
});

describe('names and labels', () => {
  testRefusals([
    [
      'an id that is no name',
      () => new FlaskLikeApp(newChart(), 'My App', { image }),
      "chart/My App: name 'My App'",
      "'my-app'",
    ],
    ['an underscore', () => app({ name: 'my_app' }), "chart/apis: name 'my_app'", "write 'my-app'"],
    ['an empty name', () => app({ name: '' }), "chart/apis: name ''", 'DNS label'],
    ['a hyphen at the end', () => app({ name: 'apis-' }), "name 'apis-'", "write 'apis'"],
    ['a line break at the end', () => app({ name: 'apis\n' }), 'chart/apis: name', "write 'apis'"],
    ['64 characters', () => app({ name: LONG }), 'chart/apis: name', '64 characters', 'at most 63'],
    ['a number', () => app({ name: 5 }), 'chart/apis: name 5', 'quotes'],
    ['a namespace that is none', () => app({ namespace: 'my.shop' }), "namespace 'my.shop'", "write 'my-shop'"],
    ['a label of 64 characters', () => app({ labels: { team: LONG } }), "label 'team'", '64 characters', 'at most 63'],
    ['a label value with a space', () => app({ labels: { team: 'a b' } }), "label 'team': 'a b'", "write 'a-b'"],
    ['a label value that is a number', () => app({ labels: { team: 5 } }), "labels['team'] 5", 'quotes'],
    ['a label key with a space', () => app({ labels: { 'a b': 'c' } }), "label 'a b'", 'is not a key'],
    ['a label key with a bad prefix', () => app({ labels: { 'A/b': 'c' } }), "label 'A/b'", 'example.com/b'],
    ['a label key that cdk8s cannot write', () => app({ labels: { constructor: 'c' } }), "label 'constructor'"],
    ['labels that are a word', () => app({ labels: 'team' }), "labels 'team'", '{ team:'],
    ['an annotation that is a number', () => app({ annotations: { a: 5 } }), "annotations['a'] 5", 'quotes'],
    ['an annotation key that is none', () => app({ annotations: { 'a b': 'c' } }), "annotation 'a b'"],
    ['a label of the selector', () => app({ labels: { app: 'b' } }), "label 'app'", "'b'", "'apis'", 'leave it out'],
    ['a pod label of the selector', () => app({ podLabels: { app: 'b' } }), "label 'app'", "'b'", "'apis'"],
    ['the pod label of cdk8s', () => app({ podLabels: { 'cdk8s.io/metadata.addr': 'b' } }), "'cdk8s.io/metadata.addr'"],
    ['a pod label that is none', () => app({ podLabels: { tier: 'ä' } }), "label 'tier': 'ä'"],
    ['a pod annotation that is none', () => app({ podAnnotations: { a: true } }), "podAnnotations['a'] true", 'quotes'],
    ['an app that is no label value', () => app({ app: 'a b' }), "app 'a b'", "write 'a-b'"],
    ['a version that is no label value', () => app({ version: '1.4+b' }), "version '1.4+b'", "write '1.4-b'"],
    ['a version that is a number', () => app({ version: 1.1 }), 'version 1.1', 'quotes'],
  ]);
});

describe('numbers', () => {
  testRefusals([
    ['port 0', () => app({ port: 0 }), 'chart/apis: port 0', '1 to 65535'],
    ['port 65536', () => app({ port: 65_536 }), 'chart/apis: port 65536', '1 to 65535'],
    ['a negative port', () => app({ port: -1 }), 'chart/apis: port -1', '1 to 65535'],
    ['a fraction of a port', () => app({ port: 80.5 }), 'chart/apis: port 80.5', 'whole number'],
    ['no number for a port', () => app({ port: Number.NaN }), 'chart/apis: port NaN', 'whole number'],
    ['a port in quotes', () => app({ port: '5000' }), "chart/apis: port '5000'", 'without quotes'],
    ['replicas below 0', () => app({ replicas: -1 }), 'chart/apis: replicas -1', '0 or more'],
    ['half a replica', () => app({ replicas: 1.5 }), 'chart/apis: replicas 1.5', 'whole number'],
    ['infinitely many', () => app({ replicas: Number.POSITIVE_INFINITY }), 'replicas Infinity', 'whole number'],
    ['more than Kubernetes counts', () => app({ replicas: 2 ** 31 }), 'replicas 2147483648', 'whole number'],
    ['replicas in quotes', () => app({ replicas: '3' }), "replicas '3'", 'without quotes'],
    ['replicas null', () => app({ replicas: null }), 'replicas null', 'is not a number'],
  ]);
});

describe('autoscaling', () => {
  testRefusals([
    [
      'more at the least than at the most',
      () => scaled({ minReplicas: 5, maxReplicas: 3 }),
      'minReplicas 5',
      'maxReplicas 3',
    ],
    ['less at the most than the default least', () => scaled({ maxReplicas: 1 }), '2 by default', 'maxReplicas 1'],
    [
      'by the use of a CPU that is not requested',
      () => app({ autoscaling: { maxReplicas: 3 }, resources: {} }),
      'autoscaling',
      'set resources.cpu.request',
    ],
    ['nothing at the most', () => scaled({}), 'chart/apis: autoscaling.maxReplicas is missing'],
    ['none at the least', () => scaled({ minReplicas: 0, maxReplicas: 3 }), 'autoscaling.minReplicas 0', '1 or more'],
    ['half at the most', () => scaled({ maxReplicas: 2.5 }), 'autoscaling.maxReplicas 2.5', 'whole number'],
    ['words at the most', () => scaled({ maxReplicas: '5' }), "autoscaling.maxReplicas '5'", 'without quotes'],
    ['no CPU', () => scaled({ maxReplicas: 3, targetCpuPercent: 0 }), 'autoscaling.targetCpuPercent 0', '1 or more'],
    ['too many', () => scaled({ maxReplicas: 2 ** 31 }), 'autoscaling.maxReplicas 2147483648'],
    [
      'beside replicas',
      () => app({ replicas: 3, autoscaling: { maxReplicas: 5 } }),
      'replicas 3 and autoscaling',
      'leave out one',
    ],
    ['a number alone', () => scaled(5), 'autoscaling 5', '{ maxReplicas: 5 }'],
    ['null', () => scaled(null), 'autoscaling null', '{ maxReplicas: 5 }'],
  ]);
});

describe('the container', () => {
  testRefusals([
    [
      'a variable that is none',
      () => app({ env: { '1A': EnvValue.fromValue('') } }),
      "env '1A'",
      'not beginning with a digit',
    ],
    ['a variable without a name', () => app({ env: { '': EnvValue.fromValue('') } }), "chart/apis: env ''"],
    ['a bare string as variable', () => app({ env: { A: 'b' } }), "env['A'] 'b'", 'EnvValue.fromValue'],
    ['null as variable', () => app({ env: { A: null } }), "env['A'] null", 'EnvValue.fromValue'],
    ['a number in a variable', () => app({ env: { A: EnvValue.fromValue(5 as never) } }), "env['A']", 'string'],
    ['a source of a variable that is none', () => app({ env: { A: { valueFrom: 5 } } }), "env['A']", 'not an EnvValue'],
    [
      'a source that Kubernetes does not know',
      () => app({ env: { A: { valueFrom: { file: { a: 'b' } } } } }),
      "env['A']",
    ],
    ['a source of nothing', () => app({ env: { A: { valueFrom: { fieldRef: {} } } } }), "env['A']", 'not an EnvValue'],
    [
      'a variable of a value and a source',
      () => app({ env: { A: { value: 'a', valueFrom: { fieldRef: { fieldPath: 'metadata.name' } } } } }),
      "env['A']",
      'not an EnvValue',
    ],
    ['a command of one word', () => app({ command: 'ls -l' }), "command 'ls -l'", "['python', 'app.py']"],
    ['numbers in arguments', () => app({ args: ['--port', 80] }), 'args[1] 80', 'quotes'],
    ['the environment of a word', () => app({ envFrom: 'settings' }), "envFrom 'settings'", 'EnvSource.configMap'],
    ['one writable path', () => app({ writablePaths: '/tmp' }), "writablePaths '/tmp'", "['/tmp']"],
    ['a relative path', () => app({ writablePaths: ['tmp'] }), "writablePaths: 'tmp'", '/var/cache/app'],
    ['all paths', () => app({ writablePaths: ['/'] }), "writablePaths: '/'", '/var/cache/app'],
    ['a path with a colon', () => app({ writablePaths: ['/a:b'] }), "writablePaths: '/a:b'"],
    ['a path twice', () => app({ writablePaths: ['/a', '/b', '/a'] }), "'/a' is listed twice", 'leave out one'],
    ['a policy that is none', () => app({ imagePullPolicy: 'Sometimes' }), "'Sometimes'", "'Always'", "'Never'"],
    ['a service account of its own kind', () => app({ serviceAccount: {} }), "'serviceAccount'", 'serviceAccountName'],
    ['a user by number', () => app({ runAs: 1000 }), 'runAs 1000', 'RunAs.user(1000)'],
    ['root by number', () => RunAs.user(0), 'RunAs.user: 0', 'RunAs.root()'],
    ['root by group', () => RunAs.user(1000, 0), 'RunAs.user: 0', 'RunAs.root()'],
    ['a user in quotes', () => RunAs.user('1000' as never), "RunAs.user: '1000'", '1 to 2147483647'],
    ['a user too large', () => RunAs.user(2 ** 31), '2147483648', '1 to 2147483647'],
  ]);
});

describe('resources', () => {
  const mib = Size.mebibytes;
  testRefusals([
    [
      'more CPU than the limit',
      () => using({ cpu: { request: Cpu.units(1), limit: Cpu.millis(500) } }),
      'resources.cpu',
      '1000 m',
      '500 m',
    ],
    [
      'more memory than the limit',
      () => using({ memory: { request: mib(200), limit: mib(100) } }),
      'resources.memory',
      '200 MiB',
      '100 MiB',
    ],
    [
      'memory that cdk8s-plus cannot write',
      () => using({ memory: { request: Size.kibibytes(1500) } }),
      '1.46484375 MiB',
      'Size.mebibytes(2)',
    ],
    [
      'storage that cdk8s-plus cannot write',
      () => using({ ephemeralStorage: { limit: mib(512) } }),
      '0.5 GiB',
      'Size.gibibytes(1)',
    ],
    [
      'negative CPU',
      () => using({ cpu: { request: Cpu.millis(-5) } }),
      "'-5m' is not an amount of CPU",
      'Cpu.millis(100)',
    ],
    ['CPU that is no number', () => using({ cpu: { limit: Cpu.units(Number.NaN) } }), 'resources.cpu.limit', "'NaN'"],
    ['CPU of a unit alone', () => using({ cpu: { request: { amount: 'm' } } }), 'resources.cpu.request', "'m' is not"],
    ['CPU in words', () => using({ cpu: '100m' }), "resources.cpu '100m'", 'Cpu.millis(100)'],
    [
      'requested CPU in words',
      () => using({ cpu: { request: '100m' } }),
      "resources.cpu.request '100m'",
      'Cpu.millis(100)',
    ],
    [
      'memory in words',
      () => using({ memory: { request: '1Gi' } }),
      "resources.memory.request '1Gi'",
      'Size.mebibytes(128)',
    ],
  ]);

  test('that are equal to their limits are none of that', () => {
    expect(() => using({ cpu: { request: Cpu.units(0.5), limit: Cpu.millis(500) } })).not.toThrow();
    expect(() => using({ memory: { request: Size.gibibytes(1), limit: mib(1024) } })).not.toThrow();
  });
});

describe('the place', () => {
  testRefusals([
    ['no props', () => app(undefined), 'chart/apis', '{ image:'],
    [
      'a word as props',
      () => new FlaskLikeApp(newChart(), 'apis', 'apis:1' as never),
      'chart/apis',
      "'apis:1'",
      '{ image:',
    ],
    ['no scope', () => new FlaskLikeApp(undefined as never, 'apis', { image }), 'undefined', 'chart'],
    ['an app as scope', () => new FlaskLikeApp(new App() as never, 'apis', { image }), "App: 'apis' is in no chart"],
    ['no id', () => new FlaskLikeApp(newChart(), undefined as never, { image }), 'chart: id undefined'],
    ['an empty id', () => new FlaskLikeApp(newChart(), '', { image }), "chart: id ''"],
    ['a number as id', () => new FlaskLikeApp(newChart(), 5 as never, { image }), 'chart: id 5'],
    [
      'an id that every object inherits',
      () => new FlaskLikeApp(newChart(), 'constructor', { image }),
      "'constructor'",
      'name',
    ],
  ]);
});

const image = 'apis:1';

/** Props as a caller without types may give them. */
function app(props: object | undefined): FlaskLikeApp {
  return new FlaskLikeApp(newChart(), 'apis', (props && { image, ...props }) as never);
}

function scaled(autoscaling: unknown): FlaskLikeApp {
  return app({ autoscaling });
}

function using(resources: unknown): FlaskLikeApp {
  return app({ resources });
}
