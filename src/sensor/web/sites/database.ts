import type { Persona } from '../../persona.ts';
import { colours, paper, pick } from '../page.ts';
import type { Site } from '../site.ts';

/** A page over the databases of the host, of one file, as administrators leave it behind. */
export function database(persona: Persona): Site {
  const { hostname, token } = persona;
  const { css, icon, script, file } = paper(persona);
  const { strong, pale } = colours(persona);
  const tool = pick(persona, 'tool', ['dbadmin', 'dbtool', 'sqlview', 'tables']);
  const page = (fault: string) => `<!DOCTYPE html>
<html lang="en">
<meta charset="utf-8">
<title>Login - ${hostname}</title>
<link rel="stylesheet" href="/${tool}.css?v=${token('web version', 6)}">
<h1>${hostname}</h1>
<div id="content">
<h2>Login</h2>
${fault}<form action="/" method="post">
<table>
<tr><th>System<td><select name="driver"><option value="server">MariaDB<option value="pgsql">PostgreSQL</select>
<tr><th>Server<td><input name="server" value="localhost">
<tr><th>Username<td><input name="username" autocomplete="username">
<tr><th>Password<td><input type="password" name="password">
<tr><th>Database<td><input name="db">
</table>
<p><input type="hidden" name="token" value="${token('web form', 20)}"><input type="submit" value="Login">
</form>
</div>
</html>
`;
  const cookie: [string, string][] = [
    ['Set-Cookie', `${tool}_sid=${token('web session', 32)}; path=/; HttpOnly; SameSite=lax`],
    ['Cache-Control', 'no-cache'],
    ['X-Frame-Options', 'deny'],
  ];
  const start = script(page(''), cookie, 'text/html; charset=utf-8');
  return {
    pages: new Map([
      ['/', start],
      ['/index.php', start],
      [
        `/${tool}.css`,
        css(
          `body{font:90%/1.25 sans-serif;margin:0;background:${pale}}h1{margin:0;padding:.6em 1em;background:${strong};color:#fff;font-size:130%}#content{margin:1em 1em}th{text-align:left}.error{color:#900}\n`,
        ),
      ],
      ['/favicon.ico', icon()],
      ['/robots.txt', file('text/plain', 'User-agent: *\nDisallow: /\n')],
    ]),
    login: {
      paths: ['/', '/index.php'],
      user: 'username',
      password: 'password',
      failed: script(
        page('<p class="error">Access denied: invalid credentials.</p>\n'),
        cookie,
        'text/html; charset=utf-8',
      ),
    },
  };
}
