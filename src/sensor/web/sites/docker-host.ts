import type { Persona } from '../../persona.ts';
import { colours, paper, pick } from '../page.ts';
import type { Site } from '../site.ts';

/** What a build machine shows: a list of its jobs, made by a cron job, and a login for who may start them. */
export function dockerHost(persona: Persona): Site {
  const { hostname, owner, token, web } = persona;
  const { html, css, icon, script, file } = paper(persona);
  const { strong, pale } = colours(persona);
  const services = ['api', 'web', 'worker', 'billing', 'mailer', 'reports', 'importer', 'auth'];
  const from = Number.parseInt(token('web jobs', 4), 16);
  const rows = [0, 1, 2, 3, 4].map((i) => {
    const name = services[(from + i * 3) % services.length]!;
    const at = new Date(web.modifiedAt - i * 7_201_000 - (from % 3_000_000))
      .toISOString()
      .slice(0, 16)
      .replace('T', ' ');
    return `<tr><td>${name}</td><td>${token(`web commit ${i}`, 7)}</td><td>${(from + i) % 7 === 0 ? 'failed' : 'passed'}</td><td>${at}</td></tr>`;
  });
  const page = (title: string, body: string) =>
    `<!DOCTYPE html>\n<html lang="en">\n<head>\n<meta charset="utf-8">\n<title>${title}</title>\n<link rel="stylesheet" href="/status.css">\n<link rel="icon" href="/favicon.ico">\n</head>\n<body>\n<h1>${title}</h1>\n${body}\n<p class="foot">${hostname} &middot; ${owner}</p>\n</body>\n</html>\n`;
  const login = (fault: string) =>
    page(
      'Sign in',
      `${fault}<form method="post" action="/login"><p><input name="user" placeholder="User"></p><p><input name="password" type="password" placeholder="Password"></p><p><button>Sign in</button></p></form>`,
    );
  const home = html(
    page(
      pick(persona, 'title', ['Build status', 'Pipelines', 'Builds', 'Continuous integration']),
      `<table>\n<tr><th>Service</th><th>Commit</th><th>Result</th><th>Finished</th></tr>\n${rows.join('\n')}\n</table>\n<p><a href="/login">Sign in</a></p>`,
    ),
  );
  return {
    pages: new Map([
      ['/', home],
      ['/index.html', home],
      ['/login', script(login(''), [], 'text/html; charset=utf-8')],
      [
        '/status.css',
        css(
          `body{font:14px/1.5 sans-serif;margin:2em;background:${pale}}h1{color:${strong}}td,th{padding:.3em 1em;text-align:left;background:#fff}.foot{color:#777}\n`,
        ),
      ],
      ['/favicon.ico', icon()],
      ['/robots.txt', file('text/plain', 'User-agent: *\nDisallow: /\n')],
    ]),
    login: {
      paths: ['/login'],
      user: 'user',
      password: 'password',
      failed: script(
        login('<p class="err">Unknown user or wrong password</p>'),
        [],
        'text/html; charset=utf-8',
      ),
    },
  };
}
