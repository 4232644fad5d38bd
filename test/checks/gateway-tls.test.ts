/*
 * duplicate-gateway-certificate and https-redirect-without-https-server.
 */

import { Severity } from '../../src/checks/finding';
import { duplicateGatewayCertificate } from '../../src/checks/gateway/duplicate-gateway-certificate';
import { httpsRedirectWithoutHttpsServer } from '../../src/checks/gateway/https-redirect-without-https-server';
import { describeCheck } from './cases';
import { gateway, server } from './manifests';

const https = (host: string, credentialName = 'cert', mode = 'SIMPLE') =>
  server('HTTPS', 443, { hosts: [host], tls: { mode, credentialName } });
const OTHER_PODS = { selector: { istio: 'other' } };

describeCheck(duplicateGatewayCertificate, {
  silent: {
    'two certificates': [gateway('a', [https('a.com', 'a')]), gateway('b', [https('b.com', 'b')])],
    'within one Gateway': [gateway('a', [https('a.com'), https('b.com')])],
    'different pods': [gateway('a', [https('a.com')]), gateway('b', [https('b.com')], OTHER_PODS)],
    'TLS passed through uses none': [
      gateway('a', [https('a.com', 'c', 'PASSTHROUGH')]),
      gateway('b', [https('b.com', 'c', 'PASSTHROUGH')]),
    ],
    'one host, where one of the two is left out anyway': [
      gateway('a', [https('a.com')]),
      gateway('b', [https('a.com')]),
    ],
  },
  found: {
    'one certificate': [
      [gateway('a', [https('a.com')]), gateway('b', [https('b.com')])],
      {
        severity: Severity.WARNING,
        name: 'b',
        path: 'spec.servers[0].tls',
        istioCodes: ['IST0138'],
        words: ['Gateway shop/a', '404', '(cert)'],
      },
    ],
    'one host for VirtualServices of different namespaces, so that neither server is left out': [
      [
        gateway('a', [
          server('HTTPS', 443, { hosts: ['a.com', './c.com'], tls: { mode: 'SIMPLE', credentialName: 'c' } }),
        ]),
        gateway('b', [
          server('HTTPS', 443, { hosts: ['b.com', 'c.com'], tls: { mode: 'SIMPLE', credentialName: 'c' } }),
        ]),
      ],
      { name: 'b', path: 'spec.servers[0].tls' },
    ],
  },
});

const redirecting = (host: string) => server('HTTP', 80, { hosts: [host], tls: { httpsRedirect: true } });

describeCheck(httpsRedirectWithoutHttpsServer, {
  silent: {
    'a server of HTTPS beside': [gateway('a', [redirecting('a.com'), https('a.com')])],
    'one in another Gateway of the pods': [gateway('a', [redirecting('a.com')]), gateway('b', [https('*')])],
    'TLS passed through': [gateway('a', [redirecting('a.com'), server('TLS', 443, { tls: { mode: 'PASSTHROUGH' } })])],
    'no redirect': [gateway('a', [server('HTTP', 80, { tls: { httpsRedirect: false } })])],
  },
  found: {
    'no TLS at all': [
      [gateway('a', [redirecting('a.com')])],
      { severity: Severity.WARNING, path: 'spec.servers[0].tls.httpsRedirect', words: ['a.com', 'protocol: HTTPS'] },
    ],
    'TLS for another host': [[gateway('a', [redirecting('a.com'), https('b.com')])], { name: 'a' }],
    'TLS on other pods': [
      [gateway('a', [redirecting('a.com')]), gateway('b', [https('a.com')], OTHER_PODS)],
      { name: 'a' },
    ],
  },
});
