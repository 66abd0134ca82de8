import type { Session } from './session.ts';

/** Programs by how they introduce themselves: SSH identifications, HTTP and SIP user agents. */
const tools: readonly (readonly [pattern: RegExp, name: string])[] = [
  [/zgrab/i, 'ZGrab'],
  [/nmap/i, 'Nmap'],
  [/masscan/i, 'masscan'],
  [/nuclei/i, 'nuclei'],
  [/sqlmap/i, 'sqlmap'],
  [/nikto/i, 'Nikto'],
  [/hydra/i, 'Hydra'],
  [/medusa/i, 'Medusa'],
  [/ncrack/i, 'Ncrack'],
  [/friendly-scanner|sipvicious/i, 'SIPVicious'],
  [/libredtail/i, 'RedTail'],
  [/^SSH-[\d.]+-Go\b/, 'Go x/crypto/ssh'],
  [/^SSH-[\d.]+-paramiko/i, 'Paramiko'],
  [/^SSH-[\d.]+-libssh2/i, 'libssh2'],
  [/^SSH-[\d.]+-libssh/i, 'libssh'],
  [/^SSH-[\d.]+-AsyncSSH/i, 'AsyncSSH'],
  [/^SSH-[\d.]+-russh/i, 'russh'],
  [/^SSH-[\d.]+-PuTTY/i, 'PuTTY'],
  [/^SSH-[\d.]+-OpenSSH/i, 'OpenSSH'],
  [/^go-http-client/i, 'Go net/http'],
  [/^python-requests/i, 'Python Requests'],
  [/^curl\//i, 'curl'],
  [/^wget/i, 'Wget'],
];

/** The program that a session's client says it is. Its own word: it proves nothing. */
export function toolOf(session: Session): string | undefined {
  for (const event of session.events) {
    let said = '';
    if (event.kind === 'fingerprint' && (event.method === 'banner' || event.method === 'ssh-version'))
      said = event.value;
    else if (event.kind === 'request')
      said = event.headers.find(([name]) => name.toLowerCase() === 'user-agent')?.[1] ?? '';
    if (said === '') continue;
    const text = said.slice(0, 256);
    const known = tools.find(([pattern]) => pattern.test(text));
    if (known) return known[1];
  }
  return undefined;
}
