import { createHash } from 'node:crypto';
import type { Wire } from '../emulator.ts';
import type { Answer } from '../web/answer.ts';
import type { Request } from './http-request.ts';
import { decode, form } from './web-pages.ts';

/** What a request for a weakness comes to. */
export interface Bite {
  /** The answer where the weakness is shown; without one, and without `command`, the page is not found. */
  answer?: Answer;
  detail?: Record<string, string>;
  /** What would be run; `render` makes the answer of what it prints. */
  command?: string;
  render?: (output: string) => Answer;
}

interface Lure {
  name: string;
  match(wire: Wire, request: Request): Bite | undefined;
}

const script = (body: string): Answer => ({
  status: 200,
  kind: 'script',
  type: 'text/html; charset=UTF-8',
  body,
});
/** As a machine's PHP frames it, where it says who it is. */
const byPhp =
  ({ persona }: Wire) =>
  (body: string): Answer => ({
    ...script(body),
    ...(persona.web.php ? { headers: [['X-Powered-By', `PHP/${persona.web.php}`]] } : {}),
  });
const file = (wire: Wire, body: string, type = 'application/octet-stream'): Answer => ({
  status: 200,
  kind: 'file',
  type,
  body,
  modifiedAt: wire.persona.web.modifiedAt,
});

const plain = (body: string): Answer => ({ ...script(body), type: 'text/plain' });

const md5 = (text: string) => createHash('md5').update(text, 'latin1').digest('hex');

