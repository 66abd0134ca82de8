import type { Wire } from '../emulator.ts';

export const screen = { width: 1024, height: 768 } as const;
/** RRE, of the encodings that a client may offer; Raw is 0. */
const rre = 2;
/** How many updates of the whole screen one session gets, where its client takes nothing but raw pixels. */
const rawLimit = 4;

/** ServerInit (RFC 6143 §7.3.2): 32 bits a pixel, true colour, as x11vnc shows a display. */
export function serverInit(name: string): Buffer {
  const head = Buffer.from([0, 0, 0, 0, 32, 24, 0, 1, 0, 255, 0, 255, 0, 255, 16, 8, 0, 0, 0, 0, 0, 0, 0, 0]);
  head.writeUInt16BE(screen.width, 0);
  head.writeUInt16BE(screen.height, 2);
  head.writeUInt32BE(name.length, 20);
  return Buffer.concat([head, Buffer.from(name, 'latin1')]);
}

interface Format {
  bytes: 1 | 2 | 4;
  bigEndian: boolean;
  max: [number, number, number];
  shift: [number, number, number];
}
type Box = [x: number, y: number, width: number, height: number];

/** A display at a login prompt: a dialogue with two fields and a button, in colours that are the machine's own. */
export class Screen {
  readonly #wire: Wire;
  readonly #boxes: [Box, [number, number, number]][];
  #format: Format = { bytes: 4, bigEndian: false, max: [255, 255, 255], shift: [16, 8, 0] };
  #rre = false;
  #shown = false;
  #raw = 0;

  constructor(wire: Wire) {
    this.#wire = wire;
    const tint = Number.parseInt(wire.persona.token('vnc-background', 4), 16);
    const [left, top] = [342 + (tint % 40), 280 + (tint % 30)];
    this.#boxes = [
      [
        [0, 0, screen.width, screen.height],
        [32 + (tint & 31), 48 + ((tint >> 5) & 31), 80 + ((tint >> 10) & 63)],
      ],
      [
        [left, top, 300, 180],
        [236, 236, 236],
      ],
      [
        [left + 40, top + 40, 220, 26],
        [255, 255, 255],
      ],
      [
        [left + 40, top + 82, 220, 26],
        [255, 255, 255],
      ],
      [
        [left + 180, top + 128, 80, 30],
        [76, 120, 168],
      ],
    ];
  }

  /** SetPixelFormat (§7.5.1), without its padding. */
  format(body: Buffer): void {
    const bits = body[0];
    this.#format = {
      bytes: bits === 8 ? 1 : bits === 16 ? 2 : 4,
      bigEndian: body[2] !== 0,
      max: [body.readUInt16BE(4), body.readUInt16BE(6), body.readUInt16BE(8)],
      shift: [body[10]! & 31, body[11]! & 31, body[12]! & 31],
    };
    this.#shown = false;
  }

  encode(offered: number[]): void {
    const first = offered.find((each) => each === rre || each === 0);
    this.#rre = first === rre;
  }

  /** Answers FramebufferUpdateRequest; an incremental one gets nothing, as nothing ever moves. */
  update(incremental: boolean): void {
    if (incremental && this.#shown) return;
    if (!this.#rre && ++this.#raw > rawLimit) return;
    this.#shown = true;
    const head = Buffer.alloc(16);
    head.writeUInt16BE(1, 2);
    head.writeUInt16BE(screen.width, 8);
    head.writeUInt16BE(screen.height, 10);
    head.writeInt32BE(this.#rre ? rre : 0, 12);
    this.#wire.send(Buffer.concat([head, this.#rre ? this.#subrectangles() : this.#pixels()]));
  }

  /** §7.7.3 */
  #subrectangles(): Buffer {
    const [background, ...rest] = this.#boxes;
    const count = Buffer.alloc(4);
    count.writeUInt32BE(rest.length);
    const parts = [count, this.#pixel(background![1])];
    for (const [box, colour] of rest) {
      const place = Buffer.alloc(8);
      for (const [index, value] of box.entries()) place.writeUInt16BE(value, index * 2);
      parts.push(this.#pixel(colour), place);
    }
    return Buffer.concat(parts);
  }

  #pixels(): Buffer {
    const { bytes } = this.#format;
    const all = Buffer.alloc(screen.width * screen.height * bytes);
    for (const [[x, y, width, height], colour] of this.#boxes) {
      const row = Buffer.alloc(width * bytes, this.#pixel(colour));
      for (let line = y; line < y + height; line++) row.copy(all, (line * screen.width + x) * bytes);
    }
    return all;
  }

  #pixel(colour: [number, number, number]): Buffer {
    const { bytes, bigEndian, max, shift } = this.#format;
    let value = 0;
    for (let n = 0; n < 3; n++) value += (Math.round((colour[n]! * max[n]!) / 255) << shift[n]!) >>> 0;
    const pixel = Buffer.alloc(4);
    if (bigEndian) pixel.writeUInt32BE(value % 2 ** 32);
    else pixel.writeUInt32LE(value % 2 ** 32);
    return bigEndian ? pixel.subarray(4 - bytes) : pixel.subarray(0, bytes);
  }
}
