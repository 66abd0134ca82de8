import type { Value } from './bson.ts';
import { type Context, failure } from './commands.ts';

/** A login between its first and its second message. */
export interface Talk {
  user?: string;
  mechanism?: string;
  nonce?: string;
  salt?: string;
}

const iterations: Record<string, number> = { 'SCRAM-SHA-1': 10_000, 'SCRAM-SHA-256': 15_000 };
const refused = () => failure('Authentication failed.', 18, 'AuthenticationFailed');
const unescaped = (text: string) => text.replaceAll('=2C', ',').replaceAll('=3D', '=');
const payload = (value: Value | undefined) =>
  Buffer.isBuffer(value) ? value.toString('latin1') : typeof value === 'string' ? value : '';

/** The first message of SCRAM (RFC 5802 §5.1), or all of PLAIN (RFC 4616 §2). Nobody has an account here: no login works. */
export function saslStart({ wire, command, database, talk }: Context) {
  const mechanism = payload(command.get('mechanism'));
  const text = payload(command.get('payload'));
  if (mechanism === 'PLAIN') {
    const [, user = '', secret = ''] = text.split('\0');
    wire.emit({ kind: 'login', user, secret, ok: false, method: 'plain', detail: { database } });
    return failure(
      'Received authentication for mechanism PLAIN which is not enabled',
      334,
      'MechanismUnavailable',
    );
  }
  const count = iterations[mechanism];
  const [, user, nonce] = /^[ny](?:=[^,]*)?,[^,]*,n=([^,]*),r=([^,]*)/.exec(text) ?? [];
  if (count === undefined || user === undefined || nonce === undefined) {
    wire.emit({
      kind: 'login',
      user: user ?? '',
      secret: '',
      ok: false,
      method: mechanism.slice(0, 32),
      detail: { database },
    });
    return refused();
  }
  const size = mechanism === 'SCRAM-SHA-1' ? 16 : 28;
  const salt = Buffer.from(wire.persona.token(`mongodb salt ${mechanism} ${user}`, size * 2), 'hex').toString(
    'base64',
  );
  const own = Buffer.from(Array.from({ length: 24 }, () => Math.floor(wire.random() * 256))).toString(
    'base64',
  );
  Object.assign(talk, { user: unescaped(user), mechanism, nonce: nonce + own, salt });
  return {
    conversationId: 1,
    done: false,
    payload: Buffer.from(`r=${nonce}${own},s=${salt},i=${count}`, 'latin1'),
    ok: { $double: 1 },
  };
}

/** The proof: told with what it was made from, so that a password can be looked for elsewhere. */
export function saslContinue({ wire, command, database, talk }: Context) {
  const { user, mechanism = '', nonce = '', salt = '' } = talk;
  if (user === undefined) return failure('No SASL session state found', 17, 'ProtocolError');
  const proof = /,p=([\w+/=]{1,128})$/.exec(payload(command.get('payload')))?.[1] ?? '';
  wire.emit({
    kind: 'login',
    user,
    secret: proof,
    ok: false,
    method: mechanism.toLowerCase(),
    detail: { database, recovered: false, nonce, salt, iterations: iterations[mechanism] ?? 0 },
  });
  delete talk.user;
  return refused();
}
