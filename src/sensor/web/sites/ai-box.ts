import type { Persona } from '../../persona.ts';
import { colours, paper, pick } from '../page.ts';
import type { Site } from '../site.ts';

/** A chat page over models of one's own: its shell, its settings, and a sign-in; models answer only those who are in. */
export function aiBox(persona: Persona): Site {
  const { web, token, gpus } = persona;
  const { script, file, icon } = paper(persona);
  const { strong, pale } = colours(persona);
  const build = token('web build', 10);
  const version = `0.${pick(persona, 'minor', [4, 5, 6])}.${Number.parseInt(token('web patch', 2), 16) % 20}`;
  const page = `<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>${web.title}</title>
<link rel="icon" href="/favicon.ico">
<link rel="stylesheet" href="/assets/app.${build}.css">
</head>
<body>
<div id="app"><h1>${web.title}</h1>
<form id="signin"><input name="email" placeholder="E-mail"><input name="password" type="password" placeholder="Password"><button>Sign in</button><p id="fault"></p></form></div>
<script src="/assets/app.${build}.js"></script>
</body>
</html>
`;
  const js = `document.getElementById("signin").onsubmit=function(e){e.preventDefault();var f=e.target,x=new XMLHttpRequest();x.onload=function(){document.getElementById("fault").textContent=JSON.parse(x.response).detail||""};x.open("POST","/api/v1/auths/signin");x.setRequestHeader("Content-Type","application/json");x.send(JSON.stringify({email:f.email.value,password:f.password.value}))};\n`;
  const type = 'text/html; charset=utf-8';
  const json = (status: number, value: unknown) => ({
    ...script(JSON.stringify(value), [], 'application/json'),
    status,
  });
  const locked = json(401, { detail: 'Not authenticated' });
  return {
    pages: new Map([
      ['/', script(page, [], type)],
      ['/auth', script(page, [], type)],
      ['/health', json(200, { status: true })],
      ['/api/version', json(200, { version })],
      [
        '/api/config',
        json(200, {
          status: true,
          name: web.title,
          version,
          default_locale: '',
          features: { auth: true, enable_signup: false, enable_login_form: true },
          devices: gpus ? gpus.count : 0,
        }),
      ],
      [
        `/assets/app.${build}.css`,
        file(
          'text/css; charset=utf-8',
          `body{margin:0;font:15px/1.5 system-ui,sans-serif;background:${pale}}#app{max-width:22em;margin:12vh auto}h1{color:${strong};font-weight:600}input,button{display:block;width:100%;margin:.5em 0;padding:.6em;box-sizing:border-box}#fault{color:#b00}\n`,
        ),
      ],
      [`/assets/app.${build}.js`, file('text/javascript; charset=utf-8', js)],
      ['/favicon.ico', { ...icon(), type: 'image/vnd.microsoft.icon' }],
    ]),
    login: {
      paths: ['/api/v1/auths/signin'],
      user: 'email',
      password: 'password',
      failed: json(400, {
        detail:
          'The email or password provided is incorrect. Please check for typos and try logging in again.',
      }),
    },
    other: (_, path) => (/^\/(api|v1|openai|ollama)\//.test(path) ? locked : undefined),
  };
}
