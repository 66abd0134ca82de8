import type { Wire } from '../emulator.ts';
import { type Attribute, type Group, given, type Message, tag, type Value } from './message.ts';
import { attributesOf, chosen, type Queue } from './printer.ts';

/** Operations by their codes (RFC 8011 §5.4.15, and CUPS's own). */
export const operations: Record<number, string> = {
  2: 'Print-Job',
  3: 'Print-URI',
  4: 'Validate-Job',
  5: 'Create-Job',
  6: 'Send-Document',
  8: 'Cancel-Job',
  9: 'Get-Job-Attributes',
  10: 'Get-Jobs',
  11: 'Get-Printer-Attributes',
  16385: 'CUPS-Get-Default',
  16386: 'CUPS-Get-Printers',
  16387: 'CUPS-Add-Modify-Printer',
  16388: 'CUPS-Delete-Printer',
  16389: 'CUPS-Get-Classes',
};

const status = {
  ok: 0,
  badRequest: 0x400,
  notPossible: 0x404,
  notFound: 0x406,
  format: 0x40a,
  unsupported: 0x501,
  version: 0x503,
};

export interface Job {
  id: number;
  name: string;
  user: string;
  format: string;
  createdAt: number;
  /** Milliseconds since the epoch; 0 while its documents are still to come. */
  whole: number;
  canceled: boolean;
  size: number;
}

/** Jobs of one attacker that are remembered; the oldest go first. */
const jobLimit = 64;
const jobCost = 512;
const textLimit = 255;
/** How long a job is printed, in milliseconds. */
const printMs = 9_000;

export interface Jobs {
  last: number;
  list: Job[];
}

export interface Asked {
  wire: Wire;
  message: Message;
  document: Buffer;
  queue: Queue;
  jobs: Jobs;
  /** Host and port as the client named them. */
  base: string;
}

interface Outcome {
  code: number;
  says?: string;
  groups?: Group[];
}

/** What CUPS answers to one request. */
export function answerTo(asked: Asked): Message {
  const { message } = asked;
  const { code, says, groups = [] } = outcome(asked);
  const operation: Attribute[] = [
    { name: 'attributes-charset', tag: tag.charset, values: ['utf-8'] },
    { name: 'attributes-natural-language', tag: tag.language, values: ['en'] },
  ];
  if (says !== undefined) operation.push({ name: 'status-message', tag: tag.text, values: [says] });
  return { ...message, code, groups: [{ tag: tag.operation, attributes: operation }, ...groups] };
}

function outcome(asked: Asked): Outcome {
  const { message, queue, wire, jobs, document } = asked;
  const [major, minor] = message.version;
  if (major !== 1 && major !== 2)
    return { code: status.version, says: `Bad request version number ${major}.${minor}.` };
  const first = message.groups[0]?.attributes ?? [];
  if (first.length === 0) return { code: status.badRequest, says: 'No attributes in request.' };
  const name = operations[message.code];
  const target = String(given(message, 'printer-uri') ?? given(message, 'job-uri') ?? '');
  if (
    first[0]?.name !== 'attributes-charset' ||
    first[1]?.name !== 'attributes-natural-language' ||
    (!target && message.code < 0x4000)
  )
    return { code: status.badRequest, says: 'Missing required attributes.' };
  if (name === undefined || name === 'Print-URI')
    return {
      code: status.unsupported,
      says: `${name ?? `0x${message.code.toString(16).padStart(4, '0')}`} not supported.`,
    };
  const wanted = wantedOf(message);
  const printer = () =>
    chosen(
      attributesOf(
        wire.persona,
        queue,
        asked.base,
        jobs.list.filter((one) => stateOf(one, wire.now()) < 7).length,
        wire.now(),
      ),
      wanted,
    );
  switch (name) {
    case 'CUPS-Get-Default':
      return { code: status.notFound, says: 'No default printer.' };
    case 'CUPS-Get-Classes':
    case 'CUPS-Add-Modify-Printer':
    case 'CUPS-Delete-Printer':
      return { code: status.ok };
    case 'CUPS-Get-Printers':
      return { code: status.ok, groups: [{ tag: tag.printer, attributes: printer() }] };
    default:
  }
  const job = jobOf(asked, target);
  if (/-Job-Attributes$|^Cancel-Job$|^Send-Document$/.test(name)) {
    if (!job) return { code: status.notFound, says: `Job #${jobNumber(message, target)} does not exist.` };
  } else if (target.replace(/^[a-z]+:\/\/[^/]*/i, '') !== `/printers/${queue.name}`)
    return { code: status.notFound, says: 'The printer or class does not exist.' };
  const format = String(given(message, 'document-format') ?? 'application/octet-stream').slice(0, textLimit);
  const refused = unsupportedFormat(asked, format);
  switch (name) {
    case 'Get-Printer-Attributes':
      return { code: status.ok, groups: [{ tag: tag.printer, attributes: printer() }] };
    case 'Get-Jobs': {
      const which = given(message, 'which-jobs');
      const shown = jobs.list.filter((one) => {
        const done = stateOf(one, wire.now()) >= 7;
        return which === 'all' || done === (which === 'completed');
      });
      return {
        code: status.ok,
        groups: shown.map((one) => ({
          tag: tag.job,
          attributes: pick(describe(asked, one), wanted, ['job-id', 'job-uri']),
        })),
      };
    }
    case 'Get-Job-Attributes':
      return { code: status.ok, groups: [{ tag: tag.job, attributes: pick(describe(asked, job!), wanted) }] };
    case 'Validate-Job':
      return refused ?? { code: status.ok };
    case 'Cancel-Job':
      if (stateOf(job!, wire.now()) >= 7)
        return { code: status.notPossible, says: `Job #${job!.id} is already completed - can't cancel.` };
      job!.canceled = true;
      return { code: status.ok };
    case 'Send-Document':
      job!.size += document.length;
      if (
        first
          .concat(message.groups.flatMap(({ attributes }) => attributes))
          .some((one) => one.name === 'last-document' && one.values[0] === true)
      )
        job!.whole = wire.now();
      return {
        code: status.ok,
        groups: [
          { tag: tag.job, attributes: brief(asked, job!).filter((one) => one.name !== 'job-state-message') },
        ],
      };
    case 'Print-Job':
      if (document.length === 0) return { code: status.badRequest, says: 'No file in print request.' };
      break;
    default:
  }
  if (refused) return refused;
  const made = begin(asked, format, name === 'Print-Job');
  return { code: status.ok, groups: [{ tag: tag.job, attributes: brief(asked, made) }] };
}

