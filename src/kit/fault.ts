/** Exit codes of the command line: sysexits.h names 64 (usage) and 78 (configuration). */
const table = {
  usage: { says: 'That command line cannot be used.', exit: 64, status: 400 },
  config: { says: 'The configuration has faults.', exit: 78, status: 500 },
  locked: { says: 'Another process owns this data directory.', exit: 1, status: 409 },
  'not-running': { says: 'Caltrop is not running on this data directory.', exit: 1, status: 503 },
  'not-found': { says: 'There is no such thing.', exit: 1, status: 404 },
  refused: { says: 'That is refused.', exit: 1, status: 403 },
  unauthorised: { says: 'Sign in first.', exit: 1, status: 401 },
  invalid: { says: 'The input does not have the right form.', exit: 1, status: 400 },
  'too-large': { says: 'The input is over its limit.', exit: 1, status: 413 },
  unavailable: { says: 'A part of the system does not answer.', exit: 1, status: 503 },
  'lake-missing': {
    says: 'The embedded lake (optional package chdb) is not installed: run npm ci with optional packages, or set lake.url.',
    exit: 78,
    status: 503,
  },
  internal: { says: 'This is a bug in Caltrop.', exit: 1, status: 500 },
} as const;

export type FaultCode = keyof typeof table;

/** One thing that an operator can mend: where it is, what was expected, how to mend it. */
export interface Remedy {
  path: string;
  expected: string;
  remedy?: string;
}

/** What an operator got wrong, or a part that is not there: never what an attacker did, and never a bug. */
export class Fault extends Error {
  readonly code: FaultCode;
  readonly remedies: Remedy[];

  constructor(code: FaultCode, detail = '', options: { cause?: unknown; remedies?: Remedy[] } = {}) {
    super(detail ? `${table[code].says} ${detail}` : table[code].says, { cause: options.cause });
    this.name = 'Fault';
    this.code = code;
    this.remedies = options.remedies ?? [];
  }

  /** A fault that another process tells of: what it says is whole already. */
  static told(code: FaultCode, message: string, remedies: Remedy[] = []): Fault {
    const fault = new Fault(code, '', { remedies });
    fault.message = message;
    return fault;
  }

  get exit(): number {
    return table[this.code].exit;
  }

  get status(): 400 | 401 | 403 | 404 | 409 | 413 | 500 | 503 {
    return table[this.code].status;
  }
}
