import { z } from 'zod';
import { defineEmulator, type Wire } from '../emulator.ts';
import type { Persona } from '../persona.ts';

/** Universal exit language: begins and ends a job in PJL (HP's PJL Technical Reference, ch. 2). */
const exit = '\x1b%-12345X';
const lineLimit = 4_096;
/** A job is kept up to this. */
const jobLimit = 1_048_576;

interface Model {
  id: string;
  memoryKb: number;
}

const models = [
  'HP LaserJet P3010 Series',
  'HP LaserJet 400 M401dn',
  'HP LaserJet 600 M602',
  'HP LaserJet M506',
];

/** A printer where the persona is none: another one for each seed. */
function modelOf({ token }: Persona): string {
  return models[Number.parseInt(token('jetdirect', 4), 16) % models.length]!;
}

/** Printer that takes raw jobs and answers PJL (AppSocket). What would be printed is kept; files on its disk are told, and not there. */
export const jetdirect = defineEmulator({
  name: 'jetdirect',
  summary: 'Printer: raw jobs and PJL',
  port: 9100,
  highPort: 9100,
  options: z.strictObject({
    /** What it calls itself; the persona's model where that is a printer. */
    id: z.string().min(1).max(64).optional(),
    memoryKb: z.int().min(1_024).default(131_072),
  }),

  async session(wire, { id, memoryKb }) {
    const { model } = wire.persona.product;
    const options = { id: id ?? (/^HP /.test(model) ? model : modelOf(wire.persona)), memoryKb };
    let text = '';
    let inPjl = false;
    const job: Buffer[] = [];
    let size = 0;
    for (let bytes = await wire.read(); bytes !== null; bytes = await wire.read()) {
      text += bytes.toString('latin1');
      for (;;) {
        if (text.startsWith(exit)) {
          text = text.slice(exit.length);
          inPjl = true;
          continue;
        }
        // What may still become an exit sequence, or a line.
        if (text === '' || (exit.startsWith(text) && text.length < exit.length)) break;
        const line = /^\s*@PJL[^\n]*\n/i.exec(text)?.[0];
        if (line !== undefined) {
          text = text.slice(line.length);
          inPjl = true;
          const said = answer(wire, line.trim(), options);
          if (said) wire.send(said);
          if (/^\s*@PJL +ENTER +LANGUAGE/i.test(line)) inPjl = false;
          continue;
        }
        if (
          (inPjl || /^\s*@(P(JL?)?)?$/i.test(text.slice(0, 5))) &&
          !text.includes('\n') &&
          text.length < lineLimit
        )
          break;
        const next = text.indexOf(exit);
        // An end that came in part stays.
        const end = next >= 0 ? next : text.length - (text.endsWith('\x1b') ? 1 : 0);
        if (end === 0) break;
        size += end;
        if (size <= jobLimit) job.push(Buffer.from(text.slice(0, end), 'latin1'));
        text = text.slice(end);
      }
    }
    if (text) {
      size += text.length;
      if (size <= jobLimit) job.push(Buffer.from(text, 'latin1'));
    }
    const whole = Buffer.concat(job);
    if (whole.toString('latin1').trim() === '') return;
    wire.emit({
      kind: 'upload',
      sha256: wire.keep(whole).sha256,
      size,
      name: 'job',
      detail: { kept: whole.length },
    });
  },
});

/** PJL Technical Reference, ch. 7 (status readback) and ch. 9 (file system). */
function answer(wire: Wire, line: string, { id, memoryKb }: Model): string | null {
  const command = line.replace(/^@PJL\s*/i, '');
  wire.emit({ kind: 'command', input: command });
  const said = (text: string) => `@PJL ${command}\r\n${text}\f`;
  const upper = command.toUpperCase();
  const [verb = '', ...words] = upper.split(/\s+/);
  if (verb === 'ECHO') return `@PJL ${command}\r\n\f`;
  if (verb === 'INFO')
    switch (words[0]) {
      case 'ID':
        return said(`"${id}"\r\n`);
      case 'STATUS':
        return said('CODE=10001\r\nDISPLAY="Ready"\r\nONLINE=TRUE\r\n');
      case 'MEMORY':
        return said(`TOTAL=${memoryKb * 1_024}\r\nLARGEST=${Math.floor(memoryKb * 1_024 * 0.78)}\r\n`);
      case 'PAGECOUNT':
        return said(
          `PAGECOUNT=${1_000 + (Number.parseInt(wire.persona.token('pages', 5), 16) % 200_000)}\r\n`,
        );
      case 'FILESYS':
        return said(
          'FILESYS [1 TYPES]\r\n\tVOLUME\tTOTAL SIZE\tFREE SPACE\tLOCATION\tLABEL\tSTATUS\r\n\t0:\t1755136\t1752064\tRAM\t?\tREAD-WRITE\r\n',
        );
      default:
        return said('"?"\r\n');
    }
  if (verb === 'INQUIRE' || verb === 'DINQUIRE') return said('"?"\r\n');
  // File not found (ch. 9, FILEERROR).
  if (['FSDIRLIST', 'FSQUERY', 'FSUPLOAD'].includes(verb)) return said('FILEERROR=3\r\n');
  return null;
}
