import type { Wire } from '../emulator.ts';
import { reply } from './redis-protocol.ts';
import type { RedisStore } from './redis-store.ts';

/** One connection's own state. */
export interface Client {
  wire: Wire;
  store: RedisStore;
  version: string;
  db: number;
  resp: number;
  name: string;
  closing: boolean;
}

export interface RedisCommand {
  /** As in COMMAND: how many words with the name, at least so many where negative. */
  arity: number;
  run(client: Client, args: string[]): string | Promise<string>;
}

/** Errors that many commands share. */
export const syntax = reply.error('ERR syntax error');
export const notInteger = reply.error('ERR value is not an integer or out of range');
export const full = reply.error("OOM command not allowed when used memory > 'maxmemory'.");

export const isInteger = (text: string | undefined): text is string => /^-?\d{1,15}$/.test(text ?? '');
