/*
 * What is cdk8s's and the user's stays as it is: nothing on it is replaced, nothing added to it, and nothing private of it read.
 */
import { ApiObject, App, Chart, JsonPatch, Testing } from 'cdk8s';
import { FlaskLikeApp, HeaderRoutedMesh, type IIngressGateway, MeshNamespace } from 'cdk8s-versioned-mesh';
import type { IConstruct } from 'constructs';
import { refusalOf } from '../../support/refusal';
import { versioned } from '../../support/versioned';

const CHECK = 'http-routes-on-tcp-server';

describe('the app', () => {
  test('keeps its methods, and gets no property', () => {
    const app = Testing.app();
    const before = Object.getOwnPropertyDescriptors(app);
    everythingIn(app);
    app.synth();
    app.synthYaml();
    expect(changesOf(app, before)).toEqual([]);
  });

  test('can be frozen', () => {
    const app = Testing.app();
    Object.freeze(app);
    const { mesh } = everythingIn(app);
    app.synth();
    speakTcp(mesh);
    expect(() => app.synth()).toThrow(CHECK);
  });

  test('can synthesize in its own way', () => {
    class OwnApp extends App {
      public override synthYaml() {
        return `# own\n${super.synthYaml()}`;
      }
    }
    const app = new OwnApp();
    const { mesh } = everythingIn(app);
    expect(app.synthYaml()).toMatch(/^# own\napiVersion/);
    speakTcp(mesh);
    expect(() => app.synthYaml()).toThrow(CHECK);
  });
});

test('synthesis changes no property of any construct', () => {
  const app = Testing.app();
  everythingIn(app);
  const before = app.node.findAll().map((construct) => Object.getOwnPropertyDescriptors(construct));
  app.synth();
  expect(app.node.findAll().flatMap((construct, index) => changesOf(construct, before[index]))).toEqual([]);
});

describe('where cdk8s hides its private fields', () => {
  test('nothing is missed', () => {
    const app = Testing.app();
    const { mesh, chart } = everythingIn(app);
    hidePrivateFieldsOf(app);
    app.synth();
    speakTcp(mesh);
    expect(refusalOf(() => Testing.synth(chart))).toContain(CHECK);
  });

  test('two objects are told apart, and taken for one, by what is written', () => {
    const app = Testing.app();
    const { chart } = everythingIn(app);
    new FlaskLikeApp(chart, 'twin', { image: 'apis:1', name: 'other', replicas: 1, serviceAccountName: 'other' });
    hidePrivateFieldsOf(app);
    expect(refusalOf(() => app.synth())).toContain("Deployment 'other' in namespace 'shop' is made 2 times");
    ApiObject.of(chart.node.findChild('twin').node.findChild('Deployment')).addJsonPatch(
      JsonPatch.replace('/metadata/namespace', 'elsewhere'),
    );
    app.synth();
  });
});

function everythingIn(app: App): { chart: Chart; mesh: HeaderRoutedMesh } {
  const chart = new Chart(app, 'shop', { namespace: 'shop' });
  new MeshNamespace(chart, 'namespace', { name: 'shop' });
  const mesh = new HeaderRoutedMesh(chart, 'ingress', { hosts: ['a.example.com'], ...versioned(chart) });
  new FlaskLikeApp(chart, 'other', { image: 'apis:1', replicas: 1 });
  return { chart, mesh };
}

/** The properties that are not as they were. */
function changesOf(construct: IConstruct, before: PropertyDescriptorMap): (string | symbol)[] {
  const now: PropertyDescriptorMap = Object.getOwnPropertyDescriptors(construct);
  const keys = new Set([...Reflect.ownKeys(before), ...Reflect.ownKeys(now)]);
  return [...keys].filter((key) => !Object.is(before[key]?.value, now[key]?.value));
}

/** Nothing reads the routes then. */
function speakTcp(mesh: HeaderRoutedMesh): void {
  ApiObject.of(mesh.gateway as IIngressGateway).addJsonPatch(JsonPatch.replace('/spec/servers/0/port/protocol', 'TCP'));
}

function hidePrivateFieldsOf(app: App): void {
  for (const construct of app.node.findAll()) {
    hide(construct.node, '_validations', ['addValidation', 'validate']);
    if (isApiObject(construct)) {
      hide(construct, 'patches', ['addJsonPatch', 'toJson']);
    }
  }
}

function isApiObject(construct: IConstruct): construct is ApiObject {
  return ApiObject.isApiObject(construct);
}

/** Has a field refuse whoever reads it, but for `methods` of its owner. */
function hide<T extends object>(owner: T, field: string, methods: readonly (keyof T)[]): void {
  const value: unknown = Reflect.get(owner, field);
  expect(value).toBeDefined();
  let running = 0;
  for (const name of methods) {
    const method = owner[name] as (...args: unknown[]) => unknown;
    const counted = (...args: unknown[]) => {
      running++;
      try {
        return method.apply(owner, args);
      } finally {
        running--;
      }
    };
    Object.defineProperty(owner, name, { value: counted });
  }
  Object.defineProperty(owner, field, {
    get: () => {
      if (running === 0) {
        throw new Error(`'${field}' is private.`);
      }
      return value;
    },
  });
}
