/*
 * A Gateway that meshes share: each host with its certificate, HTTP led to HTTPS, and services below paths.
 */
import { connect } from 'node:tls';
import type { Chart } from 'cdk8s';
import { HeaderMatch, HeaderRoutedMesh, IngressGateway, TlsVersion } from '../../src';
import type { Bench } from './bench';
import { answerOf, onBench, service, type Trial } from './trial';
import { verdict } from './verdict';

export const doors: Trial = {
  title: 'a shared gateway shows each host its certificate',
  run: (workshop) =>
    onBench(workshop, build, async (bench) => {
      const redirect = await bench.ask('gateway', { host: 'shop.example.com', path: '/a?b=1' });
      const https = async (host: string, path: string, headers = {}) => {
        const seen = await bench.ask('gateway', { host, path, headers, https: true });
        return `${seen.pod?.workload ?? ''} ${answerOf(seen)} ${seen.received?.target ?? ''}`.trim();
      };
      return [
        verdict('for shop.example.com', 'shop-cert', await shown(bench, 'shop.example.com')),
        verdict('for blog.example.com', 'blog-cert', await shown(bench, 'blog.example.com')),
        verdict('for a host that nobody serves', 'nothing', await shown(bench, 'other.example.com')),
        verdict(
          'to a client of TLS 1.2, where 1.3 is the least',
          'nothing',
          await shown(bench, 'blog.example.com', 'TLSv1.2'),
        ),
        verdict(
          'to a client of TLS 1.2, where that is the least',
          'shop-cert',
          await shown(bench, 'shop.example.com', 'TLSv1.2'),
        ),
        verdict(
          'HTTP leads to',
          '301 https://shop.example.com/a?b=1',
          `${redirect.status} ${redirect.headers.get('location')}`,
        ),
        verdict('HTTPS for one host', 'shop-v1 v1 /a', await https('shop.example.com', '/a')),
        verdict('HTTPS for the other', 'blog-v1 v1 /cart', await https('blog.example.com', '/cart')),
        verdict('a path of another service', 'cart-v1 v1 /cart/1', await https('shop.example.com', '/cart/1')),
        verdict('a path that only begins like it', 'shop-v1 v1 /carts', await https('shop.example.com', '/carts')),
        verdict(
          'a path that the app does not see',
          'reviews-v1 v1 /x',
          await https('shop.example.com', '/api/reviews/x'),
        ),
        verdict('its folder itself', 'reviews-v1 v1 /', await https('shop.example.com', '/api/reviews')),
        verdict(
          'a rule of that service, at the gateway',
          'reviews-v2 v2 /x?y=1',
          await https('shop.example.com', '/api/reviews/x?y=1', { 'x-version': 'beta' }),
        ),
      ];
    }),
};

function build(chart: Chart): void {
  const gateway = new IngressGateway(chart, 'door', {});
  gateway.addServer(['shop.example.com'], { tls: { credentialName: 'shop-cert' } });
  gateway.addServer(['blog.example.com'], { tls: { credentialName: 'blog-cert', minVersion: TlsVersion.TLS_1_3 } });
  const [shop, cart, blog] = ['shop', 'cart', 'blog'].map((name) => service(chart, name, { v1: {} }));
  const reviews = service(chart, 'reviews', { v1: {}, v2: {} });
  const shopMesh = new HeaderRoutedMesh(chart, 'shop-mesh', {
    gateway,
    hosts: ['shop.example.com'],
    service: shop,
    defaultVersion: shop.version('v1'),
  });
  shopMesh.addService(cart, { defaultVersion: cart.version('v1'), paths: ['/cart'] });
  shopMesh.addService(reviews, { defaultVersion: reviews.version('v1'), paths: ['/api/reviews'], rewritePath: '/' });
  shopMesh.route(reviews.version('v2'), HeaderMatch.exact('x-version', 'beta'));
  new HeaderRoutedMesh(chart, 'blog-mesh', {
    gateway,
    hosts: ['blog.example.com'],
    service: blog,
    defaultVersion: blog.version('v1'),
  });
}

/** Whose certificate a client sees. */
function shown(bench: Bench, servername: string, maxVersion: 'TLSv1.2' | 'TLSv1.3' = 'TLSv1.3'): Promise<string> {
  return new Promise((settle) => {
    const port = bench.gatewayPort(443);
    const socket = connect({ host: '127.0.0.1', port, servername, maxVersion, rejectUnauthorized: false });
    const end = (text: string) => {
      settle(text);
      socket.destroy();
    };
    socket.on('secureConnect', () => end(String(socket.getPeerCertificate().subject.CN)));
    socket.on('error', () => end('nothing'));
    socket.on('close', () => end('nothing'));
  });
}
