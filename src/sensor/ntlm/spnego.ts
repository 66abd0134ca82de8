import { identifier, octets, sequence, tlv } from '../../kit/der.ts';

/** The wrapping in which Windows sends NTLM (RFC 4178; MS-SPNG). */

const spnego = identifier('1.3.6.1.5.5.2');
const ntlm = identifier('1.3.6.1.4.1.311.2.2.10');

const enumerated = (value: number) => tlv(0x0a, Buffer.from([value]));

/** NegTokenInit2 with which a server offers NTLM alone. */
export function offer(): Buffer {
  const hint = tlv(0xa3, sequence(tlv(0xa0, tlv(0x1b, Buffer.from('not_defined_in_RFC4178@please_ignore')))));
  return tlv(0x60, spnego, tlv(0xa0, sequence(tlv(0xa0, sequence(ntlm)), hint)));
}

/** NegTokenResp: accept-incomplete, NTLM, and its challenge. */
export function respond(challenge: Buffer): Buffer {
  return tlv(0xa1, sequence(tlv(0xa0, enumerated(1)), tlv(0xa1, ntlm), tlv(0xa2, octets(challenge))));
}

/** NegTokenResp: accept-completed. */
export function accepted(): Buffer {
  return tlv(0xa1, sequence(tlv(0xa0, enumerated(0))));
}

/** Whether a token is wrapped, and not NTLM by itself. */
export function isWrapped(token: Buffer): boolean {
  return token[0] === 0x60 || token[0] === 0xa1;
}
