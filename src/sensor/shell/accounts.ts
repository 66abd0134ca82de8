import type { Persona } from '../persona.ts';
import { type FileSystem, FsError } from './fs.ts';
import { type Identity, identityOf, records, root } from './identity.ts';
import { isGnu } from './image.ts';

/**
 * Who somebody is that has logged in. An account that a machine of Debian's kind does not know comes into being with the first
 * login, for this attacker alone, so that its books and its prompt agree.
 */
export function accountOf(fs: FileSystem, persona: Persona, user: string): Identity {
  const found = identityOf(fs, user);
  if (!isGnu(persona)) return found ?? root;
  if (found) return found;
  if (user === 'www') return identityOf(fs, 'www-data') ?? { ...root, shell: '/bin/bash' };
  if (!/^[a-z_][a-z0-9_-]{0,31}$/i.test(user)) return { ...root, shell: '/bin/bash' };
  const taken = new Set(records(fs, '/etc/passwd').map((one) => Number(one[2])));
  let uid = 1_000;
  while (taken.has(uid)) uid++;
  const home = `/home/${user}`;
  try {
    const add = (path: string, line: string) =>
      fs.settle(path, Buffer.concat([fs.read(path), Buffer.from(line)]));
    fs.as(root);
    add('/etc/passwd', `${user}:x:${uid}:${uid}::${home}:/bin/bash\n`);
    add('/etc/group', `${user}:x:${uid}:\n`);
    add(
      '/etc/shadow',
      `${user}:$y$j9T$${persona.token(`salt ${user}`, 22)}$${persona.token(`hash ${user}`, 43)}:${Math.floor(persona.bootedAt / 86_400_000) - 90}:0:99999:7:::\n`,
    );
    fs.settleFolder(home, { uid, gid: uid, mode: 0o755, mtime: persona.bootedAt - 90 * 86_400_000 });
  } catch (error) {
    if (!(error instanceof FsError)) throw error;
    return { ...root, shell: '/bin/bash' };
  }
  return identityOf(fs, user) ?? { ...root, shell: '/bin/bash' };
}
