import type { Persona } from '../../persona.ts';
import { colours, paper, pick } from '../page.ts';
import type { Site } from '../site.ts';

/** A controller's own page: what it is, and a login for who may change it. */
export function plc(persona: Persona): Site {
  const { product, hostname, mac, address, token } = persona;
  const { html, css, icon, script } = paper(persona);
  const { strong, pale } = colours(persona);
  const folder = pick(persona, 'folder', ['wbm', 'web', 'webui', 'cfg']);
  const page = (title: string, body: string) =>
    `<!DOCTYPE html>\n<html>\n<head>\n<meta charset="utf-8">\n<title>${product.model} - ${title}</title>\n<link rel="stylesheet" href="/${folder}/page.css">\n</head>\n<body>\n<div class="bar">${product.vendor} <span>${product.model}</span></div>\n${body}\n</body>\n</html>\n`;
  const login = (fault: string) =>
    page(
      'Login',
      `${fault}<form method="post" action="/${folder}/login.cgi"><p>User <input name="user" value="admin"></p><p>Password <input type="password" name="pass"></p><p><input type="submit" value="Login"></p></form>`,
    );
  const row = (name: string, value: string) => `<tr><td>${name}</td><td>${value}</td></tr>`;
  const start = html(
    page(
      'Device information',
      `<table>\n${[
        row('Product description', `${product.model} programmable controller`),
        row('Host name', hostname),
        row('Serial number', product.serial),
        row('Firmware revision', product.firmware),
        row('MAC address', mac.toUpperCase()),
        row('IP address', address),
        row(
          'Runtime',
          `${pick(persona, 'run', ['RUN', 'RUN', 'STOP'])}, project ${token('web project', 6).toUpperCase()}`,
        ),
      ].join('\n')}\n</table>\n<p><a href="/${folder}/login.cgi">Configuration</a></p>`,
    ),
  );
  return {
    pages: new Map([
      ['/', start],
      ['/index.html', start],
      [`/${folder}/login.cgi`, script(login(''), [['Cache-Control', 'no-cache']], 'text/html')],
      [
        `/${folder}/page.css`,
        css(
          `body{font:12px Verdana,sans-serif;margin:0;background:${pale}}.bar{background:${strong};color:#fff;padding:8px}table{margin:16px;background:#fff}td{padding:3px 12px;border-bottom:1px solid #ccc}form,p{margin:16px}.err{color:#b00}\n`,
        ),
      ],
      ['/favicon.ico', icon()],
    ]),
    login: {
      paths: [`/${folder}/login.cgi`],
      user: 'user',
      password: 'pass',
      failed: script(login('<p class="err">Login failed.</p>'), [['Cache-Control', 'no-cache']], 'text/html'),
    },
  };
}
