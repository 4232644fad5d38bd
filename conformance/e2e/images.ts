/*
 * What is in the images that the systems run, and how each starts: by the same command as in its Dockerfile, but as a process of
 * this machine, on a port of the loopback interface.
 */
import { execFileSync } from 'node:child_process';
import { join } from 'node:path';
import { CACHE, components } from '../components';

const ROOT = join(__dirname, '../..');

export interface Command {
  readonly binary: string;
  readonly args: readonly string[];
  readonly folder: string;
  /** What the image sets, and what moves it to `port`. */
  readonly env: { readonly [name: string]: string };
}

export function commandOf(image: string, port: number): Command {
  const [, name] = /^(?:.*\/)?([^:@]*)/.exec(image) ?? [];
  const [, sampleVersion] = /^examples-helloworld-(.*)$/.exec(name) ?? [];
  if (sampleVersion !== undefined) {
    return helloworld(sampleVersion, port);
  }
  switch (name) {
    case 'hello-python':
      return exampleApp('hello', port);
    case 'apis':
    // The images of the original system, one a version; its app is the one that the example carries on.
    case 'romo-valadez-kubernetes':
    case 'romo-valadez-istio':
      return exampleApp('apis', port);
    default:
      throw new Error(`Nothing is known about the image ${image}; say in conformance/e2e/images.ts how it starts.`);
  }
}

/** Does what the Dockerfiles of the example apps do to build them. */
export function buildExampleApps(): void {
  for (const app of ['hello', 'apis']) {
    const tsc = join(ROOT, 'node_modules/typescript/bin/tsc');
    execFileSync(process.execPath, [tsc, '-p', join(ROOT, 'examples', app, 'app'), '--outDir', builtApp(app)], {
      stdio: 'inherit',
    });
  }
}

function exampleApp(app: string, port: number): Command {
  return {
    binary: process.execPath,
    args: ['main.js'],
    folder: builtApp(app),
    env: { NODE_ENV: 'production', PORT: String(port) },
  };
}

function builtApp(app: string): string {
  return join(CACHE, 'apps', app);
}

function helloworld(version: string, port: number): Command {
  const { helloworld: folder } = components('helloworld');
  return {
    binary: join(folder, 'venv/bin/gunicorn'),
    args: ['-b', `127.0.0.1:${port}`, 'app:app'],
    folder,
    env: { SERVICE_VERSION: version },
  };
}
