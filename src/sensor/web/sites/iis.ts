import type { Persona } from '../../persona.ts';
import { colours, paper, pick } from '../page.ts';
import type { Site } from '../site.ts';

/** A company's inner page on IIS, its forms written with ASP.NET. */
export function iis(persona: Persona): Site {
  const { owner, hostname, token } = persona;
  const { html, css, icon, script } = paper(persona);
  const { strong, pale } = colours(persona);
  const app = pick(persona, 'app', ['TimeSheet', 'Intranet', 'ServiceDesk', 'Orders', 'Archive']);
  const state = (label: string, size: number) =>
    Buffer.from(token(`web ${label}`, size), 'hex').toString('base64');
  const login = (fault: string) => `<!DOCTYPE html>
<html>
<head><title>
\t${app} - ${owner}
</title><link href="/Content/Site.css" rel="stylesheet" /></head>
<body>
    <form method="post" action="./Login.aspx" id="form1">
<div class="aspNetHidden">
<input type="hidden" name="__VIEWSTATE" id="__VIEWSTATE" value="/wEP${state('viewstate', 96)}" />
<input type="hidden" name="__VIEWSTATEGENERATOR" id="__VIEWSTATEGENERATOR" value="${token('web generator', 8).toUpperCase()}" />
<input type="hidden" name="__EVENTVALIDATION" id="__EVENTVALIDATION" value="/wEd${state('validation', 84)}" />
</div>
        <h1>${app}</h1>
        ${fault}<p><label>User name</label> <input name="txtUser" type="text" id="txtUser" /></p>
        <p><label>Password</label> <input name="txtPassword" type="password" id="txtPassword" /></p>
        <p><input type="submit" name="btnLogin" value="Log in" id="btnLogin" /></p>
        <p class="small">${owner} &middot; ${hostname}</p>
    </form>
</body>
</html>
`;
  const headers: [string, string][] = [
    ['Cache-Control', 'private'],
    ['X-AspNet-Version', '4.0.30319'],
    ['Set-Cookie', `ASP.NET_SessionId=${token('web session', 24)}; path=/; HttpOnly`],
  ];
  const start = html(
    `<!DOCTYPE html>\r\n<html>\r\n<head>\r\n<meta charset="utf-8" />\r\n<title>${owner}</title>\r\n<link href="/Content/Site.css" rel="stylesheet" />\r\n</head>\r\n<body>\r\n<h1>${owner}</h1>\r\n<p><a href="/${app}/Login.aspx">${app}</a></p>\r\n<p class="small">${hostname}</p>\r\n</body>\r\n</html>\r\n`,
  );
  const page = (fault: string) => ({ ...script(login(fault), headers, 'text/html; charset=utf-8') });
  return {
    pages: new Map([
      ['/', start],
      ['/index.html', start],
      [`/${app}/Login.aspx`, page('')],
      [
        '/Content/Site.css',
        css(
          `body{font:13px/1.5 "Segoe UI",sans-serif;margin:4em;background:${pale}}h1{color:${strong}}label{display:inline-block;width:8em}.small{color:#777;font-size:11px}.validation{color:#c00}\r\n`,
        ),
      ],
      ['/favicon.ico', icon()],
    ]),
    login: {
      paths: [`/${app}/Login.aspx`],
      user: 'txtUser',
      password: 'txtPassword',
      failed: page('<span id="lblError" class="validation">The user name or password is incorrect.</span>'),
    },
    // A folder without a start page.
    other: (_, path) => (path === '/Content/' || path === `/${app}/` ? forbidden : undefined),
  };
}

const forbidden = { status: 403, kind: 'error', body: '' } as const;
