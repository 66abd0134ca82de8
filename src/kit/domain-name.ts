import { domainToASCII } from 'node:url';

/** Octets of a label, and characters of a name as it is written (RFC 1035 §2.3.4). */
const labelLimit = 63;
const nameLimit = 253;

const ascii = /^[\x21-\x7e]*$/;
/** What the conversion to A-labels would leave out in silence. */
const blank = /\p{White_Space}|\p{Cc}|\p{Cf}/u;
const labels = /^[a-z0-9_*-]+(?:\.[a-z0-9_*-]+)*$/;

/**
 * A domain name as we keep it: lower case, without the root's dot, other scripts as A-labels (UTS 46, RFC 5891). Null for what is
 * none: an empty or too long label, an escape or a blank, an address, the root itself. Underscores stand (RFC 8552), wildcards too.
 */
export function normalName(text: string): string | null {
  if (text.length === 0 || text.length > 4 * nameLimit) return null;
  let name = text.charCodeAt(text.length - 1) === 0x2e ? text.slice(0, -1) : text;
  if (ascii.test(name)) name = name.toLowerCase();
  else if (blank.test(name)) return null;
  else name = domainToASCII(name);
  if (name.length === 0 || name.length > nameLimit || !labels.test(name)) return null;
  for (let from = 0; from < name.length; ) {
    const dot = name.indexOf('.', from);
    const end = dot < 0 ? name.length : dot;
    if (end - from > labelLimit) return null;
    from = end + 1;
  }
  const last = name.charCodeAt(name.length - 1);
  if (last >= 0x30 && last <= 0x39 && /(?:^|\.)(?:0x[0-9a-f]*|\d+)$/.test(name)) return null;
  return name;
}
