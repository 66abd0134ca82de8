import { z } from 'zod';
import { defineEmulator, type Wire } from '../emulator.ts';
import { measured } from '../plant/process.ts';

const commandLimit = 1_024;
const products = ['UNLEADED', 'PREMIUM', 'DIESEL', 'E-10', 'KEROSENE', 'SUPER', 'PLUS'];
const months = 'JAN FEB MAR APR MAY JUN JUL AUG SEP OCT NOV DEC'.split(' ');

/**
 * Tank gauge of a filling station (Veeder-Root TLS-350, serial interface manual 576013-635): its reports move with time. Functions to set
 * something are told, and refused as from a console whose security code is wrong.
 */
export const guardianAst = defineEmulator({
  name: 'guardian-ast',
  summary: 'Tank gauge of a filling station (TLS-350)',
  port: 10_001,
  highPort: 10_001,
  options: z.strictObject({
    /** What it prints above each report; the persona's where it is left out. */
    station: z.string().max(80).optional(),
    tanks: z.int().min(1).max(8).default(4),
  }),

  async session(wire, { station, tanks }) {
    let text = '';
    for (let bytes = await wire.read(); bytes !== null; bytes = await wire.read()) {
      text += bytes.toString('latin1');
      // SOH, function, tank, data, and the end of a line or an ETX.
      for (let end = /[\n\r\x03]/.exec(text); end; end = /[\n\r\x03]/.exec(text)) {
        const line = text.slice(0, end.index);
        text = text.slice(end.index + 1);
        if (line !== '') wire.send(answer(wire, line, station ?? nameOf(wire), tanks));
      }
      // A function is complete with its six characters, where nothing is to be set.
      const whole = /^\x01([Ii]\d{5})$/.exec(text);
      if (whole) {
        text = '';
        wire.send(answer(wire, `\x01${whole[1]}`, station ?? nameOf(wire), tanks));
      }
      if (text.length > commandLimit) return;
    }
  },
});

function nameOf({ persona }: Wire): string {
  const street = Number.parseInt(persona.token('street', 3), 16) % 900;
  return persona.owner || `STATION ${100 + street}`;
}

function answer(wire: Wire, line: string, station: string, tanks: number): string {
  const [, code, tank, data] = /^\x01([IiSs]\d{3})(\d\d)(.*)$/s.exec(line) ?? [];
  wire.emit({
    kind: 'command',
    input: line.replace(/^\x01/, ''),
    ...(data ? { detail: { data: data.slice(0, 512) } } : {}),
  });
  // 9999 stands for a function that it does not know.
  if (code === undefined || tank === undefined || code[0]!.toUpperCase() === 'S') return '\x019999FF1B\x03';
  const report = reports[code.slice(1)];
  const only = Number(tank);
  if (!report || code[0] === 'i' || only > tanks) return '\x019999FF1B\x03';
  const shown = Array.from({ length: tanks }, (_, i) => i + 1).filter((one) => only === 0 || one === only);
  const at = new Date(wire.now());
  const hour = at.getUTCHours();
  const two = (value: number) => String(value).padStart(2, '0');
  const time = `${months[at.getUTCMonth()]} ${two(at.getUTCDate())}, ${at.getUTCFullYear()} ${String(hour % 12 || 12).padStart(2)}:${two(at.getUTCMinutes())} ${hour < 12 ? 'AM' : 'PM'}`;
  const head = `\x01\r\n${code.toUpperCase()}${tank}\r\n${time}\r\n\r\n    ${station}\r\n\r\n\r\n\r\n`;
  return `${head}${report(wire, shown)}\r\n\r\n\x03`;
}

interface Level {
  product: string;
  volume: number;
  room: number;
  height: number;
  water: number;
  temperature: number;
}

function levelOf(wire: Wire, tank: number): Level {
  const seed = Number.parseInt(wire.persona.token(`tank ${tank}`, 8), 16);
  const capacity = [6_000, 8_000, 10_000, 12_000][seed % 4]!;
  // What is sold in a day goes down, and is filled up again.
  const day = 86_400_000 * (2 + (seed % 3));
  const left = 1 - ((wire.now() + seed) % day) / day;
  const volume = Math.round(capacity * (0.2 + 0.65 * left));
  return {
    product: products[(tank - 1 + (seed >>> 5)) % products.length]!,
    volume,
    room: Math.round(capacity * 0.95) - volume,
    height: 96 * (volume / capacity),
    water: (seed % 200) / 100,
    temperature: 55 + measured(wire.persona, 'tank temperature', 3 * tank, wire.now()) / 100,
  };
}

const reports: Record<string, (wire: Wire, tanks: number[]) => string> = {
  '201': (wire, tanks) =>
    [
      'IN-TANK INVENTORY',
      '',
      'TANK PRODUCT             VOLUME TC VOLUME   ULLAGE   HEIGHT    WATER     TEMP',
      ...tanks.map((tank) => {
        const { product, volume, room, height, water, temperature } = levelOf(wire, tank);
        const corrected = Math.round(volume * (1 - 0.00069 * (temperature - 60)));
        const cells = [volume, corrected, room].map(String);
        const parts = [height, water, temperature].map((value) => value.toFixed(2));
        return `${String(tank).padStart(3)}  ${product.padEnd(20)}${cells[0]!.padStart(6)}${cells[1]!.padStart(10)}${cells[2]!.padStart(9)}${parts.map((one) => one.padStart(9)).join('')}`;
      }),
    ].join('\r\n'),
  '205': (wire, tanks) =>
    [
      'TANK PRODUCT                 STATUS',
      '',
      ...tanks.map((tank) => `${String(tank).padStart(3)}  ${levelOf(wire, tank).product.padEnd(24)}NORMAL`),
    ].join('\r\n'),
  '902': (wire) =>
    [
      'SOFTWARE REVISION LEVEL',
      `VERSION ${100 + (Number.parseInt(wire.persona.token('revision', 2), 16) % 30)}.0${Number.parseInt(wire.persona.token('revision', 1), 16) % 6}`,
    ].join('\r\n'),
};
