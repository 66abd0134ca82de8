// Over 300 lines: the books of accounts and the programs that read and change them.
import { createHash } from 'node:crypto';
import { FsError } from '../../fs.ts';
import { identityOf, records } from '../../identity.ts';
import type { Call, ShellCommand } from '../../shell.ts';
import { getopt, program, quoted } from './getopt.ts';

const day = 86_400_000;

const id = program('id groups whoami logname users', (call) => {
  const { args, shell, fs, out, err } = call;
  const me = shell.identity;
  switch (args[0]) {
    case 'whoami':
    case 'users':
      out(`${me.name}\n`);
      return 0;
    case 'logname':
      if (shell.interactive) out(`${me.name}\n`);
      else err('logname: no login name\n');
      return Number(!shell.interactive);
  }
  const options = getopt(call, 'agGnruzZ', { user: 'u', group: 'g', groups: 'G', name: 'n' });
  if (!options) return 1;
  const { flags, words } = options;
  let status = 0;
  for (const word of words.length ? words : [undefined]) {
    const who = word === undefined ? me : identityOf(fs, /^\d+$/.test(word) ? Number(word) : word);
    if (!who) {
      err(`${args[0]}: ${quoted(call, word!)}: no such user\n`);
      status = 1;
      continue;
    }
    const names = who.groups.map(({ name }) => name).join(' ');
    if (args[0] === 'groups') out(`${word === undefined ? '' : `${word} : `}${names}\n`);
    else if (flags.has('u')) out(`${flags.has('n') ? who.name : who.uid}\n`);
    else if (flags.has('g')) out(`${flags.has('n') ? who.groups[0]!.name : who.gid}\n`);
    else if (flags.has('G')) out(`${flags.has('n') ? names : who.groups.map(({ gid }) => gid).join(' ')}\n`);
    else
      out(
        `uid=${who.uid}(${who.name}) gid=${who.gid}(${who.groups[0]!.name}) groups=${who.groups.map(({ gid, name }) => `${gid}(${name})`).join(',')}\n`,
      );
  }
  return status;
});

const stamp = (ms: number, form: 'who' | 'last') => {
  const text = new Date(ms).toUTCString();
  return form === 'who'
    ? new Date(ms).toISOString().slice(0, 16).replace('T', ' ')
    : `${text.slice(0, 3)} ${text.slice(8, 11)} ${String(Number(text.slice(5, 7))).padStart(2)} ${text.slice(17, 22)}`;
};

const who = program('who last lastlog lastb', (call) => {
  const { args, hooks, shell, out } = call;
  const { persona, src } = hooks;
  const now = hooks.now();
  const { name } = shell.identity;
  const neighbour = persona.address.replace(/\d+$/, '5');
  if (args[0] === 'who') {
    if (args[1] === '-b') out(`         system boot  ${stamp(persona.bootedAt, 'who')}\n`);
    else if (shell.interactive || args[1] === 'am')
      out(`${name.padEnd(8)} pts/0        ${stamp(now - 4_000, 'who')} (${src.ip})\n`);
    return 0;
  }
  if (args[0] === 'last' && args[1] && /^-[Z]/.test(args[1])) {
    call.err(`last: invalid option -- '${args[1][1]}'\nTry 'last --help' for more information.\n`);
    return 1;
  }
  if (args[0] === 'lastlog') {
    out('Username         Port     From                                       Latest\n');
    for (const { name: user } of persona.users)
      out(
        user === name
          ? `${user.padEnd(16)} pts/0    ${src.ip.padEnd(42)} ${new Date(now).toUTCString().replace(/^(...), (..) (...) (....) (.*) GMT$/, '$1 $3 $2 $5 +0000 $4')}\n`
          : `${user.padEnd(51)}**Never logged in**\n`.replace(
              /^(.{51})/,
              (text) => `${text.trimEnd().padEnd(67)}`,
            ),
      );
    return 0;
  }
  if (args[0] === 'lastb') {
    out(
      `\nbtmp begins ${new Date(persona.bootedAt).toUTCString().replace(/^(...), (..) (...) (....) (.*) GMT$/, '$1 $3 $2 $5 $4')}\n`,
    );
    return 0;
  }
  const row = (user: string, tty: string, from: string, at: number, end: string) =>
    `${user.slice(0, 8).padEnd(8)} ${tty.padEnd(12)} ${from.slice(0, 16).padEnd(16)} ${stamp(at, 'last')} ${end}\n`;
  if (shell.interactive || shell.variables.has('SSH_CONNECTION'))
    out(row(name, 'pts/0', src.ip, now - 4_000, '  still logged in'));
  for (const n of [3, 11, 24]) {
    const at = persona.bootedAt + n * 2 * day + n * 1_111_000;
    if (at < now)
      out(
        row(
          persona.admin,
          'pts/0',
          neighbour,
          at,
          `- ${stamp(at + n * 240_000, 'last').slice(-5)}  (${String(Math.floor(n / 15)).padStart(2, '0')}:${String((n * 4) % 60).padStart(2, '0')})`,
        ),
      );
  }
  out(row('reboot', 'system boot', persona.kernel.release, persona.bootedAt, '  still running'));
  out(
    `\nwtmp begins ${new Date(persona.bootedAt - 2 * day).toUTCString().replace(/^(...), (..) (...) (....) (.*) GMT$/, '$1 $3 $2 $5 $4')}\n`,
  );
  return 0;
});

