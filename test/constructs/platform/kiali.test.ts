import { Kiali, KialiLogin, type KialiProps, Prometheus } from 'cdk8s-versioned-mesh';
import { parse } from 'yaml';
import { testRefusals } from '../../support/refusal';
import { containerIn, type Manifest, manifestsOf, newChart, only, podIn } from '../../support/synth';

const KEY_FILE = '/kiali-override-secrets/login-token-signing-key/value.txt';

test('looks without a login, and needs no key for it', () => {
  const manifests = made();
  expect(configOf(manifests)).toMatchObject({ auth: { strategy: 'anonymous' }, deployment: { view_only_mode: true } });
  expect(podIn(manifests).volumes).toEqual([{ name: 'config', configMap: { name: 'kiali' } }]);
});

test('by token, has the key of its sessions from a Secret, and none in what is written', () => {
  const manifests = made({ login: KialiLogin.token({ secretName: 'kiali-signing-key' }) });
  expect(configOf(manifests)).toMatchObject({ auth: { strategy: 'token' } });
  expect(configOf(manifests)).not.toHaveProperty('login_token');
  expect(podIn(manifests).volumes).toContainEqual({
    name: 'signing-key',
    secret: { secretName: 'kiali-signing-key', items: [{ key: 'key', path: 'value.txt' }] },
  });
  const mount = containerIn(manifests).volumeMounts?.find(({ name }) => name === 'signing-key');
  expect(`${mount?.mountPath}/value.txt`).toBe(KEY_FILE);
});

test('asks the Prometheus that it is given, and nothing that is not there', () => {
  const chart = newChart();
  const { url } = new Prometheus(chart, 'prometheus', { namespace: 'look' });
  expect(configOf(made({ prometheusUrl: url }))).toMatchObject({
    external_services: {
      prometheus: { url: 'http://prometheus.look:9090' },
      grafana: { enabled: false },
      tracing: { enabled: false },
    },
  });
});

test('leaves off what its role does not allow: logs, and ways into pods', () => {
  expect(configOf(made())).toMatchObject({
    kiali_feature_flags: { disabled_features: ['logs-tab'] },
    external_services: { istio: { istio_api_enabled: false } },
  });
});

test('is asked whether it is ready where it answers', () => {
  const manifests = made();
  const { web_root: root, port } = configOf(manifests).server;
  expect(containerIn(manifests).readinessProbe?.httpGet).toMatchObject({ path: `${root}/healthz`, port });
});

describe('what is refused', () => {
  const refused = (props: unknown) => () => made(props as KialiProps);
  testRefusals([
    ['no Prometheus', refused({ prometheusUrl: undefined }), 'chart/look: prometheusUrl is missing', 'url'],
    [
      'an address without http',
      refused({ prometheusUrl: 'prometheus:9090' }),
      "prometheusUrl 'prometheus:9090'",
      "'http://",
    ],
    ['an address without a host', refused({ prometheusUrl: 'http:///' }), "prometheusUrl 'http:///'"],
    ['a namespace that is none', refused({ namespace: 'my.look' }), "namespace 'my.look'", "'my-look'"],
    [
      'a login by name',
      refused({ login: 'anonymous' }),
      "login 'anonymous'",
      'KialiLogin.anonymous()',
      "KialiLogin.token({ secretName: 'kiali-signing-key' })",
    ],
    [
      'the Prometheus itself',
      () => {
        const chart = newChart();
        new Kiali(chart, 'look', { prometheusUrl: new Prometheus(chart, 'prometheus') as never });
      },
      'chart/look: prometheusUrl (an object of class Prometheus)',
      'write prometheus.url',
    ],
    [
      'a Secret that cannot be',
      () => KialiLogin.token({ secretName: 'My Key' }),
      "KialiLogin.token: secretName 'My Key'",
    ],
    ['no Secret', () => KialiLogin.token({} as never), 'KialiLogin.token: secretName is missing'],
    ['a key with a slash', () => KialiLogin.token({ secretName: 'a', key: 'a/b' }), "KialiLogin.token: key 'a/b'"],
    ['the key itself', () => KialiLogin.token('0123456789abcdef' as never), "'0123456789abcdef'", 'secretName'],
  ]);
});

interface Config {
  readonly server: { readonly web_root: string; readonly port: number };
}

function made(props: Partial<KialiProps> = {}): Manifest[] {
  const given = { prometheusUrl: 'http://prometheus.istio-system:9090', ...props };
  return manifestsOf((chart) => new Kiali(chart, 'look', given));
}

function configOf(manifests: readonly Manifest[]): Config {
  const { data } = only(manifests, 'ConfigMap') as unknown as { data: { [file: string]: string } };
  return parse(data['config.yaml']);
}
