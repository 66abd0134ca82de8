import { type Expander, expandPattern, expandText, expandWord } from './expand.ts';
import { matches } from './pattern.ts';
import { redirect } from './redirect.ts';
import { Exhausted, Jump, type ShellView, type Streams, shellLimits } from './shell.ts';
import { reading } from './streams.ts';
import type { Command, Script } from './syntax.ts';

/** The shell that a walk over the syntax tree runs in. */
export interface Walker extends ShellView, Expander {
  cwd: string;
  positional: string[];
  readonly functions: Map<string, Command>;
  /** Where the command that runs now tells its errors. */
  err: (text: string) => void;
  /** Work one level deeper; too deep ends the line. */
  nested<T>(work: () => Promise<T>): Promise<T>;
  /** Work in a copy of this shell: its variables, folder and exit stay its own. */
  apart(work: (inner: Walker) => Promise<number>): Promise<number>;
  /** Lets other sessions have their turn, where this one has had its own. */
  yieldTurn(): Promise<void>;
}

/** An expansion that cannot be: the line ends. */
export class Failed extends Error {
  told = false;
}

/** Runs a list of pipelines joined by `&&`, `||` and `;` (XCU §2.9.3). */
export async function runScript(shell: Walker, script: Script, streams: Streams): Promise<number> {
  for (const { pipeline, negated, join } of script) {
    if ((join === '&&' && shell.status !== 0) || (join === '||' && shell.status === 0)) continue;
    shell.step();
    const status = await runPipeline(shell, pipeline, streams);
    shell.status = negated ? Number(status === 0) : status;
  }
  return shell.status;
}

async function runPipeline(shell: Walker, pipeline: Command[], streams: Streams): Promise<number> {
  if (pipeline.length === 1) return runCommand(shell, pipeline[0]!, streams);
  let status = 0;
  let before: Streams = streams;
  for (const [i, command] of pipeline.entries()) {
    const last = i === pipeline.length - 1;
    let text = '';
    const mine: Streams = {
      ...before,
      out: last
        ? streams.out
        : (more) => {
            text += more;
          },
      err: streams.err,
    };
    status = await shell.apart((inner) => runCommand(inner, command, mine));
    before = { ...streams, ...reading(text) };
  }
  return status;
}

async function runCommand(shell: Walker, command: Command, outer: Streams): Promise<number> {
  shell.step();
  await shell.yieldTurn();
  const opened = await redirect(shell, command.redirects, outer);
  if (!opened) return 1;
  const { streams, close } = opened;
  const before = shell.err;
  shell.err = streams.err;
  try {
    return await shell.nested(() => execute(shell, command, streams));
  } catch (error) {
    if (error instanceof Failed && !error.told) {
      streams.err(`${shell.name}: ${error.message}\n`);
      error.told = true;
    }
    throw error;
  } finally {
    shell.err = before;
    close();
  }
}

async function execute(shell: Walker, command: Command, streams: Streams): Promise<number> {
  switch (command.kind) {
    case 'simple':
      return runSimple(shell, command, streams);
    case 'group':
      if (!command.subshell) return runScript(shell, command.body, streams);
      return shell.apart((inner) => runScript(inner, command.body, streams));
    case 'function':
      if (shell.functions.size >= shellLimits.variables) throw new Exhausted();
      shell.functions.set(command.name, command.body);
      return 0;
    case 'if':
      for (const { test, body } of command.arms)
        if ((await runScript(shell, test, streams)) === 0) return runBlock(shell, body, streams);
      return runBlock(shell, command.otherwise, streams);
    case 'case': {
      const subject = await expandText(command.subject, shell);
      for (const { patterns, body } of command.arms) {
        for (const pattern of patterns) {
          if (matches(await expandPattern(pattern, shell), subject)) return runBlock(shell, body, streams);
        }
      }
      return 0;
    }
    case 'for': {
      const words = command.words ? await expandWords(shell, command.words) : shell.positional;
      const queue = words[Symbol.iterator]();
      return runLoop(shell, command.body, streams, async () => {
        const next = queue.next();
        if (next.done) return false;
        shell.set(command.name, next.value);
        return true;
      });
    }
    case 'loop':
      return runLoop(shell, command.body, streams, async () => {
        const status = await runScript(shell, command.test, streams);
        return (status === 0) !== command.until;
      });
  }
}

/** A body's status; that of an empty one is 0. */
async function runBlock(shell: Walker, body: Script, streams: Streams): Promise<number> {
  shell.status = 0;
  return runScript(shell, body, streams);
}

async function runLoop(
  shell: Walker,
  body: Script,
  streams: Streams,
  more: () => Promise<boolean>,
): Promise<number> {
  let status = 0;
  while (await more()) {
    shell.step();
    try {
      status = await runScript(shell, body, streams);
    } catch (error) {
      if (!(error instanceof Jump) || error.to === 'return') throw error;
      if (--error.levels > 0) throw error;
      if (error.to === 'break') return 0;
    }
  }
  shell.status = status;
  return status;
}

async function expandWords(
  shell: Walker,
  words: Extract<Command, { kind: 'simple' }>['words'],
): Promise<string[]> {
  const all: string[] = [];
  for (const word of words) {
    for (const text of await expandWord(word, shell)) all.push(text);
    if (all.length > shellLimits.words) throw new Exhausted();
  }
  return all;
}

async function runSimple(
  shell: Walker,
  command: Extract<Command, { kind: 'simple' }>,
  streams: Streams,
): Promise<number> {
  const before = shell.status;
  shell.status = 0;
  const substituted = command.assigns.some(([, word]) => word.some((part) => part.kind === 'substitution'));
  shell.status = before;
  const args = await expandWords(shell, command.words);
  const assigned: [string, string][] = [];
  for (const [name, word] of command.assigns) assigned.push([name, await expandText(word, shell)]);
  if (args.length === 0) {
    for (const [name, text] of assigned) shell.set(name, text);
    return substituted ? shell.status : 0;
  }
  const saved = assigned.map(([name]) => [name, shell.variables.get(name)] as const);
  for (const [name, text] of assigned) shell.set(name, text);
  try {
    return await shell.call(args, streams);
  } finally {
    for (const [name, old] of saved) {
      if (old === undefined) shell.variables.delete(name);
      else shell.variables.set(name, old);
    }
  }
}

export async function callFunction(
  shell: Walker,
  body: Command,
  args: string[],
  streams: Streams,
): Promise<number> {
  const outer = shell.positional;
  shell.positional = args.slice(1);
  try {
    return await runCommand(shell, body, streams);
  } catch (error) {
    if (error instanceof Jump && error.to === 'return') return error.status;
    throw error;
  } finally {
    shell.positional = outer;
  }
}