/** Rewrites the line of an account in one of its books; null takes it out, and a new one is added at the end. */
function amend(
  { fs }: Pick<Call, 'fs'>,
  path: string,
  name: string,
  change: (fields: string[] | undefined) => string[] | null,
): void {
  const all = records(fs, path);
  const at = all.findIndex((one) => one[0] === name);
  const next = change(at < 0 ? undefined : [...all[at]!]);
  if (next === null) {
    if (at >= 0) all.splice(at, 1);
  } else if (at < 0) all.push(next);
  else all[at] = next;
  fs.settle(path, Buffer.from(all.map((one) => `${one.join(':')}\n`).join(''), 'latin1'));
}

/** Sets a password: it is what the next login wants. */
export function setPassword(call: Call, name: string, secret: string): void {
  const { hooks } = call;
  const today = String(Math.floor(hooks.now() / day));
  const salt = hooks.persona.token(`salt ${name} ${secret.length}`, 22);
  const hash = `$y$j9T$${salt}$${createHash('sha256').update(`${salt}${secret}`).digest('base64').slice(0, 43)}`;
  amend(call, '/etc/shadow', name, (old) => [
    name,
    hash,
    today,
    ...(old ?? []).slice(3),
    ...(old ? [] : ['0', '99999', '7', '', '', '']),
  ]);
  hooks.password?.(name, secret);
}

function denied(call: Call, text: string): number | undefined {
  if (call.shell.identity.uid === 0) return undefined;
  call.err(`${call.args[0]}: ${text}\n`);
  return 1;
}

const chpasswd = program('chpasswd', async (call) => {
  const no = denied(call, 'Permission denied.\nchpasswd: cannot lock /etc/passwd; try again later.');
  if (no) return no;
  const encrypted = call.args.some((arg) => /^(-e|--encrypted)$/.test(arg));
  let status = 0;
  for (const [i, line] of (await call.stdin()).split('\n').entries()) {
    if (line === '') continue;
    call.shell.step();
    const at = line.indexOf(':');
    const name = line.slice(0, at);
    if (at < 0)
      call.err(`chpasswd: line ${i + 1}: missing new password\nchpasswd: error detected, changes ignored\n`);
    else if (!identityOf(call.fs, name))
      call.err(
        `chpasswd: line ${i + 1}: user '${name}' does not exist\nchpasswd: error detected, changes ignored\n`,
      );
    else {
      if (encrypted)
        amend(call, '/etc/shadow', name, (old) => [name, line.slice(at + 1), ...(old ?? []).slice(2)]);
      else setPassword(call, name, line.slice(at + 1));
      continue;
    }
    status = 1;
  }
  return status;
});

