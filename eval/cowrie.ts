import type { Body } from '../src/model/event.ts';

/** The line of Cowrie's log that says so, without its head; none for what Cowrie has no word for. */
export function cowrieLine(body: Body): Record<string, unknown> | undefined {
  switch (body.kind) {
    case 'login':
      return {
        eventid: body.ok ? 'cowrie.login.success' : 'cowrie.login.failed',
        username: body.user,
        password: body.secret,
      };
    case 'command':
      return body.detail?.exploit === undefined
        ? { eventid: 'cowrie.command.input', input: body.input }
        : { eventid: 'cowrie.telnet.exploit_attempt', cve: body.detail.exploit, data: body.input };
    case 'upload':
      return { eventid: 'cowrie.session.file_upload', filename: body.name ?? '', shasum: body.sha256 };
    case 'forward':
      return { eventid: 'cowrie.direct-tcpip.request', dst_ip: body.host, dst_port: body.port };
    case 'fingerprint': {
      if (body.method === 'banner') return { eventid: 'cowrie.client.version', version: body.value };
      if (body.method !== 'environment') return undefined;
      const [name, ...value] = body.value.split('=');
      return { eventid: 'cowrie.client.var', name, value: value.join('=') };
    }
    default:
      return undefined;
  }
}
