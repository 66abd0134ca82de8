import type { Persona } from '../../persona.ts';
import { redirect } from '../answer.ts';
import { colours, paper, pick } from '../page.ts';
import type { Site } from '../site.ts';

/** A router's administration: a redirect, then a login over a CGI, as its firmware has it. */
export function router(persona: Persona): Site {
  const { product, hostname, token } = persona;
  const { html, css, icon, script, file } = paper(persona);
  const { strong, pale } = colours(persona);
  const theme = pick(persona, 'theme', ['material', 'plain', 'argon', 'classic']);
  const build = `${product.firmware}-${token('web build', 7)}`;
  const headers: [string, string][] = [
    ['Cache-Control', 'no-cache'],
    ['X-Frame-Options', 'SAMEORIGIN'],
    ['X-XSS-Protection', '1; mode=block'],
    ['X-Content-Type-Options', 'nosniff'],
  ];
  const login = (fault: string) => `<!DOCTYPE html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>${hostname} - ${product.vendor} ${product.model}</title>
<link rel="stylesheet" href="/static/${theme}/style.css?v=${build}">
<link rel="shortcut icon" href="/favicon.ico">
</head>
<body class="login">
<header>${product.vendor} <b>${product.model}</b></header>
<main>
<h2>${pick(persona, 'ask', ['Authorization Required', 'Router administration', 'Please sign in'])}</h2>
${fault}<form method="post" action="/cgi-bin/luci">
<div><label for="u">Username</label><input id="u" name="luci_username" value="${persona.admin}"></div>
<div><label for="p">Password</label><input id="p" type="password" name="luci_password" autofocus></div>
<button class="btn">Login</button> <button type="reset" class="btn">Reset</button>
</form>
</main>
<footer>Firmware ${product.firmware} &middot; ${token('web revision', 10)}</footer>
</body>
</html>
`;
  return {
    pages: new Map([
      [
        '/',
        html(
          `<?xml version="1.0" encoding="utf-8"?>\n<!DOCTYPE html>\n<html>\n<head>\n<meta http-equiv="Cache-Control" content="no-cache, no-store, must-revalidate">\n<meta http-equiv="refresh" content="0; URL=cgi-bin/luci/">\n</head>\n<body style="background:${pale}">\n<a href="cgi-bin/luci/">${product.vendor} ${product.model} configuration</a>\n</body>\n</html>\n`,
        ),
      ],
      ['/cgi-bin/luci', { ...script(login(''), headers), status: 403 }],
      ['/cgi-bin/luci/', { ...script(login(''), headers), status: 403 }],
      ['/login', redirect('/cgi-bin/luci/')],
      [
        `/static/${theme}/style.css`,
        css(
          `body{margin:0;font:15px/1.5 sans-serif;background:${pale}}header{background:${strong};color:#fff;padding:.8em 1.2em}main{max-width:26em;margin:3em auto;background:#fff;padding:1.5em 2em}label{display:inline-block;width:7em}.alert{color:#a00}footer{text-align:center;color:#777;font-size:12px}\n`,
        ),
      ],
      ['/favicon.ico', icon()],
      ['/robots.txt', file('text/plain', 'User-agent: *\nDisallow: /\n')],
    ]),
    login: {
      paths: ['/cgi-bin/luci', '/cgi-bin/luci/'],
      user: 'luci_username',
      password: 'luci_password',
      failed: {
        ...script(
          login('<p class="alert">Invalid username and/or password! Please try again.</p>\n'),
          headers,
        ),
        status: 403,
      },
    },
  };
}