const passwd = program('passwd', async (call) => {
  const { args, shell, fs, out, err } = call;
  const options = getopt(call, 'adehi:kln:qr:R:Suw:x:', {
    delete: 'd',
    lock: 'l',
    unlock: 'u',
    status: 'S',
    stdin: 'stdin',
    expire: 'e',
  });
  if (!options) return 6;
  const name = options.words[0] ?? shell.identity.name;
  if (!identityOf(fs, name)) {
    err(`passwd: user '${name}' does not exist\n`);
    return 1;
  }
  if (
    name !== shell.identity.name &&
    denied(call, `You may not view or modify password information for ${name}.`)
  )
    return 1;
  if (options.flags.has('S')) {
    out(`${name} P ${new Date(call.hooks.now()).toISOString().slice(0, 10)} 0 99999 7 -1\n`);
    return 0;
  }
  for (const [flag, change] of [
    ['d', () => ''],
    ['l', (hash: string) => `!${hash}`],
    ['u', (hash: string) => hash.replace(/^!/, '')],
  ] as const)
    if (options.flags.has(flag)) {
      amend(call, '/etc/shadow', name, (old) => [name, change(old?.[1] ?? ''), ...(old ?? []).slice(2)]);
      if (flag === 'd') call.hooks.password?.(name, '');
      out('passwd: password changed.\n');
      return 0;
    }
  const ask = async (prompt: string) => {
    (call.isTerminal ? out : err)(prompt);
    const line = await call.stdinLine();
    if (!call.isTerminal || line === null) err('\n');
    return line;
  };
  if (shell.identity.uid !== 0) {
    out(`Changing password for ${name}.\n`);
    if ((await ask('Current password: ')) === null)
      return fail(call, 'passwd: Authentication token manipulation error\npasswd: password unchanged', 10);
  }
  const first = await ask('New password: ');
  const second = first === null ? null : await ask('Retype new password: ');
  if (first === null || second === null)
    return fail(
      call,
      'Password change has been aborted.\npasswd: Authentication token manipulation error\npasswd: password unchanged',
      10,
    );
  if (first === '')
    return fail(
      call,
      'No password has been supplied.\npasswd: Authentication token manipulation error\npasswd: password unchanged',
      10,
    );
  if (first !== second)
    return fail(
      call,
      'Sorry, passwords do not match.\npasswd: Authentication token manipulation error\npasswd: password unchanged',
      10,
    );
  setPassword(call, name, first);
  err('passwd: password updated successfully\n');
  return args.length > 0 ? 0 : 1;
});

/** Tells why a program gives up; returns its status. */
export function fail(call: Call, text: string, status = 1): number {
  call.err(`${text}\n`);
  return status;
}

