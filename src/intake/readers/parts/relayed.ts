const methods =
  /^(?:GET|HEAD|POST|PUT|OPTIONS|DELETE|PATCH|CONNECT|TRACE) \S|^Host: ?\S|^\x16\x03[\x00-\x04]|^\x00[\x01\x03][\s\S]{2}\x21\x12\xa4\x42/;

/**
 * Whether a line or a payload is what a web browser says when a page sends it to a port of another protocol: a request
 * line or a Host header of HTTP/1 (RFC 9112 §3), the record header of a TLS ClientHello (RFC 8446 §5.1), or a STUN request
 * (RFC 8489 §5), which WebRTC sends over TCP. Such bytes may be a third party's, so the reader marks the handshake `relayed`.
 */
export function speaksWeb(text: string): boolean {
  const first = text.charCodeAt(0);
  // Nearly all user names and commands end here: the request methods and Host start with a capital letter.
  if (first !== 0x16 && first !== 0 && !(first >= 65 && first <= 90)) return false;
  return methods.test(text);
}
