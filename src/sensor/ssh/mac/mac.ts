/** The MAC of one direction: over the sequence number and the packet (RFC 4253 §6.4). */
export interface Mac {
  readonly size: number;
  /** Encrypt-then-MAC: over the packet as it goes over the line (PROTOCOL §1.5 of OpenSSH). */
  readonly etm: boolean;
  digest(sequence: number, packet: Buffer): Buffer;
}
