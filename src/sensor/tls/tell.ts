import type { Wire } from '../emulator.ts';
import { type ClientHello, ja3, ja4, readClientHello } from './client-hello.ts';

/** Looks at a ClientHello without taking it, and tells who sends such. Null where TLS is not what comes. */
export async function tellClientHello(wire: Wire): Promise<ClientHello | null> {
  let seen = Buffer.alloc(0);
  for (;;) {
    const bytes = await wire.read();
    if (bytes) seen = Buffer.concat([seen, bytes]);
    const hello = bytes ? readClientHello(seen) : null;
    if (hello === undefined && seen.length < 131_072) continue;
    wire.unread(seen);
    if (!hello) return null;
    tell(wire, hello);
    return hello;
  }
}

function tell(wire: Wire, hello: ClientHello): void {
  const detail = {
    ...(hello.serverName ? { serverName: hello.serverName } : {}),
    ...(hello.alpn.length ? { alpn: hello.alpn.join(' ') } : {}),
  };
  wire.emit({ kind: 'fingerprint', method: 'ja3', value: ja3(hello), detail });
  wire.emit({ kind: 'fingerprint', method: 'ja4', value: ja4(hello), detail });
}
