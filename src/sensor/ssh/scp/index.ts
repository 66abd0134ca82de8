import { FsError, nameOf } from '../../shell/fs.ts';
import type { Channel } from '../channel/channel.ts';
import { StandardInput } from '../channel/standard-input.ts';
import type { Guest } from '../guest.ts';
import { sink } from './sink.ts';
import { source } from './source.ts';

/** `scp` on the far side: what a client runs when it copies (the protocol of rcp, BSD 4.3). */
export interface ScpRequest {
  receives: boolean;
  recursive: boolean;
  /** Times and modes go along. */
  preserve: boolean;
  /** The target must be a folder. */
  folder: boolean;
  paths: string[];
}

/** Reads `scp -t …` or `scp -f …`; undefined for any other command. */
export function scpRequest(command: string): ScpRequest | undefined {
  if (!/^(\/usr\/bin\/)?scp\s/.test(command) || /[;&|<>`$]/.test(command)) return undefined;
  const words = command.trim().split(/\s+/).slice(1);
  const request = { receives: false, recursive: false, preserve: false, folder: false };
  let sends = false;
  while (words[0]?.startsWith('-')) {
    const flags = words.shift()!;
    if (flags === '--') break;
    request.receives ||= flags.includes('t');
    sends ||= flags.includes('f');
    request.recursive ||= flags.includes('r');
    request.preserve ||= flags.includes('p');
    request.folder ||= flags.includes('d');
  }
  if (request.receives === sends || words.length === 0) return undefined;
  return { ...request, paths: words.map((word) => word.replace(/^(['"])(.*)\1$/, '$2')) };
}

/** Runs the request in a channel and resolves with its exit status. */
export async function runScp(request: ScpRequest, guest: Guest, channel: Channel): Promise<number> {
  const input = new StandardInput(channel.inbox);
  const { home } = guest.account;
  const paths = request.paths.map((path) =>
    path.startsWith('/') ? path : `${home}/${path.replace(/^~\/?/, '')}`,
  );
  try {
    return request.receives
      ? await sink(request, guest, channel, input, paths)
      : await source(request, guest, channel, input, paths);
  } catch (error) {
    if (!(error instanceof FsError)) throw error;
    channel.write(`\x01scp: ${nameOf(paths[0]!)}: ${error.message}\n`);
    return 1;
  }
}
