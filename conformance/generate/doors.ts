/*
 * Through which door a request comes: with or without TLS, and with which name, right for the server on the port or not.
 */
import type { Ask } from '../manifest';
import type { Random } from '../random';
import type { Server } from './gateways';
import { HOSTS } from './vocabulary';

/** @param servers all of the mesh */
export function throughDoor(random: Random, ask: Ask, servers: readonly Server[]): Ask {
  const expected = servers.filter(({ port }) => port.number === ask.port);
  const secure = random.chance(expected.some(speaksTls) ? 0.88 : 0.03);
  if (!secure) {
    return ask;
  }
  return {
    ...ask,
    scheme: 'https',
    connectHost: makeName(random, ask),
    // Nobody writes the port that goes without saying.
    authority: ask.port === 443 && random.chance(0.85) ? ask.authority.replace(/:443$/, '') : ask.authority,
  };
}

function speaksTls({ tls }: Server): boolean {
  return tls?.mode !== undefined;
}

/** The name for TLS: mostly the host that is asked for. */
function makeName(random: Random, { connectHost }: Ask): string {
  return random.weighted([
    [10, () => connectHost],
    [0.7, () => '10.1.2.3'],
    [0.7, () => `x.${connectHost}`],
    [0.7, () => connectHost.replace(/^[^.]*\.(?=.)/, '')],
    [1, () => random.pick(HOSTS).toLowerCase().replace('*', 'x')],
  ]);
}
