import { type FileSystem, FsError } from './fs.ts';

/** Who a shell runs as, as /etc/passwd and /etc/group have it. */
export interface Identity {
  name: string;
  uid: number;
  gid: number;
  home: string;
  shell: string;
  groups: { gid: number; name: string }[];
}

const sizeLimit = 262_144;

/** The lines of a file of colons, such as /etc/passwd; none where it cannot be read. */
export function records(fs: FileSystem, path: string): string[][] {
  try {
    const text = fs.read(path).toString('latin1', 0, sizeLimit);
    return text
      .split('\n')
      .filter(Boolean)
      .map((line) => line.split(':'));
  } catch (error) {
    if (error instanceof FsError) return [];
    throw error;
  }
}

/** An account by its name or number; undefined where the machine has none such. */
export function identityOf(fs: FileSystem, who: string | number): Identity | undefined {
  const found = records(fs, '/etc/passwd').find((one) =>
    typeof who === 'number' ? one[2] === String(who) : one[0] === who,
  );
  if (!found) return undefined;
  const [name = '', , uid = '0', gid = '0', , home = '/', shell = '/bin/sh'] = found;
  const all = records(fs, '/etc/group');
  const primary = all.find((one) => one[2] === gid);
  const groups = [
    { gid: Number(gid), name: primary?.[0] ?? gid },
    ...all
      .filter((one) => one !== primary && one[3]?.split(',').includes(name))
      .map((one) => ({ gid: Number(one[2]), name: one[0]! })),
  ];
  return { name, uid: Number(uid) || 0, gid: Number(gid) || 0, home, shell: shell || '/bin/sh', groups };
}

export const root: Identity = {
  name: 'root',
  uid: 0,
  gid: 0,
  home: '/root',
  shell: '/bin/sh',
  groups: [{ gid: 0, name: 'root' }],
};

/** The name of a user or group number; the number where there is none. */
export function nameOfId(fs: FileSystem, path: '/etc/passwd' | '/etc/group', id: number): string {
  if (id === 0) return 'root';
  return records(fs, path).find((one) => one[2] === String(id))?.[0] ?? String(id);
}
