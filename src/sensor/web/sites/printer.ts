import type { Persona } from '../../persona.ts';
import { colours, paper, pick } from '../page.ts';
import type { Site } from '../site.ts';

/** An office printer's own page: how much is left, and where it stands in its work. */
export function printer(persona: Persona): Site {
  const { product, hostname, address, mac, token } = persona;
  const { html, css, icon } = paper(persona);
  const { strong, pale } = colours(persona);
  const left = 5 + (Number.parseInt(token('toner', 4), 16) % 90);
  const pages = 4_000 + (Number.parseInt(token('pages', 6), 16) % 180_000);
  const row = (name: string, value: string) => `<tr><td>${name}</td><td>${value}</td></tr>`;
  const state = pick(persona, 'printer state', ['Ready', 'Ready', 'Sleep mode on', 'Tray 2 empty']);
  const start = html(
    `<!DOCTYPE html>\n<html>\n<head>\n<meta charset="utf-8">\n<title>${product.model}&nbsp;&nbsp;&nbsp;${address}</title>\n<link rel="stylesheet" href="/style.css">\n</head>\n<body>\n<h1>${product.model}</h1>\n<p>${hostname} / ${address}</p>\n<h2>Device status</h2>\n<p>${state}</p>\n<table>\n${[
      row('Black cartridge', `${left}%`),
      row('Pages printed', String(pages)),
      row('Product serial number', product.serial),
      row('Firmware datecode', product.firmware),
      row('Hardware address', mac.replaceAll(':', '').toUpperCase()),
    ].join('\n')}\n</table>\n</body>\n</html>\n`,
  );
  return {
    pages: new Map([
      ['/', start],
      ['/index.htm', start],
      [
        '/style.css',
        css(
          `body{font:13px Arial,sans-serif;margin:20px;background:${pale}}h1{color:${strong};font-size:18px}td{padding:2px 16px 2px 0}\n`,
        ),
      ],
      ['/favicon.ico', icon()],
    ]),
  };
}
