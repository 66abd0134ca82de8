import type { Persona } from '../../persona.ts';
import type { Answer } from '../answer.ts';
import { paper } from '../page.ts';
import type { Site } from '../site.ts';

/** The box's own interface, written in PHP: nothing but its login. */
export function storageBox(persona: Persona): Site {
  const { product, web, hostname, token } = persona;
  const { file } = paper(persona);
  const build = token('assets', 8);
  const script = (body: string): Answer => ({
    status: 200,
    kind: 'script',
    type: 'text/html; charset=UTF-8',
    body,
    headers: [
      ['X-Frame-Options', 'SAMEORIGIN'],
      ['Set-Cookie', `sid=${token('cookie', 26)}; path=/; HttpOnly`],
    ],
  });
  const page = (fault: string) => `<!DOCTYPE html>
<html lang="en">
<head>
<meta charset="utf-8">
<title>${web.title} - ${hostname}</title>
<link rel="stylesheet" href="/assets/ui-${build}.css">
<link rel="icon" href="/favicon.ico">
</head>
<body>
<div id="box">
<h1>${product.vendor}</h1>
<h2>${product.model} &middot; ${hostname}</h2>
${fault}
<form method="post" action="/login.php">
<label>User name <input name="username" autocomplete="username"></label>
<label>Password <input name="password" type="password" autocomplete="current-password"></label>
<input type="hidden" name="token" value="${token('form', 24)}">
<button type="submit">Sign in</button>
</form>
<footer>Firmware ${product.firmware} &middot; S/N ${product.serial.slice(0, 6)}******</footer>
</div>
<script src="/assets/ui-${build}.js"></script>
</body>
</html>
`;
  const css = `body{font:14px/1.5 sans-serif;background:#${token('colour', 6)};color:#222}#box{width:22em;margin:8em auto;background:#fff;padding:2em;border-radius:4px}label{display:block;margin:.8em 0}.err{color:#b00}\n`;
  const js = `(function(){var f=document.forms[0];f&&f.username.focus();window.NV={build:"${build}",model:"${product.model}"};})();\n`;
  const icon = Buffer.concat([
    Buffer.from([0, 0, 1, 0, 1, 0, 16, 16, 0, 0, 1, 0, 32, 0, 104, 4, 0, 0, 22, 0, 0, 0]),
    Buffer.from(token('icon', 2_256), 'hex'),
  ]);
  const start = script(page('<!--e-->'));
  return {
    pages: new Map([
      ['/', start],
      ['/index.php', start],
      ['/login.php', start],
      [`/assets/ui-${build}.css`, file('text/css', css)],
      [`/assets/ui-${build}.js`, file('application/javascript', js)],
      ['/favicon.ico', file('image/x-icon', icon.toString('latin1'))],
      ['/robots.txt', file('text/plain', 'User-agent: *\nDisallow: /\n')],
    ]),
    login: {
      paths: ['/login.php'],
      user: 'username',
      password: 'password',
      failed: script(page('<p class="err">Invalid user name or password.</p>')),
    },
  };
}
