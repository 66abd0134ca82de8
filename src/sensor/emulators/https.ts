import { defineEmulator } from '../emulator.ts';
import { tellClientHello } from '../tls/tell.ts';
import { http } from './http.ts';
import { readRequest } from './http-request.ts';
import { errorPage, frame } from './nginx.ts';

/** The same web interface over TLS: who offers what is told first (JA3, JA4), then HTTP goes on inside. */
export const https = defineEmulator({
  name: 'https',
  summary: 'Web interface of a storage device over TLS',
  port: 443,
  highPort: 8443,
  options: http.options,

  async session(wire, options) {
    if (await tellClientHello(wire)) {
      if (await wire.startTls()) await http.session(wire, options);
      return;
    }
    // nginx's own status 497, shown as 400.
    const request = await readRequest(wire);
    if (request === null) return;
    const { server } = wire.persona.web;
    const detail = request.refused ? '' : 'The plain HTTP request was sent to HTTPS port';
    const answer = errorPage(server, 400, { detail });
    wire.emit({
      kind: 'request',
      method: request.method,
      target: request.target,
      status: 400,
      headers: request.headers,
    });
    const { version } = request;
    wire.send(
      frame(answer, { server, now: wire.now(), keepAlive: false, version, head: request.method === 'HEAD' }),
    );
  },
});
