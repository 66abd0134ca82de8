/** A datagram on its way to the sensor process. By its token it can be answered, once. */
export interface Arrival {
  token: number;
  service: number;
  ip: string;
  port: number;
  bytes: Buffer;
}

/** The longest frame: the longest datagram (RFC 768: 65,507 bytes of data over IPv4) and what stands before it. */
const frameLimit = 66_000;
const arrivalHead = 9;

/** Length (4 bytes), token (4), service (2), source's port (2), length of its address and the address, then the datagram. */
export function arrivalFrame({ token, service, ip, port, bytes }: Arrival): Buffer {
  const frame = Buffer.allocUnsafe(4 + arrivalHead + ip.length + bytes.length);
  frame.writeUInt32LE(frame.length - 4, 0);
  frame.writeUInt32LE(token, 4);
  frame.writeUInt16LE(service, 8);
  frame.writeUInt16LE(port, 10);
  frame[12] = ip.length;
  frame.write(ip, 13, 'latin1');
  bytes.copy(frame, 13 + ip.length);
  return frame;
}

export function readArrival(frame: Buffer): Arrival {
  const end = arrivalHead + frame[8]!;
  return {
    token: frame.readUInt32LE(0),
    service: frame.readUInt16LE(4),
    port: frame.readUInt16LE(6),
    ip: frame.toString('latin1', arrivalHead, end),
    bytes: frame.subarray(end),
  };
}

/** Length (4 bytes), token (4), the answer. */
export function answerFrame(token: number, answer: Uint8Array): Buffer {
  const frame = Buffer.allocUnsafe(8 + answer.length);
  frame.writeUInt32LE(4 + answer.length, 0);
  frame.writeUInt32LE(token, 4);
  frame.set(answer, 8);
  return frame;
}

export function readAnswer(frame: Buffer): { token: number; bytes: Buffer } {
  return { token: frame.readUInt32LE(0), bytes: frame.subarray(4) };
}

/** Cuts a stream into its frames, each without its length. Throws where a length is none of ours: the stream is of no use then. */
export function frameReader(take: (frame: Buffer) => void): (piece: Buffer) => void {
  let rest: Buffer = Buffer.alloc(0);
  return (piece) => {
    rest = rest.length ? Buffer.concat([rest, piece]) : piece;
    let at = 0;
    while (rest.length - at >= 4) {
      const length = rest.readUInt32LE(at);
      if (length < 4 || length > frameLimit) throw new RangeError(`a frame of ${length} bytes`);
      if (rest.length - at - 4 < length) break;
      take(rest.subarray(at + 4, at + 4 + length));
      at += 4 + length;
    }
    rest = rest.subarray(at);
  };
}
