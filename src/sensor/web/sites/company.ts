import type { Persona } from '../../persona.ts';
import { redirect } from '../answer.ts';
import { colours, paper, pick } from '../page.ts';
import type { Site } from '../site.ts';

/** The site of a small company: a few pages by hand, and an extranet that asks who comes. */
export function company(persona: Persona): Site {
  const { owner, domain, token, web } = persona;
  const { html, css, icon, script, file } = paper(persona);
  const { strong, pale } = colours(persona);
  const year = new Date(web.modifiedAt).getUTCFullYear();
  const since = 1962 + (Number.parseInt(token('web since', 4), 16) % 50);
  const style = pick(persona, 'style', ['main', 'site', 'style', 'screen']);
  const area = pick(persona, 'area', ['portal', 'intern', 'extranet', 'kunden']);
  const street = `${1 + (Number.parseInt(token('web number', 4), 16) % 140)} ${pick(persona, 'street', ['Mill Road', 'Station Street', 'Quarry Lane', 'Harbour Way', 'Foundry Row'])}`;
  const lead = pick(persona, 'lead', [
    'We are a family business with short ways and long memories.',
    'From the first call to delivery you speak with the same person.',
    'Small enough to care, large enough to deliver.',
    'Quality takes time. We take it, and still keep our dates.',
  ]);
  const offers = [
    'Advice on site',
    'Fixed prices',
    'Delivery within the week',
    'Repairs and spare parts',
    'Evening appointments',
    'Three years of guarantee',
    'Collection of old material',
    'Custom sizes',
  ];
  const from = Number.parseInt(token('web offers', 4), 16) % offers.length;
  const page = (title: string, body: string) => `<!DOCTYPE html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>${title}</title>
<link rel="stylesheet" href="/css/${style}.css">
<link rel="icon" href="/favicon.ico">
</head>
<body>
<header><a href="/">${owner}</a><nav><a href="/about.html">About us</a> <a href="/contact.html">Contact</a> <a href="/${area}/">Customers</a></nav></header>
<main>
${body}
</main>
<footer>&copy; ${year} ${owner} &middot; ${street}</footer>
</body>
</html>
`;
  const login = (fault: string) =>
    page(
      `${owner} - Sign in`,
      `<h1>Customer area</h1>\n${fault}<form method="post" action="/${area}/login.php"><p><input name="email" placeholder="E-mail"></p><p><input name="password" type="password" placeholder="Password"></p><input type="hidden" name="csrf" value="${token('web csrf', 32)}"><p><button>Sign in</button></p></form>`,
    );
  const cookie: [string, string][] = [
    ['Set-Cookie', `PHPSESSID=${token('web session', 26)}; path=/`],
    ['Expires', 'Thu, 19 Nov 1981 08:52:00 GMT'],
    ['Cache-Control', 'no-store, no-cache, must-revalidate'],
    ['Pragma', 'no-cache'],
  ];
  const home = html(
    page(
      owner,
      `<h1>${owner}</h1>\n<p class="lead">${lead}</p>\n<ul>\n${[0, 1, 2, 3].map((i) => `<li>${offers[(from + i * 3) % offers.length]}</li>`).join('\n')}\n</ul>`,
    ),
  );
  return {
    pages: new Map([
      ['/', home],
      ['/index.html', home],
      [
        '/about.html',
        html(page(`${owner} - About us`, `<h1>About us</h1>\n<p>In business since ${since}. ${lead}</p>`)),
      ],
      [
        '/contact.html',
        html(
          page(
            `${owner} - Contact`,
            `<h1>Contact</h1>\n<p>${owner}<br>${street}</p>\n<p>office@${domain}</p>`,
          ),
        ),
      ],
      [`/${area}`, redirect(`/${area}/`, 301)],
      [`/${area}/`, script(login(''), cookie)],
      [`/${area}/login.php`, script(login(''), cookie)],
      [
        `/css/${style}.css`,
        css(
          `body{margin:0;font:16px/1.6 Georgia,serif;color:#222}header{background:${strong};padding:1em 6%}header a{color:#fff;text-decoration:none;margin-right:1.5em}nav{display:inline}main{padding:2em 6%;max-width:44em}.lead{font-size:1.2em}.err{color:#a00}footer{background:${pale};padding:1em 6%;font-size:.85em}\n`,
        ),
      ],
      ['/favicon.ico', icon()],
      ['/robots.txt', file('text/plain', `User-agent: *\nDisallow: /${area}/\n`)],
    ]),
    login: {
      paths: [`/${area}/login.php`],
      user: 'email',
      password: 'password',
      failed: script(login('<p class="err">E-mail or password is wrong.</p>\n'), cookie),
    },
  };
}