const useradd = program('useradd adduser', async (call) => {
  const { args, fs, shell } = call;
  const spec = 'b:c:d:D:e:f:g:G:hk:K:lmMNop:rR:s:u:UZ:';
  const options = getopt(call, spec, {
    'create-home': 'm',
    'home-dir': 'd:',
    shell: 's:',
    password: 'p:',
    uid: 'u:',
    gid: 'g:',
    groups: 'G:',
    'non-unique': 'o',
    system: 'r',
    'disabled-password': 'x',
    gecos: 'c:',
    comment: 'c:',
    quiet: 'q',
    home: 'd:',
    'no-create-home': 'M',
    ingroup: 'g:',
    'user-group': 'U',
  });
  if (!options) return 2;
  const { flags, words } = options;
  const name = words[0];
  if (name === undefined)
    return fail(
      call,
      args[0] === 'useradd'
        ? 'Usage: useradd [options] LOGIN\n       useradd -D\n       useradd -D [options]\n'
        : 'adduser: Only one or two names allowed.',
      2,
    );
  if (shell.identity.uid !== 0)
    return fail(
      call,
      args[0] === 'useradd'
        ? 'useradd: Permission denied.\nuseradd: cannot lock /etc/passwd; try again later.'
        : 'adduser: Only root may add a user or group to the system.',
    );
  if (!/^[a-z_][a-z0-9_.-]{0,31}\$?$/i.test(name))
    return fail(call, `useradd: invalid user name '${name}': use --badname to ignore`, 3);
  if (args[0] === 'adduser' && words[1]) return addTo(call, name, words[1]);
  if (identityOf(fs, name))
    return fail(
      call,
      args[0] === 'useradd'
        ? `useradd: user '${name}' already exists`
        : `adduser: The user \`${name}' already exists.`,
      args[0] === 'useradd' ? 9 : 1,
    );
  const taken = new Set(records(fs, '/etc/passwd').map((one) => Number(one[2])));
  let uid = Number(flags.get('u') ?? (flags.has('r') ? 999 : 1_000));
  if (!flags.has('u')) while (taken.has(uid)) uid += flags.has('r') ? -1 : 1;
  else if (taken.has(uid) && !flags.has('o')) return fail(call, `useradd: UID ${uid} is not unique`, 4);
  const group = flags.get('g');
  const gid =
    group === undefined
      ? uid
      : Number(records(fs, '/etc/group').find((one) => one[0] === group || one[2] === group)?.[2] ?? uid);
  const home = flags.get('d') ?? `/home/${name}`;
  amend(call, '/etc/passwd', name, () => [
    name,
    'x',
    String(uid),
    String(gid),
    flags.get('c') ?? '',
    home,
    flags.get('s') ?? (args[0] === 'adduser' ? '/bin/bash' : '/bin/sh'),
  ]);
  if (group === undefined) amend(call, '/etc/group', name, (old) => old ?? [name, 'x', String(gid), '']);
  for (const other of flags.get('G')?.split(',') ?? []) addTo(call, name, other, true);
  amend(call, '/etc/shadow', name, () => [
    name,
    flags.get('p') ?? '!',
    String(Math.floor(call.hooks.now() / day)),
    '0',
    '99999',
    '7',
    '',
    '',
    '',
  ]);
  if ((flags.has('m') || args[0] === 'adduser') && !flags.has('M') && !fs.exists(home)) {
    try {
      fs.mkdir(home, 0o755);
      fs.chown(home, { uid, gid });
    } catch (error) {
      if (!(error instanceof FsError)) throw error;
      call.err(`useradd: cannot create directory ${home}\n`);
      return 12;
    }
  }
  if (flags.has('p')) call.hooks.password?.(name, null);
  if (args[0] === 'adduser') {
    call.out(
      `Adding user \`${name}' ...\nAdding new group \`${name}' (${gid}) ...\nAdding new user \`${name}' (${uid}) with group \`${name} (${gid})' ...\nCreating home directory \`${home}' ...\nCopying files from \`/etc/skel' ...\n`,
    );
    if (!flags.has('x')) {
      call.out('New password: ');
      const first = await call.stdinLine();
      call.out('Retype new password: ');
      const second = first === null ? null : await call.stdinLine();
      if (first && first === second) {
        setPassword(call, name, first);
        call.out('passwd: password updated successfully\n');
      }
    }
  }
  return 0;
});

function addTo(call: Call, name: string, group: string, quiet = false): number {
  const found = records(call.fs, '/etc/group').find((one) => one[0] === group);
  if (!found) {
    call.err(
      quiet
        ? `${call.args[0]}: group '${group}' does not exist\n`
        : `adduser: The group \`${group}' does not exist.\n`,
    );
    return 6;
  }
  amend(call, '/etc/group', group, (old) => {
    const members = new Set((old?.[3] ?? '').split(',').filter(Boolean));
    members.add(name);
    return [group, 'x', old?.[2] ?? '', [...members].join(',')];
  });
  if (!quiet) call.out(`Adding user \`${name}' to group \`${group}' ...\nDone.\n`);
  return 0;
}

