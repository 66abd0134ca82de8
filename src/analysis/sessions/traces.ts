import type { Session } from './session.ts';

/** What a session leaves or brings by which others can be recognised, beside its sequence. */
export interface Traces {
  /** SSH keys that it put on the host or logged in with. */
  keys: string[];
  /** SHA-256 of files that it brought. */
  payloads: string[];
  hassh: string;
  /** `user\npassword` that it tried. */
  credentials: string[];
  /** The pair with which it was let in. */
  entered: string | undefined;
  /** Pairs that it set. */
  planted: string[];
}

/** Things of each sort that are taken from one session. */
const limit = 32;
const emptyFile = 'e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855';

export function tracesOf(session: Session): Traces {
  const keys = new Set<string>();
  const payloads = new Set<string>();
  const credentials = new Set<string>();
  const planted = new Set<string>();
  let hassh = '';
  let entered: string | undefined;
  for (const event of session.events) {
    switch (event.kind) {
      case 'login': {
        const pair = `${event.user}\n${event.secret}`.slice(0, 256);
        if (event.method === 'publickey' || event.method === 'ssh-key') add(keys, event.secret);
        else add(credentials, pair);
        if (event.ok) entered = pair;
        break;
      }
      case 'fingerprint':
        if (event.method === 'hassh') hassh = event.value;
        if (event.method === 'ssh-key') add(keys, event.value);
        break;
      case 'upload':
        if (event.size !== 0 || event.sha256 !== emptyFile) add(payloads, event.sha256);
        break;
      case 'download': {
        const sha256 = event.detail?.sha256;
        if (typeof sha256 === 'string' && sha256 !== '') add(payloads, sha256);
        break;
      }
      case 'command': {
        const { input, detail } = event;
        for (const [, key] of input.matchAll(publicKey)) add(keys, key!);
        const pair =
          /\b([\w.-]{1,32}):([^\s|"':]{4,64})["']?\s{0,4}\|\s{0,4}(?:sudo\s+)?(?:\/\S{0,16}\/)?chpasswd\b/.exec(
            input,
          );
        if (pair) add(planted, `${pair[1]}\n${pair[2]}`);
        if (input === 'chpasswd' && typeof detail?.user === 'string')
          add(planted, `${detail.user}\n${detail.secret}`);
        break;
      }
    }
  }
  return {
    keys: [...keys],
    payloads: [...payloads],
    hassh,
    credentials: [...credentials],
    entered,
    planted: [...planted],
  };
}

/** The body of a public key in OpenSSH's format. */
export const publicKey =
  /\b(?:ssh-(?:rsa|ed25519|dss)|ecdsa-sha2-nistp\d{3})\s{1,4}(AAAA[A-Za-z0-9+/]{16,2048})/g;

function add(set: Set<string>, value: string): void {
  if (value !== '' && set.size < limit) set.add(value);
}
