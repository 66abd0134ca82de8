import { execFileSync, type SpawnOptions, spawn, spawnSync } from 'node:child_process';
import { chmodSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { type AddressInfo, createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { exportDefaults, nameExports, type Selection, selectNames } from './index.ts';
import { route53Limits } from './route53.ts';

const options = { ...exportDefaults, time: Date.UTC(2026, 0, 31) };
const byName = (name: string) => nameExports.find((one) => one.name === name)!;
const text = (form: string, names: string[]) => [...byName(form).write(names, options)].join('');
const there = (program: string) => spawnSync(program, ['-v']).error === undefined;

it.each([
  [
    'rpz',
    '$TTL 300\n$ORIGIN rpz.caltrop.invalid.\n@ SOA localhost. hostmaster.localhost. 1769817600 3600 600 604800 300\n@ NS localhost.\nbad.example CNAME .\n*.bad.example CNAME .\n',
  ],
  ['plain', '# 1 names, 2026-01-31T00:00:00.000Z\nbad.example\n'],
  ['route53', 'bad.example\n*.bad.example\n'],
  ['dnsmasq', 'address=/bad.example/\n'],
  ['unbound', 'server:\nlocal-zone: "bad.example." always_nxdomain\n'],
])('%s', (form, file) => {
  expect(text(form, ['bad.example'])).toBe(file);
});

it('leaves out what a form cannot say, with the reason', () => {
  const long = `${`${'a'.repeat(59)}.`.repeat(4)}example`;
  const selection: Selection = { names: [long, 'b_c.example', 'd.example'], left: [] };
  expect(byName('rpz').fit!(selection, options)).toEqual({
    names: ['b_c.example', 'd.example'],
    left: [{ name: long, why: 'too long for the zone' }],
  });
  expect(byName('route53').fit!(selection, options)).toEqual({
    names: [long, 'd.example'],
    left: [{ name: 'b_c.example', why: 'not expressible in this form' }],
  });
});

it('keeps to what all lists of an account may hold', () => {
  const names = Array.from({ length: 60_000 }, (_, i) => `n${i}.example`);
  const fitted = byName('route53').fit!({ names, left: [] }, options);
  expect(text('route53', fitted.names).trimEnd().split('\n')).toHaveLength(route53Limits.domainsAnAccount);
  expect(fitted.left).toHaveLength(10_000);
});

describe('real resolvers', () => {
  let folder: string;
  let port: number;
  let stop: () => Promise<void>;

  beforeEach(async () => {
    folder = mkdtempSync(join(tmpdir(), 'caltrop-rpz-'));
    chmodSync(folder, 0o755);
    port = await freePort();
    stop = async () => {};
  });
  afterEach(async () => {
    await stop();
    rmSync(folder, { recursive: true });
  });

  /** Starts a resolver, until a line of it says that it answers. */
  async function start(program: string, args: string[], says: RegExp): Promise<void> {
    const setup: SpawnOptions = { stdio: ['ignore', 'ignore', 'pipe'], cwd: folder };
    const child = spawn(program, args, setup);
    const ended = new Promise<void>((resolve) => child.once('exit', () => resolve()));
    stop = async () => {
      child.kill('SIGKILL');
      await ended;
    };
    const lines: string[] = [];
    for await (const line of createInterface({ input: child.stderr! })) {
      lines.push(line);
      if (says.test(line)) {
        child.stderr!.resume();
        return;
      }
    }
    throw new Error(lines.join('\n'));
  }

  const dig = (name: string) => {
    const out = execFileSync('dig', ['@127.0.0.1', '-p', String(port), '+tries=3', '+time=10', name, 'A'], {
      encoding: 'utf8',
    });
    return [/status: (\w+)/.exec(out)?.[1], /\sA\s+(\d[\d.]+)\n/.exec(out)?.[1]];
  };

  /** Names that exist, in a zone of our own, so that nobody else is ever asked. */
  const zone = ['$TTL 60', '@ SOA localhost. x.localhost. 1 60 60 60 60', '@ NS localhost.', '@ A 192.0.2.1']
    .concat(['bad', 'deep.under.bad', 'good', 'notbad'].map((name) => `${name} A 192.0.2.2`))
    .join('\n');
  const rows = ['bad.example', 'worse.test'].map((name) => ({
    name,
    score: 99,
    class: 'Malicious',
    confidence: 1,
  }));
  const { names } = selectNames(rows, { confidence: 0.9 });

  const expected = () => {
    expect(dig('bad.example')).toEqual(['NXDOMAIN', undefined]);
    expect(dig('deep.under.bad.example')).toEqual(['NXDOMAIN', undefined]);
    expect(dig('www.worse.test')).toEqual(['NXDOMAIN', undefined]);
    expect(dig('good.example')).toEqual(['NOERROR', '192.0.2.2']);
    expect(dig('notbad.example')).toEqual(['NOERROR', '192.0.2.2']);
    expect(dig('good.test')).toEqual(['NOERROR', '192.0.2.2']);
  };

  it.skipIf(!there('named-checkzone'))('BIND finds no fault with the zone (skipped without bind9)', () => {
    const path = join(folder, 'rpz');
    writeFileSync(path, text('rpz', [...names, 'xn--bcher-kva.example', '_x.under.example', '1.2.example']));
    const out = execFileSync('named-checkzone', ['-k', 'fail', options.zone, path], { encoding: 'utf8' });
    expect(out).toMatch(/loaded serial 1769817600\nOK\n$/);
  });

  it.skipIf(!there('named') || !there('dig'))(
    'BIND answers NXDOMAIN for what is listed, and leaves the rest (skipped without bind9, bind9-dnsutils)',
    async () => {
      writeFileSync(join(folder, 'zone'), `${zone}\n`);
      writeFileSync(join(folder, 'rpz'), text('rpz', names));
      writeFileSync(
        join(folder, 'named.conf'),
        `options { directory "${folder}"; pid-file none; listen-on port ${port} { 127.0.0.1; }; listen-on-v6 { none; };
  recursion yes; allow-recursion { 127.0.0.1; }; dnssec-validation no; forward only; forwarders { };
  empty-zones-enable no; notify no; session-keyfile none; managed-keys-directory "${folder}";
  response-policy { zone "${options.zone}"; } qname-wait-recurse no; };
controls { };
zone "example" { type primary; file "${folder}/zone"; };
zone "test" { type primary; file "${folder}/zone"; };
zone "." { type primary; file "${folder}/zone"; };
zone "${options.zone}" { type primary; file "${folder}/rpz"; allow-query { none; }; };
`,
      );
      await start('named', ['-g', '-n', '1', '-c', join(folder, 'named.conf')], /\brunning$/);
      expected();
    },
    60_000,
  );

  it.skipIf(!there('unbound') || !there('dig'))(
    'so does Unbound (skipped without unbound, bind9-dnsutils)',
    async () => {
      const data = ['bad', 'deep.under.bad', 'good', 'notbad'].flatMap((name) =>
        ['example', 'test'].map((top) => `  local-data: "${name}.${top}. A 192.0.2.2"\n`),
      );
      writeFileSync(join(folder, 'names.conf'), text('unbound', names));
      writeFileSync(
        join(folder, 'unbound.conf'),
        `server:
  directory: "${folder}"
  username: ""
  chroot: ""
  pidfile: ""
  use-syslog: no
  logfile: ""
  verbosity: 1
  interface: 127.0.0.1@${port}
  do-not-query-localhost: yes
  local-zone: "." refuse
  local-zone: "example." static
  local-zone: "test." static
${data.filter((line) => !/"(?:deep\.under\.)?bad\.example/.test(line)).join('')}include: "${folder}/names.conf"
remote-control:
  control-enable: no
`,
      );
      await start('unbound', ['-d', '-c', join(folder, 'unbound.conf')], /start of service/);
      expected();
    },
    60_000,
  );

  it.skipIf(!there('dnsmasq') || !there('dig'))(
    'so does dnsmasq (skipped without dnsmasq-base, bind9-dnsutils)',
    async () => {
      writeFileSync(join(folder, 'names.conf'), text('dnsmasq', names));
      const hosts = ['good.example', 'notbad.example', 'good.test'];
      const settings = [
        '--no-resolv',
        '--no-hosts',
        '--no-poll',
        '--bind-interfaces',
        '--listen-address=127.0.0.1',
      ];
      const args = [
        `--port=${port}`,
        ...hosts.map((name) => `--host-record=${name},192.0.2.2`),
        '--log-facility=-',
      ];
      const files = [`--conf-file=${join(folder, 'names.conf')}`, '--pid-file=', '--user=root'];
      await start('dnsmasq', ['--keep-in-foreground', ...settings, ...args, ...files], /started/);
      expected();
    },
    60_000,
  );
});

/** A port that is free on 127.0.0.1 for the moment: resolvers do not take 0. */
async function freePort(): Promise<number> {
  const server = createServer();
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as AddressInfo;
  await new Promise((resolve) => server.close(resolve));
  return port;
}
