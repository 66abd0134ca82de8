import { assign } from './assign.ts';
import { judgeCondition } from './condition.ts';
import { type Expander, expandPattern, expandText, expandWord } from './expand.ts';
import type { Hooks } from './hooks.ts';
import { matches } from './pattern.ts';
import { redirect } from './redirect.ts';
import { Exhausted, Exit, Jump, type ShellView, type Streams, shellLimits } from './shell.ts';
import { reading } from './streams.ts';
import type { Command, Script, Step } from './syntax.ts';
import { arithmetic } from './value.ts';

/** The shell that a walk over the syntax tree runs in. */
export interface Walker extends ShellView, Expander {
  cwd: string;
  positional: string[];
  readonly functions: Map<string, Command>;
  set(name: string, value: string): void;
  get(name: string): string | undefined;
  readonly arrays: Map<string, Map<string, string>>;
  readonly variables: Map<string, string>;
  readonly hooks: Hooks;
  /** The line of the command that runs now. */
  lineNumber: number;
  /** Above zero in the test of `if` and `while`, and before `&&` and `||`: `set -e` does not count there. */
  testing: number;
  /** Where the command that runs now tells its errors. */
  err: (text: string) => void;
  /** Work one level deeper; too deep ends the line. */
  nested<T>(work: () => Promise<T>): Promise<T>;
  /** Work in a copy of this shell: its variables, folder and exit stay its own. */
  apart(work: (inner: Walker) => Promise<number>): Promise<number>;
  /** Work that goes on behind the shell's back: it waits for nothing. */
  background(text: string, work: (inner: Walker) => Promise<number>): Promise<void>;
  /** Lets other sessions have their turn, where this one has had its own. */
  yieldTurn(): Promise<void>;
  /** Ends what `<( )` made. */
  closeProcesses(): void;
}

/** An expansion that cannot be: the line ends. */
export class Failed extends Error {
  told = false;
}

/** Runs a list of pipelines joined by `&&`, `||` and `;` (XCU §2.9.3). */
export async function runScript(shell: Walker, script: Script, streams: Streams): Promise<number> {
  for (const [i, step] of script.entries()) {
    const { join } = step;
    if ((join === '&&' && shell.status !== 0) || (join === '||' && shell.status === 0)) continue;
    shell.step();
    if (step.background) {
      const { text = '' } = step;
      await shell.background(text, (inner) => runPipeline(inner, step, { ...streams, ...reading('') }));
      shell.status = 0;
      continue;
    }
    const next = script[i + 1];
    const judged = step.negated || (next !== undefined && next.join !== ';');
    if (judged) shell.testing++;
    try {
      const status = await runPipeline(shell, step, streams);
      shell.status = step.negated ? Number(status === 0) : status;
    } finally {
      if (judged) shell.testing--;
    }
    if (shell.status !== 0 && !judged && shell.testing === 0 && shell.has('errexit'))
      throw new Exit(shell.status);
  }
  return shell.status;
}

async function runPipeline(shell: Walker, { pipeline }: Step, streams: Streams): Promise<number> {
  if (pipeline.length === 1) return runCommand(shell, pipeline[0]!, streams);
  let status = 0;
  let failed = 0;
  let before: Streams = streams;
  for (const [i, command] of pipeline.entries()) {
    const last = i === pipeline.length - 1;
    const pieces: string[] = [];
    const mine: Streams = {
      ...before,
      out: last ? streams.out : (more) => pieces.push(more),
      err: streams.err,
    };
    status = await shell.apart((inner) => runCommand(inner, command, mine));
    if (status !== 0) failed = status;
    before = { ...streams, ...reading(pieces.join('')) };
  }
  return shell.has('pipefail') ? failed : status;
}

export async function runCommand(shell: Walker, command: Command, outer: Streams): Promise<number> {
  shell.step();
  await shell.yieldTurn();
  if ('line' in command) shell.lineNumber = command.line;
  const opened = await redirect(shell, command.redirects, outer).catch((error: unknown) => {
    tell(shell, error, outer);
    throw error;
  });
  if (!opened) return shell.dialect.id === 'dash' ? 2 : 1;
  const { streams, close } = opened;
  const before = shell.err;
  shell.err = streams.err;
  try {
    return await shell.nested(() => execute(shell, command, streams));
  } catch (error) {
    tell(shell, error, streams);
    throw error;
  } finally {
    shell.err = before;
    close();
  }
}

function tell(shell: Walker, error: unknown, streams: Streams): void {
  if (!(error instanceof Failed) || error.told) return;
  streams.err(`${shell.prefix}${error.message}\n`);
  error.told = true;
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
    case 'condition':
      return judgeCondition(command.parts, shell);
    case 'arithmetic':
      return (await arithmetic(command.text, shell)) === 0n ? 1 : 0;
    case 'if':
      for (const { test, body } of command.arms)
        if ((await runTest(shell, test, streams)) === 0) return runBlock(shell, body, streams);
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
    case 'count': {
      await arithmetic(command.start, shell);
      let first = true;
      return runLoop(shell, command.body, streams, async () => {
        if (!first) await arithmetic(command.step, shell);
        first = false;
        return (await arithmetic(command.test, shell)) !== 0n;
      });
    }
    case 'loop':
      return runLoop(shell, command.body, streams, async () => {
        const status = await runTest(shell, command.test, streams);
        return (status === 0) !== command.until;
      });
  }
}

async function runTest(shell: Walker, test: Script, streams: Streams): Promise<number> {
  shell.testing++;
  try {
    return await runScript(shell, test, streams);
  } finally {
    shell.testing--;
  }
}

/** The body of a compound command: 0 where none of it ran. */
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
  const substituted = command.assigns.some(
    ({ value }) => Array.isArray(value) && value.some((part) => part.kind === 'substitution'),
  );
  const args = await expandWords(shell, command.words);
  if (shell.has('xtrace')) trace(shell, command, args, streams);
  if (args.length === 0) {
    for (const one of command.assigns) await assign(shell, one);
    return substituted ? shell.status : 0;
  }
  const names = /^(declare|typeset|local)$/.test(args[0]!) && args.some((arg) => /^-[a-zA-Z]*A/.test(arg));
  if (names) for (const { name } of command.assigns) shell.arrays.set(name, new Map([['\0names', '']]));
  const saved: [string, string | undefined][] = [];
  for (const one of command.assigns) {
    saved.push([one.name, shell.variables.get(one.name)]);
    await assign(shell, one);
  }
  try {
    return await shell.call(args, streams);
  } finally {
    shell.closeProcesses();
    // What stands before `declare` and the like stays; before any other command it was for that one alone.
    if (!/^(declare|typeset|local|export|readonly|exec)$/.test(args[0]!))
      for (const [name, old] of saved) {
        if (old === undefined) shell.variables.delete(name);
        else shell.variables.set(name, old);
      }
  }
}

/** What `set -x` shows. */
function trace(
  shell: Walker,
  { assigns }: Extract<Command, { kind: 'simple' }>,
  args: string[],
  { err }: Streams,
): void {
  if (args.length)
    err(`+ ${args.map((arg) => (/^[\w@%+=:,./-]+$/.test(arg) ? arg : `'${arg}'`)).join(' ')}\n`);
  else for (const { name } of assigns) err(`+ ${name}=${shell.get(name) ?? ''}\n`);
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