function unsupportedFormat({ wire, queue, base, message }: Asked, format: string): Outcome | undefined {
  if (message.code !== 2 && message.code !== 4) return undefined;
  const known = attributesOf(wire.persona, queue, base, 0, 0).find(
    ({ name }) => name === 'document-format-supported',
  );
  if (known?.values.includes(format)) return undefined;
  return {
    code: status.format,
    says: `Unsupported document-format "${format}".`,
    groups: [
      { tag: tag.rejected, attributes: [{ name: 'document-format', tag: tag.mime, values: [format] }] },
    ],
  };
}

function begin({ wire, message, jobs, document }: Asked, format: string, whole: boolean): Job {
  const text = (name: string) => String(given(message, name) ?? '').slice(0, textLimit);
  const now = wire.now();
  const job: Job = {
    id: ++jobs.last,
    name: text('job-name') || 'Untitled',
    user: text('requesting-user-name') || 'anonymous',
    format,
    createdAt: now,
    whole: whole ? now : 0,
    canceled: false,
    size: document.length,
  };
  if (jobs.list.length >= jobLimit) jobs.list.shift();
  else if (!wire.memory.take(jobCost)) return job;
  jobs.list.push(job);
  return job;
}

/** RFC 8011 §5.3.7: 3 pending, 4 held, 5 processing, 7 canceled, 9 completed. */
function stateOf({ whole, canceled }: Job, now: number): number {
  if (canceled) return 7;
  if (whole === 0) return 4;
  return now - whole < 1_000 ? 3 : now - whole < printMs ? 5 : 9;
}

const reasons: Record<number, string> = {
  3: 'none',
  4: 'job-incoming',
  5: 'job-printing',
  7: 'job-canceled-by-user',
  9: 'job-completed-successfully',
};

function brief({ base, wire }: Asked, job: Job): Attribute[] {
  const state = stateOf(job, wire.now());
  return [
    { name: 'job-uri', tag: tag.uri, values: [`ipp://${base}/jobs/${job.id}`] },
    { name: 'job-id', tag: tag.integer, values: [job.id] },
    { name: 'job-state', tag: tag.enum, values: [state] },
    { name: 'job-state-message', tag: tag.text, values: [''] },
    { name: 'job-state-reasons', tag: tag.keyword, values: [reasons[state]!] },
  ];
}

function describe(asked: Asked, job: Job): Attribute[] {
  return [
    ...brief(asked, job),
    { name: 'job-name', tag: tag.name, values: [job.name] },
    { name: 'job-originating-user-name', tag: tag.name, values: [job.user] },
    { name: 'document-format', tag: tag.mime, values: [job.format] },
    { name: 'job-k-octets', tag: tag.integer, values: [Math.ceil(job.size / 1_024)] },
    { name: 'time-at-creation', tag: tag.integer, values: [Math.floor(job.createdAt / 1_000)] },
    { name: 'job-printer-uri', tag: tag.uri, values: [`ipp://${asked.base}/printers/${asked.queue.name}`] },
  ];
}

function pick(attributes: Attribute[], wanted: readonly Value[], otherwise?: readonly string[]): Attribute[] {
  const names = wanted.length ? wanted : otherwise;
  return !names || names.includes('all') ? attributes : attributes.filter(({ name }) => names.includes(name));
}

function wantedOf({ groups }: Message): Value[] {
  return (
    groups.flatMap(({ attributes }) => attributes).find(({ name }) => name === 'requested-attributes')
      ?.values ?? []
  );
}

function jobNumber(message: Message, target: string): number {
  return Number(given(message, 'job-id') ?? /\/jobs\/(\d{1,9})$/.exec(target)?.[1] ?? 0);
}

function jobOf({ message, jobs }: Asked, target: string): Job | undefined {
  const id = jobNumber(message, target);
  return jobs.list.find((job) => job.id === id);
}