/** What a PHP one-liner prints, as far as those who test for a hole write them. */
function php(wire: Wire, code: string): Bite {
  const render = byPhp(wire);
  const run = /(?:system|shell_exec|passthru|exec|popen)\s*\(\s*(['"])([\s\S]{1,8192}?)\1\s*[,)]/.exec(code);
  if (run) return { command: run[2]!, render };
  let printed = '';
  for (const [, , inner, , plain] of code
    .slice(0, 8_192)
    .matchAll(/(?:echo|print|die|exit)\s*\(?\s*(?:md5\s*\(\s*(['"])(.{0,512}?)\1|(['"])(.{0,512}?)\3)/g)) {
    printed += inner === undefined ? (plain ?? '') : md5(inner);
  }
  const encoded = /base64_decode\s*\(\s*['"]([\w+/=]{1,8192})['"]/.exec(code);
  const hidden = encoded ? Buffer.from(encoded[1]!, 'base64').toString('latin1') : '';
  return {
    answer: render(printed),
    ...(hidden ? { detail: { decoded: hidden.slice(0, 4_096) } } : {}),
  };
}

const path = ({ target }: Request) => target.replace(/[?#].*/, '');
const query = ({ target }: Request) => (target.includes('?') ? target.slice(target.indexOf('?') + 1) : '');

/** The paths that are attacked most, in the order that they are tried. */
export const lures: readonly Lure[] = [
  {
    // CVE-2017-9841: PHPUnit evaluates the body.
    name: 'phpunit',
    match: (wire, request) =>
      path(request).toLowerCase().endsWith('/eval-stdin.php')
        ? php(wire, request.body.toString('latin1', 0, 65_536))
        : undefined,
  },
  {
    // CVE-2024-4577 and CVE-2012-1823: arguments for php-cgi in the query.
    name: 'php-cgi',
    match(wire, request) {
      const asked = decode(query(request));
      if (!/(^|[\s\xad-])\xad?-?d\s+allow_url_include\s*=/i.test(asked)) return undefined;
      return php(wire, request.body.toString('latin1', 0, 65_536));
    },
  },
  {
    // CVE-2018-20062: ThinkPHP calls any function.
    name: 'thinkphp',
    match(wire, request) {
      const fields = form(query(request));
      if (!/\\think\\|invokefunction/i.test(fields.get('s') ?? '')) return undefined;
      const name = fields.get('vars[0]') ?? '';
      const argument = fields.get('vars[1][]') ?? fields.get('vars[1][0]') ?? '';
      if (name === 'md5') return { answer: byPhp(wire)(md5(argument)) };
      if (!/^(system|shell_exec|passthru|exec)$/.test(name)) return {};
      return { command: argument, render: byPhp(wire) };
    },
  },
  {
    // ThinkPHP language file and pearcmd: writes a script.
    name: 'pearcmd',
    match: (_, request) => (/pearcmd/i.test(decode(request.target)) ? {} : undefined),
  },
  {
    name: 'dotenv',
    match(wire, request) {
      if (!/\/\.env(\.\w+)?$/i.test(path(request))) return undefined;
      const { token, web } = wire.persona;
      const key = `AKIA${token('aws-id', 32)
        .toUpperCase()
        .replace(/[^A-Z2-7]/g, '')
        .padEnd(16, 'Q7')
        .slice(0, 16)}`;
      const body = [
        'APP_NAME=Portal',
        'APP_ENV=production',
        `APP_KEY=base64:${Buffer.from(token('app-key', 64), 'hex').toString('base64')}`,
        'APP_DEBUG=false',
        'DB_CONNECTION=mysql',
        'DB_HOST=127.0.0.1',
        'DB_DATABASE=portal',
        'DB_USERNAME=portal',
        `DB_PASSWORD=${token('db', 14)}`,
        'REDIS_HOST=127.0.0.1',
        `AWS_ACCESS_KEY_ID=${key}`,
        `AWS_SECRET_ACCESS_KEY=${Buffer.from(token('aws-secret', 60), 'hex').toString('base64')}`,
        'AWS_DEFAULT_REGION=eu-central-1',
        '',
      ].join('\n');
      return {
        answer: { ...file(wire, body), modifiedAt: web.modifiedAt },
        detail: { bait: 'aws', token: key },
      };
    },
  },
  {
    name: 'git',
    match(wire, request) {
      const { token } = wire.persona;
      const files: Record<string, string> = {
        '/.git/config': `[core]\n\trepositoryformatversion = 0\n\tfilemode = true\n\tbare = false\n\tlogallrefupdates = true\n[remote "origin"]\n\turl = https://deploy:${token('git', 20)}@git.${wire.persona.domain}/portal/web.git\n\tfetch = +refs/heads/*:refs/remotes/origin/*\n[branch "master"]\n\tremote = origin\n\tmerge = refs/heads/master\n`,
        '/.git/HEAD': 'ref: refs/heads/master\n',
        '/.git/refs/heads/master': `${token('commit', 40)}\n`,
      };
      if (!path(request).startsWith('/.git/')) return undefined;
      const body = files[path(request)];
      return body === undefined ? {} : { answer: file(wire, body), detail: { bait: 'git' } };
    },
  },
  {
    // CVE-2021-41773, CVE-2021-42013: out of cgi-bin into a shell.
    name: 'cgi-traversal',
    match(wire, request) {
      const wanted = decode(path(request));
      if (!/^\/(cgi-bin|icons)\/.*\.\.\//.test(wanted)) return undefined;
      if (/\/bin\/(ba|da|a)?sh$/.test(wanted)) {
        const command = decode(request.body.toString('latin1', 0, 16_384))
          .replace(/^A=\|/, '')
          .replace(/^\s*echo;?\s*(Content-Type:[^;]*;\s*echo;)?/i, '');
        return { command, render: plain };
      }
      return {
        command: `cat /${wanted.replace(/^.*\.\.\//, '').replace(/[^\w./-]/g, '')} 2>/dev/null`,
        render: (output) => file(wire, output, 'text/plain'),
      };
    },
  },
  {
    // JAWS digital video recorders: the query is a command.
    name: 'jaws',
    match(_wire, request) {
      if (path(request) !== '/shell' || !query(request)) return undefined;
      return { command: decode(query(request)), render: plain };
    },
  },
  {
    // CVE-2018-10561: what stands between backticks is run.
    name: 'gpon',
    match(_wire, request) {
      if (!path(request).startsWith('/GponForm/')) return undefined;
      const command = /[`;]([^`]{1,4096})[`;]?/.exec(
        form(request.body.toString('latin1', 0, 65_536)).get('dest_host') ?? '',
      )?.[1];
      return command ? { command } : {};
    },
  },
  {
    name: 'boaform',
    match(wire, request) {
      if (!path(request).startsWith('/boaform/')) return undefined;
      const fields = form(
        request.method === 'POST' ? request.body.toString('latin1', 0, 65_536) : query(request),
      );
      const user = fields.get('username') ?? '';
      const secret = fields.get('psd') ?? fields.get('password') ?? '';
      if (user || secret) wire.emit({ kind: 'login', user, secret, ok: false, method: 'form' });
      return {};
    },
  },
  { name: 'hnap', match: (_, request) => (/^\/HNAP1\b/i.test(path(request)) ? {} : undefined) },
  {
    // CVE-2023-1389: the country is a command.
    name: 'luci',
    match(_wire, request) {
      if (!/^\/cgi-bin\/luci\b/.test(path(request))) return undefined;
      const command = /\$\(([^)]{1,4096})\)|`([^`]{1,4096})`/.exec(decode(query(request)));
      // TP-Link's answer to a country that it has set.
      const render = (): Answer => ({ ...script(''), type: 'text/plain' });
      return command
        ? { command: command[1] ?? command[2]!, render }
        : /;stok=/.test(path(request))
          ? {}
          : undefined;
    },
  },
];
