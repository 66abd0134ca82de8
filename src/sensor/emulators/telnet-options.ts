const IAC = 255;
const SB = 250;
const SE = 240;
/** How much of a subnegotiation is kept, and how many options are remembered. */
const subnegotiationLimit = 512;
const optionLimit = 64;
const verbs: Record<number, string> = { 251: 'WILL', 252: 'WONT', 253: 'DO', 254: 'DONT' };

/**
 * Takes Telnet commands (RFC 854) out of a byte stream, wherever the packets cut it. BusyBox telnetd answers none of the
 * peer's offers, so neither do we: that also cannot loop.
 */
export class TelnetFilter {
  #state: 'data' | 'iac' | 'option' | 'sub' | 'sub-iac' = 'data';
  #verb = 0;
  #sub: number[] = [];
  /** What the peer negotiated, in order: it tells clients apart. */
  readonly offers: string[] = [];

  /** The plain bytes among these. */
  feed(bytes: Buffer): Buffer {
    if (this.#state === 'data' && !bytes.includes(IAC)) return bytes;
    const plain = Buffer.allocUnsafe(bytes.length);
    let size = 0;
    for (const byte of bytes) {
      switch (this.#state) {
        case 'data':
          if (byte === IAC) this.#state = 'iac';
          else plain[size++] = byte;
          break;
        case 'iac':
          if (byte === IAC) plain[size++] = byte;
          if (byte === SB) {
            this.#state = 'sub';
            this.#sub = [];
          } else if (verbs[byte]) {
            this.#verb = byte;
            this.#state = 'option';
          } else this.#state = 'data';
          break;
        case 'option':
          this.#note(`${verbs[this.#verb]} ${byte}`);
          this.#state = 'data';
          break;
        case 'sub':
          if (byte === IAC) this.#state = 'sub-iac';
          else if (this.#sub.length < subnegotiationLimit) this.#sub.push(byte);
          break;
        case 'sub-iac':
          // A doubled IAC is a plain 255; anything else but SE ends the subnegotiation as well.
          if (byte === IAC) {
            if (this.#sub.length < subnegotiationLimit) this.#sub.push(byte);
            this.#state = 'sub';
          } else {
            this.#note(`SB ${this.#sub[0] ?? ''} ${Buffer.from(this.#sub.slice(1)).toString('latin1')}`);
            this.#state = byte === SE ? 'data' : 'iac';
          }
          break;
      }
    }
    return plain.subarray(0, size);
  }

  #note(offer: string): void {
    if (this.offers.length < optionLimit) this.offers.push(offer);
  }
}
