import { printable } from './printable.ts';

export type Level = 'debug' | 'info' | 'warn' | 'error';
const order: Level[] = ['debug', 'info', 'warn', 'error'];

/** The message is a constant sentence; what varies, attackers' bytes above all, goes into fields. */
export interface Log {
  debug(message: string, fields?: Record<string, unknown>): void;
  info(message: string, fields?: Record<string, unknown>): void;
  warn(message: string, fields?: Record<string, unknown>): void;
  error(message: string, fields?: Record<string, unknown>): void;
}

const fieldLimit = 2_000;

function show(value: unknown): unknown {
  if (value instanceof Error) {
    const { code, cause } = value as { code?: unknown; cause?: unknown };
    return printable(
      `${value.message}${code ? ` (${String(code)})` : ''}${cause instanceof Error ? `: ${cause.message}` : ''}`,
      fieldLimit,
    );
  }
  return typeof value === 'string' ? printable(value, fieldLimit) : value;
}

/** Diagnostics as JSON lines on standard error: one object a line, control characters escaped, long fields cut. */
export function createLog(
  part: string,
  options: { level?: Level; write?: (line: string) => void } = {},
): Log {
  const floor = order.indexOf(options.level ?? 'info');
  const write = options.write ?? ((line: string) => process.stderr.write(line));
  const at =
    (level: Level) =>
    (message: string, fields: Record<string, unknown> = {}) => {
      if (order.indexOf(level) < floor) return;
      const shown = Object.fromEntries(Object.entries(fields).map(([key, value]) => [key, show(value)]));
      write(`${JSON.stringify({ time: new Date().toISOString(), level, part, message, ...shown })}\n`);
    };
  return { debug: at('debug'), info: at('info'), warn: at('warn'), error: at('error') };
}

/** A log that says nothing. */
export const silentLog: Log = { debug() {}, info() {}, warn() {}, error() {} };

/** Counts every time and lets through the first and each hundredth, for faults that an attacker can repeat. */
export function sampled(say: (count: number) => void): () => void {
  let count = 0;
  return () => {
    count++;
    if (count === 1 || count % 100 === 0) say(count);
  };
}
