import { type Context, keyLimit, swallow, tellValue, valueLimit } from './context.ts';
import { generalStats } from './stats.ts';
import { untilOf } from './store.ts';

/** Codes of the binary protocol (memcached, protocol_binary.h). */
const names: Record<number, string> = {
  0: 'get',
  1: 'set',
  2: 'add',
  3: 'replace',
  4: 'delete',
  7: 'quit',
  8: 'flush',
  9: 'getq',
  10: 'noop',
  11: 'version',
  12: 'getk',
  13: 'getkq',
  16: 'stat',
  32: 'sasl_list_mechs',
  33: 'sasl_auth',
  34: 'sasl_step',
};
const failures = {
  notFound: [1, 'Not found'],
  exists: [2, 'Data exists for key.'],
  tooLarge: [3, 'Too large.'],
  invalid: [4, 'Invalid arguments'],
  noMemory: [130, 'Out of memory'],
  unknown: [129, 'Unknown command'],
} as const;
const headSize = 24;

/** The binary protocol: requests of 24 bytes with extras, a key and a value behind, until the peer leaves or errs. */
export async function speakBinary(context: Context): Promise<void> {
  const { wire, store, version } = context;
  for (;;) {
    const head = await wire.bytes(headSize);
    if (head === null || head[0] !== 0x80) return;
    const code = head[1]!;
    const keySize = head.readUInt16BE(2);
    const extraSize = head[4]!;
    const total = head.readUInt32BE(8);
    const reply = (value: Buffer | string = '', { status = 0, cas = 0, extras = '', key = '' } = {}) => {
      const bytes = Buffer.from(value);
      const out = Buffer.alloc(headSize);
      out[0] = 0x81;
      out[1] = code;
      out.writeUInt16BE(key.length, 2);
      out[4] = extras.length;
      out.writeUInt16BE(status, 6);
      out.writeUInt32BE(extras.length + key.length + bytes.length, 8);
      head.copy(out, 12, 12, 16);
      out.writeUInt32BE(cas, 20);
      wire.send(Buffer.concat([out, Buffer.from(extras + key, 'latin1'), bytes]));
    };
    const fail = ([status, says]: readonly [number, string]) => reply(says, { status });
    const name = names[code];
    if (keySize + extraSize > total || keySize > keyLimit) {
      fail(failures.invalid);
      return;
    }
    if (total > valueLimit) {
      wire.emit({
        kind: 'command',
        input: name ?? `binary 0x${code.toString(16)}`,
        ok: false,
        detail: { declared: total },
      });
      if (!(await swallow(wire, total))) return;
      fail(failures.tooLarge);
      continue;
    }
    const body = total ? await wire.bytes(total) : Buffer.alloc(0);
    if (body === null) return;
    const key = body.toString('latin1', extraSize, extraSize + keySize);
    const value = body.subarray(extraSize + keySize);
    wire.emit({
      kind: 'command',
      input: `${name ?? `binary 0x${code.toString(16)}`}${key ? ` ${key}` : ''}`,
      ok: name !== undefined && code < 32,
      detail: { binary: true },
    });
    const now = wire.now();
    const item = store.get(key, now);
    if (name === 'version') reply(version);
    else if (name === 'noop') reply();
    else if (name === 'quit') return reply();
    else if (name === 'flush') {
      store.counts.flush++;
      store.flush();
      reply();
    } else if (name === 'stat') {
      if (!key)
        for (const [one, said] of generalStats(store, wire.persona, version, now))
          reply(String(said), { key: one });
      reply();
    } else if (name?.startsWith('get')) {
      store.counts.get++;
      const flags = Buffer.alloc(4);
      flags.writeUInt32BE(item?.flags ?? 0);
      if (item) {
        store.counts.hits++;
        reply(Buffer.from(item.value, 'latin1'), {
          cas: item.cas,
          extras: flags.toString('latin1'),
          key: name.includes('k') ? key : '',
        });
      } else if (!name.endsWith('q')) fail(failures.notFound);
    } else if (name === 'delete') {
      if (item) {
        store.delete(key);
        reply();
      } else fail(failures.notFound);
    } else if (name === 'set' || name === 'add' || name === 'replace') {
      if (extraSize !== 8 || keySize === 0) fail(failures.invalid);
      else if (name === 'add' && item) fail(failures.exists);
      else if (name === 'replace' && !item) fail(failures.notFound);
      else {
        tellValue(wire, key, value);
        store.counts.set++;
        const stored = store.set(
          key,
          value.toString('latin1'),
          body.readUInt32BE(0),
          untilOf(body.readInt32BE(4), now),
          now,
        );
        if (stored) reply('', { cas: store.get(key, now)?.cas ?? 0 });
        else fail(failures.noMemory);
      }
    } else {
      if (name === 'sasl_auth') tellLogin(context, key, value);
      fail(failures.unknown);
    }
  }
}

/** SASL PLAIN (RFC 4616 §2) is told, though nobody is asked for it. */
function tellLogin({ wire }: Context, mechanism: string, value: Buffer): void {
  const [, user = '', secret = ''] = value.toString('latin1').split('\0');
  wire.emit({ kind: 'login', user, secret, ok: false, method: `sasl ${mechanism}`.slice(0, 32) });
}
