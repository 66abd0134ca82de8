const methods =
  /^(?:GET|HEAD|POST|PUT|OPTIONS|DELETE|PATCH|CONNECT|TRACE) \S|^Host: ?\S|^\x16\x03[\x00-\x04]/;

/**
 * Whether a line or a payload is what a web browser says when a page sends it to a port of another protocol: a request
 * line or a Host header of HTTP/1 (RFC 9112 §3), or the record header of a TLS ClientHello (RFC 8446 §5.1). Such bytes
 * may be a third party's, so the reader marks the handshake `relayed`.
 */
export function speaksWeb(text: string): boolean {
  const first = text.charCodeAt(0);
  // Nearly all user names and commands end here: the request methods and Host start with a capital letter.
  if (first !== 0x16 && !(first >= 65 && first <= 90)) return false;
  return methods.test(text);
}
