import { expect, it } from 'vitest';
import { hostAddresses, ipv6RouteGateways, resolvConf, routeGateways } from './host-addresses.ts';

it('reads gateways in little-endian hex', () => {
  const text =
    'Iface\tDestination\tGateway\tFlags\neth0\t00000000\t010200C0\t0003\neth0\t000200C0\t00000000\t0001\n';
  expect(routeGateways(text)).toEqual(['192.0.2.1']);
});

it('reads IPv6 gateways in network order', () => {
  const zero = '0'.repeat(32);
  const text = `${zero} 00 ${zero} 00 20010db8000000000000000000000001 00000400 00000002 00000000 00000003 eth0\n${zero} 00 ${zero} 00 ${zero} 0 0 0 0 lo\n`;
  expect(ipv6RouteGateways(text)).toEqual(['2001:db8::1']);
});

it('reads resolvers and ignores what is none', () => {
  expect(
    resolvConf('# x\nnameserver 192.0.2.53\nnameserver fe80::1%eth0 \nsearch a\nnameserver bad\n'),
  ).toEqual(['192.0.2.53', 'fe80::1']);
});

it('always finds loopback among the own addresses of this machine', () => {
  expect(hostAddresses()).toContainEqual({ address: '127.0.0.1', role: 'own' });
});

it('lets a file that cannot be read fail', () => {
  expect(() =>
    hostAddresses(() => {
      throw new Error('EACCES');
    }),
  ).toThrow('EACCES');
});
