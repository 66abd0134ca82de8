// chDB with a cluster of one shard, itself: Distributed tables of the real engine, though over one machine only. Runs what it is sent.
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Session } from 'chdb';

const folder = mkdtempSync(join(tmpdir(), 'caltrop-shard-'));
const file = join(folder, 'cluster.xml');
// The shard is known as this process by its port; nothing listens there, and nothing dials.
writeFileSync(
  file,
  `<clickhouse><remote_servers><alone><shard><replica><host>127.0.0.1</host><port>9000</port></replica></shard></alone>
   </remote_servers></clickhouse>`,
);
const session = new Session(join(folder, 'db'), {
  connectionArgs: [`--config-file=${file}`, '--tcp_port=9000'],
});
process.on('message', ({ sql, rows }) => {
  try {
    const result = session.query(sql, 'JSONEachRow');
    process.send({ text: rows ? result.toString() : '' });
  } catch (cause) {
    process.send({ fault: String(cause) });
  }
});
process.on('disconnect', () => {
  session.close();
  rmSync(folder, { recursive: true, force: true });
  process.exit(0);
});
process.send({ text: 'ready' });
