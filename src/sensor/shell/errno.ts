/** Why an operation failed, by its errno name. */
export type Errno =
  | 'ENOENT'
  | 'ENOTDIR'
  | 'EISDIR'
  | 'EEXIST'
  | 'EACCES'
  | 'EPERM'
  | 'ENOSPC'
  | 'ELOOP'
  | 'ENOTEMPTY'
  | 'EBUSY'
  | 'EROFS'
  | 'EINVAL';

export class FsError extends Error {
  readonly errno: Errno;
  constructor(errno: Errno) {
    super(messages[errno]);
    this.errno = errno;
  }
}

const known = new Map<Errno, FsError>();

/** The error of a name, made once: an attacker can cause thousands, and a stack trace is dear. */
export function fsError(errno: Errno): FsError {
  let error = known.get(errno);
  if (!error) {
    error = new FsError(errno);
    known.set(errno, error);
  }
  return error;
}

const messages: Record<Errno, string> = {
  ENOENT: 'No such file or directory',
  ENOTDIR: 'Not a directory',
  EISDIR: 'Is a directory',
  EEXIST: 'File exists',
  EACCES: 'Permission denied',
  EPERM: 'Operation not permitted',
  ENOSPC: 'No space left on device',
  ELOOP: 'Too many levels of symbolic links',
  ENOTEMPTY: 'Directory not empty',
  EBUSY: 'Device or resource busy',
  EROFS: 'Read-only file system',
  EINVAL: 'Invalid argument',
};
