import type { Wire } from '../emulator.ts';
import { challengeTo, findNtlm, type Naming } from '../ntlm/messages.ts';
import { accepted, isWrapped, respond } from '../ntlm/spnego.ts';
import { drawNonce, tellAnswer } from '../ntlm/tell.ts';
import { status } from './frame.ts';

/** What the machine is, for all of its dialects. */
export interface Machine {
  naming: Naming;
  nativeOs: string;
  nativeLan: string;
  guid: Buffer;
  /** Of SMB 2 and 3, the newest first. */
  dialects: readonly number[];
  /** Workstations take less at once than servers. */
  maxBuffer: number;
  /** Answers the probe for MS17-010 as a machine without the patch. */
  vulnerable: boolean;
}

export interface Outcome {
  status: number;
  blob: Buffer;
}

/** One connection's state: the challenge that was given, and whether a session without a name is open. */
export class Peer {
  readonly wire: Wire;
  readonly machine: Machine;
  readonly nonce: Buffer;
  anonymous = false;

  constructor(wire: Wire, machine: Machine) {
    this.wire = wire;
    this.machine = machine;
    this.nonce = drawNonce(wire);
  }

  /** One step of a login by NTLM, wrapped or not. */
  step(token: Buffer, detail: Record<string, string | number>): Outcome {
    const none = Buffer.alloc(0);
    const found = findNtlm(token);
    if (found?.type === 1) {
      const { message } = challengeTo(found.message, this.machine.naming, this.nonce, this.wire.now());
      return { status: status.moreProcessing, blob: isWrapped(token) ? respond(message) : message };
    }
    if (found?.type !== 3) return { status: status.invalidParameter, blob: none };
    const user = tellAnswer(this.wire, found.message, this.nonce, detail);
    this.anonymous = user === '';
    if (!this.anonymous) return { status: status.logonFailure, blob: none };
    return { status: status.success, blob: isWrapped(token) ? accepted() : none };
  }

  /** Which share is asked for: the pipes are open to who has no name, the others to nobody. */
  share(path: string, dialect: string): number {
    const name = path.slice(path.lastIndexOf('\\') + 1).toUpperCase();
    const known = /^(IPC|ADMIN|[A-Z])\$$/.test(name);
    const given = name === 'IPC$' && this.anonymous;
    this.wire.emit({
      kind: 'command',
      input: `tree connect ${path.slice(0, 1_024)}`,
      ok: given,
      detail: { dialect },
    });
    return given ? status.success : known ? status.accessDenied : status.badNetworkName;
  }
}
