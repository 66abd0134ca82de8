import { randomBytes, randomInt } from 'node:crypto';
import { Malformed, message, mpint, uint32 } from '../data.ts';
import { Message } from '../message.ts';
import { checkPublic } from './dh.ts';
import type { Exchange } from './kex.ts';
import { moduli } from './moduli.ts';

/** DH_GRP_MIN and DH_GRP_MAX of OpenSSH. */
const least = 2_048;
const most = 8_192;
/** Bits of our private number: twice the strength of the largest group. */
const exponentBytes = 48;

/** Group exchange with SHA-256 (RFC 4419): the client says how large, we choose a safe prime. */
export function groupExchange(): Exchange {
  let asked: { min: number; wanted: number; max: number } | undefined;
  let group: { p: Buffer; g: Buffer } | undefined;
  return {
    hash: 'sha256',
    take(type, body) {
      if (type === Message.gexRequest && !asked) {
        const [min, wanted, max] = [body.uint32(), body.uint32(), body.uint32()];
        if (max < min || wanted < min || max < wanted || max < least)
          throw new Malformed('a group out of range');
        asked = { min, wanted, max };
        group = choose(Math.max(least, min), Math.min(most, Math.max(least, wanted)), Math.min(most, max));
        return { send: message(Message.kexReply, mpint(group.p), mpint(group.g)) };
      }
      if (type !== Message.gexInit || !group || !asked) return undefined;
      const { p, g } = group;
      const e = body.string();
      checkPublic(e, p);
      const modulus = toBig(p);
      const x = toBig(randomBytes(exponentBytes));
      const f = toBytes(power(toBig(g), x, modulus));
      const secret = toBytes(power(toBig(e), x, modulus));
      const { min, wanted, max } = asked;
      return {
        reply: Message.gexReply,
        fields: mpint(f),
        hashed: Buffer.concat([
          uint32(min),
          uint32(wanted),
          uint32(max),
          mpint(p),
          mpint(g),
          mpint(e),
          mpint(f),
        ]),
        secret: mpint(secret),
      };
    },
  };
}

/** choose_dh of OpenSSH: the smallest size of the list that is at least what was wanted, else the largest below. */
function choose(min: number, wanted: number, max: number): { p: Buffer; g: Buffer } {
  let best = 0;
  for (const { bits } of moduli) {
    if (bits < min || bits > max) continue;
    if ((bits > wanted && bits < best) || (bits > best && best < wanted)) best = bits;
  }
  const fitting = moduli.filter(({ bits }) => bits === best);
  if (fitting.length === 0) throw new Malformed('no group of this size');
  const { generator, prime } = fitting[randomInt(fitting.length)]!;
  return { p: Buffer.from(prime, 'hex'), g: Buffer.from([generator]) };
}

function toBig(bytes: Buffer): bigint {
  return BigInt(`0x${bytes.toString('hex')}`);
}

function toBytes(value: bigint): Buffer {
  const hex = value.toString(16);
  return Buffer.from(hex.length % 2 ? `0${hex}` : hex, 'hex');
}

// OpenSSL checks that a prime of our own is one, which takes seconds; ours are known to be.
function power(base: bigint, exponent: bigint, modulus: bigint): bigint {
  let result = 1n;
  let square = base % modulus;
  for (let rest = exponent; rest > 0n; rest >>= 1n) {
    if (rest & 1n) result = (result * square) % modulus;
    square = (square * square) % modulus;
  }
  return result;
}
