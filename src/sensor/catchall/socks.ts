import type { Wire } from '../emulator.ts';

/** A SOCKS proxy that has no way out (RFC 1928; SOCKS4 and 4a): where to is told, and refused. */
export async function socks5(wire: Wire): Promise<void> {
  const greeting = await wire.bytes(2);
  if (!greeting) return;
  const methods = await wire.bytes(greeting[1]!);
  if (!methods) return;
  if (methods.includes(0)) wire.send('\x05\x00');
  else if (!methods.includes(2)) {
    wire.send('\x05\xff');
    return;
  } else if (!(await password(wire))) return;
  const head = await wire.bytes(4);
  if (!head) return;
  const host = await address(wire, head[3]!);
  const port = host === null ? null : await wire.bytes(2);
  if (host === null || !port) return;
  wire.emit({
    kind: 'forward',
    host,
    port: port.readUInt16BE(0),
    detail: { how: 'socks5', command: head[1]! },
  });
  // 5: connection refused
  wire.send('\x05\x05\x00\x01\x00\x00\x00\x00\x00\x00');
}

/** RFC 1929: any name and password will do. */
async function password(wire: Wire): Promise<boolean> {
  wire.send('\x05\x02');
  const head = await wire.bytes(2);
  const user = head && (await wire.bytes(head[1]!));
  const size = user && (await wire.bytes(1));
  const secret = size && (await wire.bytes(size[0]!));
  if (!user || !secret) return false;
  wire.emit({
    kind: 'login',
    user: user.toString('latin1'),
    secret: secret.toString('latin1'),
    ok: true,
    method: 'socks5',
  });
  wire.send('\x01\x00');
  return true;
}

async function address(wire: Wire, type: number): Promise<string | null> {
  if (type === 1) return (await wire.bytes(4))?.join('.') ?? null;
  if (type === 4) {
    const bytes = await wire.bytes(16);
    return bytes && (bytes.toString('hex').match(/..../g) ?? []).join(':');
  }
  const size = type === 3 ? await wire.bytes(1) : null;
  return (size && (await wire.bytes(size[0]!)))?.toString('latin1') ?? null;
}

export async function socks4(wire: Wire): Promise<void> {
  const all = await wire.read();
  if (!all || all.length < 9) return;
  const [user = '', name = ''] = all.toString('latin1', 8).split('\0');
  const ip = [...all.subarray(4, 8)].join('.');
  const host = /^0\.0\.0\.[1-9]/.test(ip) && name ? name : ip;
  wire.emit({
    kind: 'forward',
    host,
    port: all.readUInt16BE(2),
    detail: { how: 'socks4', user: user.slice(0, 256) },
  });
  // 91: rejected or failed
  wire.send('\x00\x5b\x00\x00\x00\x00\x00\x00');
}
