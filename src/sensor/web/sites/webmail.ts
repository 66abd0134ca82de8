import type { Persona } from '../../persona.ts';
import { redirect } from '../answer.ts';
import { colours, paper, pick } from '../page.ts';
import type { Site } from '../site.ts';

/** Webmail over IMAP, reached by a redirect from the start page. */
export function webmail(persona: Persona): Site {
  const { web, owner, hostname, domain, token } = persona;
  const { css, icon, script, file } = paper(persona);
  const { strong, pale } = colours(persona);
  const folder = pick(persona, 'folder', ['webmail', 'mail', 'post']);
  const skin = pick(persona, 'skin', ['plain', 'wide', 'slate']);
  const page = (fault: string) => `<!DOCTYPE html>
<html lang="en">
<head>
<meta charset="utf-8">
<title>${web.title} :: Welcome</title>
<meta name="viewport" content="width=device-width, initial-scale=1.0">
<link rel="shortcut icon" href="/${folder}/skins/${skin}/favicon.ico">
<link rel="stylesheet" href="/${folder}/skins/${skin}/styles.css?s=${Math.floor(web.modifiedAt / 1_000)}">
</head>
<body class="task-login">
<h1>${owner}</h1>
${fault}<form id="login-form" name="login-form" method="post" action="/${folder}/?task=login">
<input type="hidden" name="token" value="${token('web form', 32)}">
<input type="hidden" name="task" value="login"><input type="hidden" name="action" value="login">
<p><label for="user">Username</label><input name="user" id="user" required></p>
<p><label for="pass">Password</label><input name="pass" id="pass" type="password" required></p>
<p><button type="submit">Login</button></p>
<p class="small">${hostname}.${domain}</p>
</form>
</body>
</html>
`;
  const headers: [string, string][] = [
    ['Set-Cookie', `mailsess_${token('web name', 4)}=${token('web session', 26)}; path=/; HttpOnly`],
    ['Expires', 'Thu, 19 Nov 1981 08:52:00 GMT'],
    ['Cache-Control', 'private, no-cache, no-store, must-revalidate, post-check=0, pre-check=0'],
    ['Pragma', 'no-cache'],
    ['X-Frame-Options', 'sameorigin'],
    ['Content-Language', 'en'],
  ];
  const start = script(page(''), headers);
  return {
    pages: new Map([
      ['/', redirect(`/${folder}/`)],
      [`/${folder}`, redirect(`/${folder}/`, 301)],
      [`/${folder}/`, start],
      [
        `/${folder}/skins/${skin}/styles.css`,
        css(
          `body{font:14px/1.5 sans-serif;background:${pale};text-align:center}form{display:inline-block;text-align:left;background:#fff;padding:2em}h1{color:${strong}}label{display:inline-block;width:7em}.small{color:#888}.err{color:#a00}\n`,
        ),
      ],
      [`/${folder}/skins/${skin}/favicon.ico`, icon()],
      ['/favicon.ico', icon()],
      ['/robots.txt', file('text/plain', 'User-agent: *\nDisallow: /\n')],
    ]),
    login: {
      paths: [`/${folder}/`],
      user: 'user',
      password: 'pass',
      failed: { ...script(page('<p class="err">Login failed.</p>\n'), headers), status: 401 },
    },
  };
}
