import { Chart, Testing } from 'cdk8s';
import { ledger } from './destination-tls';

const chart = new Chart(Testing.app(), 'ledger', { namespace: 'shop' });
ledger(chart);

test('the proxies of callers speak TLS to the app, and confirm its certificate', () => {
  const { spec } = Testing.synth(chart).find(({ kind }) => kind === 'DestinationRule');
  expect(spec.trafficPolicy.tls).toMatchObject({
    mode: 'SIMPLE',
    sni: 'ledger.example.com',
    caCertificates: '/etc/ledger-ca/ca.crt',
  });
});
