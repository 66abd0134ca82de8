import { converse } from '../emulators/converse.ts';
import { findDownloads } from '../emulators/downloads.ts';
import { Terminal } from '../emulators/terminal.ts';
import { promptOf } from '../shell/index.ts';
import { type Answer, engineHeaders, failure, multiplexed } from './answer.ts';
import { ended, jsonBody } from './containers.ts';
import { type Context, hexadecimal, isTrue } from './context.ts';
import { shellIn } from './inside.ts';
import { isShell, knows, quoted, run } from './run.ts';
import type { Container, Exec } from './store.ts';

/** The head of a connection that becomes a stream (Engine API, "Hijacking"). */
function opening({ request }: Context): string {
  const upgrade = request.headers.find(([name]) => name.toLowerCase() === 'upgrade')?.[1];
  const raw = 'Content-Type: application/vnd.docker.raw-stream\r\n';
  if (upgrade) return `HTTP/1.1 101 UPGRADED\r\n${raw}Connection: Upgrade\r\nUpgrade: tcp\r\n\r\n`;
  return `HTTP/1.1 200 OK\r\n${raw}\r\n`;
}

/** `exec` answers with the Engine's headers as well. */
function execOpening(context: Context): string {
  const own = Object.entries(engineHeaders(context.release)).map(([name, value]) => `${name}: ${value}\r\n`);
  return opening(context).replace(/\r\n$/, `${own.join('')}\r\n`);
}

/** A shell for who types, or for what is piped into it. */
async function interactive(
  context: Context,
  container: Container,
  command: readonly string[],
  first = false,
): Promise<number> {
  const { wire, store } = context;
  const shell = shellIn(wire, container, command, first);
  shell.interactive = isShell(command);
  const terminal = new Terminal({
    read: () => wire.read(),
    send(text) {
      wire.send(text);
      // What process 1 shows is in the log as well.
      if (first) store.output(container, 1, text, wire.now());
    },
  });
  await converse(wire, terminal, shell, {
    prompt: (more) => promptOf(shell, more),
    detail: { how: 'container', container: container.name, program: command[0] ?? '' },
    ...(isShell(command) ? {} : { only: command.map(quoted).join(' ') }),
  });
  return shell.status;
}

export function attach(context: Context, container: Container): Answer {
  const { wire, store, query } = context;
  const tty = container.config.Tty === true;
  return {
    status: 101,
    async hijack() {
      wire.send(opening(context));
      const show = (output?: { stream: 1 | 2; text: string }) => {
        if (output) wire.send(tty ? output.text : multiplexed(output.stream, output.text));
      };
      if (isTrue(query.get('logs'))) for (const output of container.log) show(output);
      if (!isTrue(query.get('stream')) || container.state === 'exited') return;
      if (tty && container.config.OpenStdin === true) {
        if (container.state === 'created') await Promise.race([started(container), context.heard()]);
        store.end(container, await interactive(context, container, container.command, true), wire.now());
        return;
      }
      container.watchers.add(show);
      await Promise.race([ended(container), context.heard()]);
      container.watchers.delete(show);
    },
  };
}

/** Resolves at its start: looked for, as a start prints nothing. */
function started(container: Container): Promise<void> {
  return new Promise((resolve) => {
    const look = () => {
      container.watchers.delete(look);
      resolve();
    };
    container.watchers.add(look);
  });
}

export function createExec(context: Context, container: Container): Answer {
  const { wire, store, request } = context;
  if (request.bodySize === 0) return failure(400, 'got EOF while reading request body');
  const body = jsonBody(context);
  if (!('value' in body)) return body;
  const asked = (body.value ?? {}) as Record<string, unknown>;
  const command = (Array.isArray(asked.Cmd) ? asked.Cmd : [asked.Cmd])
    .filter((one): one is string => typeof one === 'string')
    .slice(0, 1_024);
  if (container.state !== 'running') {
    if (command.length) tell(context, container, command, asked);
    return failure(409, `Container ${container.id} is not running`);
  }
  if (command.length === 0) return failure(400, 'No exec command specified');
  tell(context, container, command, asked);
  const exec: Exec = {
    id: hexadecimal(wire, 64),
    container,
    command,
    tty: asked.Tty === true,
    asked,
    ran: false,
    exitCode: null,
  };
  if (!store.addExec(exec, request.body.length)) return failure(500, 'no space left on device');
  return { status: 201, json: { Id: exec.id } };
}

