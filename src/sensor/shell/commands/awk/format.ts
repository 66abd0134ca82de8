const outputLimit = 262_144;

/** printf's conversions (POSIX XBD §5) over values; what is missing counts as empty. */
export function format(template: string, values: readonly (number | string)[]): string {
  let next = 0;
  const take = () => values[next++] ?? '';
  const text = template.replace(
    /%([-+ 0#]*)(\*|\d{0,4})(?:\.(\*|\d{0,4}))?[hlLqjzt]*([diouxXcsfFeEgGaA%])/g,
    (_, flags: string, wide: string, precise: string | undefined, kind: string) => {
      if (kind === '%') return '%';
      const width = wide === '*' ? Number(take()) : Number(wide || 0);
      const precision =
        precise === undefined ? undefined : precise === '*' ? Number(take()) : Number(precise || 0);
      const value = take();
      const body = convert(value, kind, flags, precision);
      const size = Math.min(4_096, Math.abs(width));
      if (flags.includes('-') || width < 0) return body.padEnd(size);
      if (!flags.includes('0') || kind === 's' || kind === 'c') return body.padStart(size);
      const sign = /^[-+ ]/.exec(body)?.[0] ?? '';
      return sign + body.slice(sign.length).padStart(size - sign.length, '0');
    },
  );
  return text.slice(0, outputLimit);
}

function convert(value: number | string, kind: string, flags: string, precision: number | undefined): string {
  if (kind === 's') return String(value).slice(0, precision);
  if (kind === 'c') return typeof value === 'number' ? String.fromCharCode(value & 255) : value.slice(0, 1);
  const number = typeof value === 'number' ? value : Number.parseFloat(value) || 0;
  const signed = (text: string) =>
    number < 0 || /^-/.test(text)
      ? text
      : flags.includes('+')
        ? `+${text}`
        : flags.includes(' ')
          ? ` ${text}`
          : text;
  const whole = Math.trunc(number);
  switch (kind) {
    case 'd':
    case 'i':
      return signed(`${whole < 0 ? '-' : ''}${String(Math.abs(whole)).padStart(precision ?? 0, '0')}`);
    case 'u':
      return String(
        whole >>> 0 === whole ? whole : BigInt.asUintN(64, BigInt(Number.isFinite(whole) ? whole : 0)),
      );
    case 'o':
      return Math.abs(whole).toString(8);
    case 'x':
      return (flags.includes('#') ? '0x' : '') + hex(whole);
    case 'X':
      return (flags.includes('#') ? '0X' : '') + hex(whole).toUpperCase();
    case 'f':
    case 'F':
      return signed(number.toFixed(Math.min(precision ?? 6, 60)));
    case 'e':
    case 'E':
      return signed(exponent(number, precision ?? 6, kind));
    default:
      return signed(general(number, precision ?? 6));
  }
}

const hex = (whole: number) => BigInt.asUintN(64, BigInt(Number.isFinite(whole) ? whole : 0)).toString(16);

function exponent(number: number, precision: number, kind: string): string {
  const text = number.toExponential(Math.min(precision, 60)).replace(/e([-+])(\d)$/, 'e$10$2');
  return kind === 'E' ? text.toUpperCase() : text;
}

function general(number: number, precision: number): string {
  if (number === 0 || !Number.isFinite(number)) return String(number);
  const size = Math.min(precision || 1, 60);
  const power = Math.floor(Math.log10(Math.abs(number)));
  if (power < -4 || power >= size) return exponent(number, size - 1, 'e').replace(/\.?0+e/, 'e');
  const text = number.toFixed(Math.max(0, size - 1 - power));
  return text.includes('.') ? text.replace(/\.?0+$/, '') : text;
}
