import { defineEmulator } from '../emulator.ts';
import type { Persona } from '../persona.ts';
import { tellClientHello } from '../tls/tell.ts';
import type { Answer } from '../web/answer.ts';
import { serverOf } from '../web/servers/index.ts';
import { http, serveSite } from './http.ts';
import { type Request, readRequest } from './http-request.ts';
import { errorPage } from './nginx.ts';

/** The same pages over TLS: who offers what is told first (JA3, JA4), then HTTP goes on inside. */
export const https = defineEmulator({
  name: 'https',
  summary: "The persona's web server over TLS",
  port: 443,
  highPort: 8443,
  options: http.options,

  async session(wire, options) {
    if (await tellClientHello(wire)) {
      if (await wire.startTls()) await serveSite(wire, options, true);
      return;
    }
    const { persona } = wire;
    const server = serverOf(persona);
    const request = await readRequest(wire, server.rules);
    if (request === null) return;
    const answer = plainOnTls(persona, request);
    wire.emit({
      kind: 'request',
      method: request.method,
      target: request.target,
      status: answer.status,
      headers: request.headers,
    });
    // Go says so before it knows any header (net/http, server.go).
    if (persona.web.family === 'go')
      return wire.send('HTTP/1.0 400 Bad Request\r\n\r\nClient sent an HTTP request to an HTTPS server.\n');
    const { version } = request;
    const head = request.method === 'HEAD';
    wire.send(
      server.frame(answer, { server: persona.web.server, now: wire.now(), keepAlive: false, version, head }),
    );
  },
});

/** What plain HTTP is told on a port that speaks TLS. */
function plainOnTls(persona: Persona, request: Request): Answer {
  const { family, server } = persona.web;
  // nginx's own status 497, shown as 400.
  if (family === 'nginx')
    return errorPage(server, 400, {
      detail: request.refused ? '' : 'The plain HTTP request was sent to HTTPS port',
    });
  const detail =
    family === 'apache' && !request.refused
      ? "Reason: You're speaking plain HTTP to an SSL-enabled server port.<br />\n Instead use the HTTPS scheme to access this URL, please.<br />\n"
      : '';
  return serverOf(persona).failure(400, { persona, request, secure: true, detail });
}