function tell(
  { wire }: Context,
  container: Container,
  command: string[],
  asked: Record<string, unknown>,
): void {
  const text = command.join(' ');
  wire.emit({
    kind: 'command',
    input: command.map(quoted).join(' '),
    ok: container.state === 'running',
    detail: {
      how: 'exec',
      container: container.name,
      image: container.image,
      privileged: asked.Privileged === true,
    },
  });
  // What runs tells of its downloads itself; what cannot run is read.
  if (container.state !== 'running')
    for (const { url, tool } of findDownloads(text))
      if (tool !== 'url') wire.emit({ kind: 'download', url, tool });
}

export function inspectExec({ store, path }: Context): Answer {
  const exec = store.execs.get(path[0] ?? '');
  if (!exec) return failure(404, `No such exec instance: ${path[0]}`);
  const [entrypoint, ...rest] = exec.command;
  return {
    status: 200,
    json: {
      ID: exec.id,
      Running: false,
      ExitCode: exec.exitCode,
      ProcessConfig: {
        tty: exec.tty,
        entrypoint,
        arguments: rest,
        privileged: exec.asked.Privileged === true,
      },
      OpenStdin: exec.asked.AttachStdin === true,
      OpenStderr: exec.asked.AttachStderr === true,
      OpenStdout: exec.asked.AttachStdout === true,
      CanRemove: false,
      ContainerID: exec.container.id,
      DetachKeys: '',
      Pid: exec.ran ? 1_200 + (Number.parseInt(exec.id.slice(0, 4), 16) % 20_000) : 0,
    },
  };
}

export function startExec(context: Context): Answer {
  const { wire, store, path, request } = context;
  if (request.bodySize === 0) return failure(400, 'got EOF while reading request body');
  const body = jsonBody(context);
  if (!('value' in body)) return body;
  const exec = store.execs.get(path[0] ?? '');
  if (!exec) return failure(404, `No such exec instance: ${path[0]}`);
  const detach = (body.value as { Detach?: unknown } | null)?.Detach === true;
  const shell = shellIn(wire, exec.container, exec.command);
  const missing = knows(shell, exec.container, exec.command)
    ? undefined
    : `OCI runtime exec failed: exec failed: unable to start container process: exec: "${exec.command[0]}": executable file not found in $PATH: unknown`;
  const again = exec.ran;
  exec.ran = true;
  if (detach) {
    if (missing) return failure(400, missing);
    if (again) return failure(409, `Error: Exec command ${exec.id} has already run`);
    context.jobs.add(
      run(shell, exec.command, () => {}).then((status) => {
        exec.exitCode = status;
      }),
    );
    return { status: 200 };
  }
  return {
    status: 101,
    async hijack() {
      wire.send(execOpening(context));
      const out = (stream: 1 | 2, text: string) =>
        wire.send(exec.tty ? text.replaceAll('\n', '\r\n') : multiplexed(stream, text));
      if (again) {
        const text = `Error: Exec command ${exec.id} has already run\r\n`;
        wire.send(multiplexed(2, text));
        return;
      }
      if (missing) {
        out(1, `${missing}\r\n`);
        exec.exitCode = 126;
        return;
      }
      if (exec.asked.AttachStdin === true && (exec.tty || isShell(exec.command)))
        exec.exitCode = await interactive(context, exec.container, exec.command);
      else exec.exitCode = await run(shell, exec.command, out);
    },
  };
}
