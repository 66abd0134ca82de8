/**
 * Goes through the fields of a Protocol Buffers message (https://protobuf.dev/programming-guides/encoding/): numbers come as
 * `value` with `end` -1, bytes and messages as the bounds from `value` to `end`. False where it is none: cut off, a group, or a
 * number that JavaScript has no room for.
 */
export function eachField(
  bytes: Uint8Array,
  from: number,
  to: number,
  see: (field: number, value: number, end: number) => void,
): boolean {
  let at = from;
  const varint = (): number => {
    let value = 0;
    for (let scale = 1; at < to; scale *= 128) {
      const byte = bytes[at++]!;
      value += (byte & 127) * scale;
      if (value > Number.MAX_SAFE_INTEGER) return -1;
      if (byte < 128) return value;
    }
    return -1;
  };
  while (at < to) {
    const key = varint();
    if (key < 8) return false;
    const field = Math.floor(key / 8);
    switch (key % 8) {
      case 0: {
        const value = varint();
        if (value < 0) return false;
        see(field, value, -1);
        break;
      }
      case 1:
        at += 8;
        break;
      case 2: {
        const length = varint();
        if (length < 0 || length > to - at) return false;
        see(field, at, at + length);
        at += length;
        break;
      }
      case 5:
        if (at + 4 > to) return false;
        see(
          field,
          (bytes[at]! | (bytes[at + 1]! << 8) | (bytes[at + 2]! << 16) | (bytes[at + 3]! << 24)) >>> 0,
          -1,
        );
        at += 4;
        break;
      default:
        return false;
    }
  }
  return at === to;
}