const usermod = program('usermod chsh chfn gpasswd', (call) => {
  const { args, fs } = call;
  const options = getopt(call, 'ac:d:e:f:g:G:hl:LmoP:p:R:s:Uu:v:', {
    append: 'a',
    groups: 'G:',
    shell: 's:',
    lock: 'L',
    unlock: 'U',
    password: 'p:',
    home: 'd:',
    login: 'l:',
    add: 'add:',
  });
  if (!options) return 2;
  const { flags, words } = options;
  const name =
    args[0] === 'gpasswd'
      ? flags.get('a')
      : (words.at(-1) ?? (args[0] === 'chsh' ? call.shell.identity.name : undefined));
  const no = denied(call, 'Permission denied.');
  if (no) return no;
  if (name === undefined) return fail(call, 'Usage: usermod [options] LOGIN', 2);
  if (args[0] === 'gpasswd') return addTo(call, words[0] ?? '', words[1] ?? '', true);
  if (!identityOf(fs, name)) return fail(call, `${args[0]}: user '${name}' does not exist`, 6);
  for (const group of flags.get('G')?.split(',') ?? []) addTo(call, name, group, true);
  amend(call, '/etc/passwd', name, (old) => {
    const fields = old!;
    if (flags.has('s')) fields[6] = flags.get('s')!;
    if (flags.has('d')) fields[5] = flags.get('d')!;
    if (flags.has('u')) fields[2] = flags.get('u')!;
    if (flags.has('l')) fields[0] = flags.get('l')!;
    return fields;
  });
  if (flags.has('p') || flags.has('L') || flags.has('U'))
    amend(call, '/etc/shadow', name, (old) => [
      name,
      flags.get('p') ?? (flags.has('L') ? `!${old?.[1] ?? ''}` : (old?.[1] ?? '').replace(/^!/, '')),
      ...(old ?? []).slice(2),
    ]);
  return 0;
});

const userdel = program('userdel deluser', (call) => {
  const { args, fs, hooks } = call;
  const name = args.slice(1).find((arg) => !arg.startsWith('-'));
  if (name === undefined) return fail(call, 'Usage: userdel [options] LOGIN', 2);
  const no = denied(call, 'Permission denied.');
  if (no) return no;
  const found = identityOf(fs, name);
  if (!found)
    return fail(
      call,
      args[0] === 'userdel'
        ? `userdel: user '${name}' does not exist`
        : `/usr/sbin/deluser: The user \`${name}' does not exist.`,
      6,
    );
  if (name === 'root') return fail(call, 'userdel: user root is currently used by process 1', 8);
  for (const path of ['/etc/passwd', '/etc/shadow', '/etc/group']) amend(call, path, name, () => null);
  if (args.includes('-r') && fs.exists(found.home)) fs.remove(found.home, true);
  hooks.password?.(name, null);
  return 0;
});

const other: ShellCommand[] = [
  program('groupadd addgroup', (call) => {
    const name = call.args.slice(1).filter((arg, i, all) => !arg.startsWith('-') && all[i - 1] !== '-g')[0];
    if (name === undefined) return fail(call, 'Usage: groupadd [options] GROUP', 2);
    const no = denied(call, 'Permission denied.');
    if (no) return no;
    const all = records(call.fs, '/etc/group');
    if (all.some((one) => one[0] === name)) return fail(call, `groupadd: group '${name}' already exists`, 9);
    const gid = Math.max(999, ...all.map((one) => Number(one[2])).filter((one) => one < 60_000)) + 1;
    amend(call, '/etc/group', name, () => [name, 'x', String(gid), '']);
    return 0;
  }),
  program('groupdel delgroup', (call) => {
    const name = call.args.at(-1)!;
    if (!records(call.fs, '/etc/group').some((one) => one[0] === name))
      return fail(call, `groupdel: group '${name}' does not exist`, 6);
    amend(call, '/etc/group', name, () => null);
    return 0;
  }),
  program('getent', ({ args, fs, out }) => {
    const path = { passwd: '/etc/passwd', group: '/etc/group', shadow: '/etc/shadow', hosts: '/etc/hosts' }[
      args[1] ?? ''
    ];
    if (!path) return 1;
    const found = records(fs, path).filter(
      (one) => args[2] === undefined || one[0] === args[2] || one[2] === args[2],
    );
    out(found.map((one) => `${one.join(':')}\n`).join(''));
    return found.length ? 0 : 2;
  }),
  program('chage', ({ args, out }) => {
    if (args[1] === '-l')
      out(
        'Last password change\t\t\t\t\t: never\nPassword expires\t\t\t\t\t: never\nPassword inactive\t\t\t\t\t: never\nAccount expires\t\t\t\t\t\t: never\n',
      );
    return 0;
  }),
];

export const gnuAccounts: readonly ShellCommand[] = [
  id,
  who,
  chpasswd,
  passwd,
  useradd,
  usermod,
  userdel,
  ...other,
];
