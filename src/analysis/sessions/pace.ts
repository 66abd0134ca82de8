import type { Event, EventOf } from '../../model/event.ts';
import type { Session } from './session.ts';

/** How a session's acts follow each other. Times are milliseconds. */
export interface Pace {
  /** Gaps between commands or requests that follow each other. */
  gaps: number[];
  median: number;
  /** Standard deviation of the gaps by their mean: 0 for a clock, about 1 for chance. */
  variation: number;
}

/** Nothing follows anything. */
const still: Pace = { gaps: [], median: Number.NaN, variation: Number.NaN };

export function paceOf(times: readonly number[]): Pace {
  if (times.length < 2) return still;
  const gaps: number[] = [];
  for (let i = 1; i < times.length; i++) gaps.push(Math.max(0, times[i]! - times[i - 1]!));
  const sorted = Float64Array.from(gaps).sort();
  let sum = 0;
  for (const gap of gaps) sum += gap;
  const mean = sum / gaps.length;
  let squares = 0;
  for (const gap of gaps) squares += (gap - mean) ** 2;
  const spread = Math.sqrt(squares / gaps.length);
  return { gaps, median: sorted[gaps.length >> 1]!, variation: mean === 0 ? 0 : spread / mean };
}

export function commandsOf({ events }: Pick<Session, 'events'>): EventOf<'command'>[] {
  return events.filter((event): event is EventOf<'command'> => event.kind === 'command');
}

/** The command that corrects the one before it: the same but for a letter or two, or with keys of correction in it. */
export function correction(commands: readonly EventOf<'command'>[]): Event | undefined {
  for (const [at, { input }] of commands.entries()) {
    // Backspace, delete, Ctrl-U, Ctrl-W; an arrow key.
    if (/[\u0008\u007f\u0015\u0017]|\u001b\[[ABCD]/.test(input)) return commands[at];
    const before = commands[at - 1]?.input.trim();
    if (before !== undefined && slip(before, input.trim())) return commands[at];
  }
  return undefined;
}

/** Whether a text is another with one letter wrong, missing, too many, or two turned round, in its first word. */
function slip(wrong: string, right: string): boolean {
  const [first = '', ...rest] = wrong.split(/\s+/);
  const [word = '', ...more] = right.split(/\s+/);
  if (first === word || word.length < 2 || word.length > 24 || Math.abs(first.length - word.length) > 1)
    return false;
  if (rest.join(' ') !== more.join(' ') || !/^[a-z]+$/.test(word) || !/^[a-z]+$/.test(first)) return false;
  if (first.length === word.length) {
    const differ = [...word].flatMap((letter, i) => (letter === first[i] ? [] : [i]));
    const [i = 0, j = 0] = differ;
    // Short words that differ by a letter are mostly two commands (`ls`, `ps`); two letters turned round are a slip.
    return (
      (differ.length === 1 && word.length > 3) ||
      (differ.length === 2 && j === i + 1 && word[i] === first[j] && word[j] === first[i])
    );
  }
  const [longer, shorter] = first.length > word.length ? [first, word] : [word, first];
  return (
    longer.length > 3 && [...longer].some((_, i) => longer.slice(0, i) + longer.slice(i + 1) === shorter)
  );
}

/** A command that names what only the answer to an earlier one told: a file or folder of ours, after it was listed. */
export function dependence(commands: readonly EventOf<'command'>[]): Event | undefined {
  let listed = '';
  let typed = '';
  for (const event of commands) {
    const { input } = event;
    if (listed !== '') {
      const named =
        /^\s{0,8}(?:cat|less|more|head|tail|vim?|nano|cd|file|strings|grep\s+\S+)\s+((?:[\w./~-]{1,128}\/)?[\w.-]{3,64})\s*$/.exec(
          input,
        )?.[1];
      const bare = named?.slice(named.lastIndexOf('/') + 1);
      if (bare !== undefined && !typed.includes(bare) && !known.has(bare)) return event;
    }
    if (/^\s{0,8}(?:ls|ll|dir|find|tree|cat\s+\S*history)\b/.test(input)) listed = input;
    typed += `${input.slice(0, 512)}\n`;
    if (typed.length > 65_536) return undefined;
  }
  return undefined;
}

/** Names that are there on any host. */
const known = new Set(
  'tmp etc root home var usr bin opt proc sys dev mnt srv run boot lib www log mail passwd shadow group hosts cpuinfo meminfo version mounts os-release issue hostname resolv.conf crontab sudoers fstab profile bashrc .bashrc .bash_history .profile .ssh authorized_keys known_hosts id_rsa sshd_config config shm spool cron ubuntu admin user'.split(
    ' ',
  ),
);
