/**
 * Whether the first bytes of a connection may have been chosen for their speaker by a web page: what a browser sends to a
 * port that a page names. The peer's address is then proven, but the words may be a third party's, so such a session
 * never leads to a deny (`handshake: relayed`). Undefined where more bytes are needed to tell.
 *
 * - HTTP (RFC 9112 §3): cross-protocol requests, whose header values and body a page can choose;
 * - TLS ClientHello (RFC 8446 §5.1): session tickets and names can carry a page's bytes;
 * - STUN over TCP (RFC 8489 §5): WebRTC speaks it to any TURN server that a page names.
 */
export function looksRelayed(first: Buffer): boolean | undefined {
  if (first.length === 0) return undefined;
  if (first[0] === 0x16) return first.length < 2 ? undefined : first[1] === 3;
  if (first[0] === 0 || first[0] === 1) {
    if (first.length < 8) return undefined;
    return first.readUInt32BE(4) === 0x2112a442;
  }
  const end = first.indexOf(10);
  if (end >= 0) return requestLine.test(first.toString('latin1', 0, Math.min(end, 8_192)));
  if (!maybeMethod.test(first.toString('latin1', 0, 32))) return false;
  return first.length > 8_192 ? true : undefined;
}

const requestLine = /^[A-Za-z][A-Za-z0-9!#$%&'*+.^_`|~-]* .*HTTP\/\d/s;
const maybeMethod = /^[A-Za-z][A-Za-z0-9!#$%&'*+.^_`|~-]*( |$)/;
