/*
 * Objects of cdk8s-plus, written in full and in linear time. cdk8s-plus writes an object field by field, as of its own release of
 * Kubernetes: it drops the fields that came later, a user's JSON patches included, and copies labels in a time that grows with
 * the square of their number. So labels and annotations are kept from it here, and what it drops is put back.
 */
import { ApiObject } from 'cdk8s';
import type { Resource } from 'cdk8s-plus-27';

interface Fields {
  readonly [key: string]: unknown;
}

/** A class of objects of cdk8s-plus; `manifest` is what its `toJson` does after that of ApiObject. */
interface PlusClass {
  manifest(props: Fields): Fields;
}

/** Has all of `resource` written, whatever a JSON patch adds. */
export function writeInFull(resource: Resource): void {
  const object = ApiObject.of(resource);
  const plus = object.constructor as unknown as PlusClass;
  // Of the class itself: cdk8s-plus may have another copy of cdk8s than this library.
  const base: ApiObject = Object.getPrototypeOf(object.constructor).prototype;
  object.toJson = () => {
    // With the JSON patches.
    const { apiVersion, kind, metadata, ...rest }: Fields = base.toJson.call(object);
    return Object.assign({ apiVersion, kind, metadata }, inFull(rest, plus.manifest(withoutLabels(rest))));
  };
}

/** Without the parts that may hold many labels, and are called the same in the manifest. */
function withoutLabels(fields: Fields): Fields {
  const { spec } = fields;
  if (!isMap(spec)) {
    return fields;
  }
  const { template } = spec;
  const pods = isMap(template) ? { ...template, metadata: undefined } : template;
  return { ...fields, spec: { ...spec, selector: undefined, template: pods } };
}

/** `written`, with what it lacks of `given`. */
function inFull(given: unknown, written: unknown): unknown {
  if (Array.isArray(given) && Array.isArray(written)) {
    return given.map((item, index) => inFull(item, written[index]));
  }
  if (isMap(given) && isMap(written)) {
    const full: { [key: string]: unknown } = {};
    // In the order in which cdk8s and cdk8s-plus write them: patches come last in `given`.
    for (const key of Object.keys(given).sort()) {
      const name = written[key] === undefined ? nameIn(written, key) : key;
      full[name] = inFull(given[key], written[name]);
    }
    return full;
  }
  // It makes an empty object of what should have been one.
  return written === undefined || typeof written === 'object' ? given : written;
}

/** `clusterIp` is written as `clusterIP`. */
function nameIn(written: Fields, key: string): string {
  const lower = key.toLowerCase();
  return Object.keys(written).find((name) => name.toLowerCase() === lower) ?? key;
}

function isMap(value: unknown): value is Fields {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
