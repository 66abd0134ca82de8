const high = /[\u0080-\u00ff]/;
const beyond = /[^\u0000-\u00ff]/;
/** Whole texts only: an invalid or overlong sequence (RFC 3629 §3) throws, and a byte order mark stays to be seen. */
const strict = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true });

/**
 * Sensors keep text one character a byte. Where those bytes are valid UTF-8 this is the text that was typed; all other text
 * comes back as it is. Nothing is made safe by it: what is shown goes through `printable` after it.
 */
export function readable(text: string): string {
  if (!high.test(text) || beyond.test(text)) return text;
  const bytes = new Uint8Array(text.length);
  for (let at = 0; at < text.length; at++) bytes[at] = text.charCodeAt(at);
  try {
    return strict.decode(bytes);
  } catch {
    return text;
  }
}
