import type { Client } from './client.ts';
import type { Output } from './output.ts';

/** How one option of the command line is read: `node:util` parseArgs, with a word for its value and what it means. */
export interface OptionSpec {
  type: 'string' | 'boolean';
  multiple?: boolean;
  /** What stands for the value in the help text. */
  value?: string;
  summary: string;
}

export interface Context {
  args: string[];
  options: Record<string, string | boolean | (string | boolean)[] | undefined>;
  /** The configuration file, where one was named. */
  configPath: string | undefined;
  /** The data directory. */
  data: string;
  out: Output;
  /** The running system's API; where none runs, the stores are opened for the time of the command. */
  client(): Promise<Client>;
}

/** One verb of the command line. */
export interface Command {
  name: string;
  /** What follows the name in the help text. */
  usage: string;
  summary: string;
  options?: Record<string, OptionSpec>;
  /** Returns the exit code; none is 0. Throws a `Fault` where the operator has something to mend. */
  run(context: Context): Promise<number | undefined>;
}

export function defineCommand(command: Command): Command {
  return command;
}
