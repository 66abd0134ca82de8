/** Cowrie's log of so many sessions of so many sources: seven lines a session, as long as real ones. */
export function cowrieLines(sessions: number, sources: number): string[] {
  const made: string[] = [];
  for (let n = 0; n < sessions; n++) {
    const source = (n * 7_919) % sources;
    const head = {
      src_ip: `${1 + (source >>> 16)}.${100 + (source >>> 24)}.${(source >>> 8) & 255}.${source & 255}`,
      session: n.toString(16).padStart(12, '0'),
      sensor: `decoy-${n % 5}`,
      uuid: '00000000-0000-4000-8000-000000000000',
      timestamp: new Date(1_750_000_000_000 + n * 37).toISOString().replace('Z', '000Z'),
    };
    const add = (eventid: string, message: string, more: object = {}) =>
      made.push(JSON.stringify({ eventid: `cowrie.${eventid}`, ...more, message, ...head }));
    const user = ['root', 'admin', 'ubuntu', 'pi', 'sol', 'solana', 'validator', 'test'][n % 8];
    add('session.connect', 'New connection', {
      src_port: 40_000 + (n % 20_000),
      dst_ip: '198.51.100.1',
      dst_port: 22,
      protocol: 'ssh',
    });
    add('client.version', 'Remote SSH version: SSH-2.0-Go', { version: 'SSH-2.0-Go' });
    add('login.failed', `login attempt [${user}/admin] failed`, { username: user, password: 'admin' });
    add('login.failed', `login attempt [${user}/1234] failed`, { username: user, password: '1234' });
    add('login.success', `login attempt [${user}/root] succeeded`, { username: user, password: 'root' });
    add('command.input', 'CMD: uname -a', { input: 'uname -s -v -n -r -m' });
    add('session.closed', 'Connection lost after 2.3 seconds', { duration: '2.3' });
  }
  return made;
}
