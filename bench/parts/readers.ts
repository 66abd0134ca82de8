import { readers } from '../../src/intake/readers/index.ts';

/** Nanoseconds a line of each reader, on lines made here: `node --import …` or Node 24 runs it as it is. */
const lines: Record<string, string[]> = { cowrie: cowrieLines(2_000) };

function cowrieLines(sessions: number): string[] {
  const made: string[] = [];
  for (let n = 0; n < sessions; n++) {
    const head = {
      src_ip: `192.0.2.${n % 256}`,
      session: n.toString(16).padStart(12, '0'),
      sensor: 'decoy-1',
      uuid: '00000000-0000-4000-8000-000000000000',
      timestamp: new Date(1_750_000_000_000 + n * 37).toISOString().replace('Z', '000Z'),
    };
    const add = (eventid: string, message: string, more: object = {}) =>
      made.push(JSON.stringify({ eventid: `cowrie.${eventid}`, ...more, message, ...head }));
    add('session.connect', 'New connection', {
      src_port: 40_000,
      dst_ip: '198.51.100.1',
      dst_port: 22,
      protocol: 'ssh',
    });
    add('client.version', 'Remote SSH version: SSH-2.0-Go', { version: 'SSH-2.0-Go' });
    add('login.failed', 'login attempt [root/admin] failed', { username: 'root', password: 'admin' });
    add('login.failed', 'login attempt [root/1234] failed', { username: 'root', password: '1234' });
    add('login.success', 'login attempt [root/root] succeeded', { username: 'root', password: 'root' });
    add('command.input', 'CMD: uname -a', { input: 'uname -s -v -n -r -m' });
    add('session.closed', 'Connection lost after 2.3 seconds', { duration: '2.3' });
  }
  return made;
}

for (const reader of readers) {
  const given = lines[reader.name];
  if (given === undefined) continue;
  let best = Number.POSITIVE_INFINITY;
  let parse = Number.POSITIVE_INFINITY;
  for (let round = 0; round < 12; round++) {
    const read = reader.start({ source: 'bench', now: 1_760_000_000_000 });
    let from = process.hrtime.bigint();
    for (const line of given) read(line);
    best = Math.min(best, Number(process.hrtime.bigint() - from) / given.length);
    from = process.hrtime.bigint();
    if (given[0]!.startsWith('{')) for (const line of given) JSON.parse(line);
    parse = Math.min(parse, Number(process.hrtime.bigint() - from) / given.length);
  }
  console.log(
    JSON.stringify({ reader: reader.name, ns_per_line: Math.round(best), json_parse_ns: Math.round(parse) }),
  );
}
