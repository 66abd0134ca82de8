/** One direction of a packet cipher (RFC 4253 §6): turns whole packets into what goes over the line. */
export interface Sealer {
  /** Encrypts a packet in place of its plain bytes (length, padding length, payload, padding) and adds its MAC. */
  seal(sequence: number, packet: Buffer): Buffer;
  /** What the length of the encrypted part is a multiple of. */
  readonly block: number;
  /** Whether the length field is outside of what the block size counts (AEAD and encrypt-then-MAC). */
  readonly lengthApart: boolean;
}

/** The other direction. `head` tells the length from the first bytes; `open` checks and decrypts the rest. */
export interface Opener {
  readonly block: number;
  readonly lengthApart: boolean;
  /** How many bytes `length` needs. */
  readonly headSize: number;
  /** Bytes after the packet: MAC or tag. */
  readonly tagSize: number;
  /** The packet length of these first bytes. Called once a packet. */
  length(sequence: number, head: Buffer): number;
  /** The plain packet after its length field, or null where its MAC is wrong. `wire` is all of it, head and tag too. */
  open(sequence: number, wire: Buffer): Buffer | null;
}

/** Keys of one direction (RFC 4253 §7.2), each as long as asked for. */
export interface Keys {
  iv(size: number): Buffer;
  key(size: number): Buffer;
  mac(size: number): Buffer;
}
