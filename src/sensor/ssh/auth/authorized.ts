import type { Wire } from '../../emulator.ts';
import { FsError } from '../../shell/fs.ts';
import { identityOf } from '../../shell/identity.ts';
import { filesOf, hooksOf } from '../../shell/index.ts';

/** A key file longer than this is not read. */
const longest = 262_144;

/** Whether a user's `authorized_keys` holds this key: it does where the attacker put it there. */
export function isAuthorized(wire: Wire, user: string, blob: Buffer): boolean {
  const fs = filesOf(hooksOf(wire), wire.memory);
  const home =
    identityOf(fs, user)?.home ?? (user === 'root' ? '/root' : `/home/${user.replaceAll('/', '')}`);
  const key = blob.toString('base64');
  try {
    const path = `${home}/.ssh/authorized_keys`;
    if (!fs.stat(path).foreign) return false;
    return fs.read(path).subarray(0, longest).toString('latin1').split(/\s+/).includes(key);
  } catch (error) {
    if (error instanceof FsError) return false;
    throw error;
  }
}
