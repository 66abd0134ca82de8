import type { Persona } from '../persona.ts';
import type { Answer } from './nginx.ts';

/** Percent-decoded text, `+` as a blank, a byte a character; twice, as attackers hide what they send. */
export function decode(text: string): string {
  const once = (one: string) =>
    one.replace(/%([0-9a-fA-F]{2})/g, (_, hex: string) => String.fromCharCode(Number.parseInt(hex, 16)));
  return once(once(text.replaceAll('+', ' ')));
}

/** The fields of a query or a form (the first of a name). */
export function form(text: string): Map<string, string> {
  const fields = new Map<string, string>();
  for (const pair of text.split('&', 256)) {
    const at = pair.indexOf('=');
    const name = decode(at < 0 ? pair : pair.slice(0, at));
    if (!fields.has(name)) fields.set(name, at < 0 ? '' : decode(pair.slice(at + 1)));
  }
  return fields;
}

const made = new WeakMap<Persona, ReadonlyMap<string, Answer>>();

/** The pages of a persona by path. */
export function pages(persona: Persona): ReadonlyMap<string, Answer> {
  let found = made.get(persona);
  if (!found) {
    found = make(persona);
    made.set(persona, found);
  }
  return found;
}

function make(persona: Persona): ReadonlyMap<string, Answer> {
  const { product, web, hostname } = persona;
  const build = persona.token('assets', 8);
  const script = (body: string): Answer => ({
    status: 200,
    kind: 'script',
    type: 'text/html; charset=UTF-8',
    body,
    headers: [
      ['X-Frame-Options', 'SAMEORIGIN'],
      ['Set-Cookie', `sid=${persona.token('cookie', 26)}; path=/; HttpOnly`],
    ],
  });
  const file = (type: string, body: string): Answer => ({
    status: 200,
    kind: 'file',
    type,
    body,
    modifiedAt: web.modifiedAt,
  });
  const page = `<!DOCTYPE html>
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
<!--e-->
<form method="post" action="/login.php">
<label>User name <input name="username" autocomplete="username"></label>
<label>Password <input name="password" type="password" autocomplete="current-password"></label>
<input type="hidden" name="token" value="${persona.token('form', 24)}">
<button type="submit">Sign in</button>
</form>
<footer>Firmware ${product.firmware} &middot; S/N ${product.serial.slice(0, 6)}******</footer>
</div>
<script src="/assets/ui-${build}.js"></script>
</body>
</html>
`;
  const colour = persona.token('colour', 6);
  const css = `body{font:14px/1.5 sans-serif;background:#${colour};color:#222}#box{width:22em;margin:8em auto;background:#fff;padding:2em;border-radius:4px}label{display:block;margin:.8em 0}.err{color:#b00}\n`;
  const js = `(function(){var f=document.forms[0];f&&f.username.focus();window.NV={build:"${build}",model:"${product.model}"};})();\n`;
  const icon = Buffer.concat([
    Buffer.from([0, 0, 1, 0, 1, 0, 16, 16, 0, 0, 1, 0, 32, 0, 104, 4, 0, 0, 22, 0, 0, 0]),
    Buffer.from(persona.token('icon', 2_256), 'hex'),
  ]);
  return new Map([
    ['/', script(page)],
    ['/index.php', script(page)],
    ['/login.php', script(page)],
    [`/assets/ui-${build}.css`, file('text/css', css)],
    [`/assets/ui-${build}.js`, file('application/javascript', js)],
    ['/favicon.ico', file('image/x-icon', icon.toString('latin1'))],
    ['/robots.txt', file('text/plain', 'User-agent: *\nDisallow: /\n')],
  ]);
}
