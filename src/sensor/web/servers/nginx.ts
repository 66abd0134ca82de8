import { header, nginxRules } from '../../emulators/http-request.ts';
import { errorPage, frame } from '../../emulators/nginx.ts';
import { isRead, type WebServer } from '../server.ts';

/** nginx, as 1.22.1 was seen to answer; 1.14 to 1.20 differ in nothing that is shown here. */
export const nginx: WebServer = {
  rules: nginxRules,
  failure: (status, { persona, request, detail }) =>
    errorPage(persona.web.server, status, { detail, agent: header(request, 'user-agent') ?? '' }),
  method(about, page) {
    const { method } = about.request;
    if (isRead(method) || (method === 'POST' && page?.kind !== 'file')) return undefined;
    return method === 'POST' && !page ? undefined : nginx.failure(405, about);
  },
  frame,
};
