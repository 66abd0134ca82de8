import type { EventOf } from '../../model/event.ts';
import type { Shown } from './matcher.ts';
import { correction, dependence, paceOf } from './pace.ts';
import type { Session } from './session.ts';

export type ActorKind = 'automated' | 'hands-on' | 'agent' | 'unclassified';

/** What seems to sit at the other end, and why. */
export interface ActorView {
  kind: ActorKind;
  confidence: number;
  reasons: string[];
}

/** Points from which a kind is named, and by how many it has to lead. */
const needed = 3;
const lead = 1.5;

const libraries =
  /^SSH-[\d.]+-(?:Go|libssh|paramiko|AsyncSSH|JSCH|russh|thrussh|phpseclib|ssh2js|Nmap|ZGrab|Renci|Twisted|makiko|check_ssh|sshlib|Erlang|MEDUSA|ncrack|Granados|ruby|Net::SSH)/i;
const people =
  /^SSH-[\d.]+-(?:OpenSSH|PuTTY|SecureCRT|MoTTY|WinSCP|Termius|Bitvise|TTSSH|KiTTY|nsssh2|WeOnlyDo|Tabby|JuiceSSH)/i;
const robots =
  /^(?:curl|wget|python|go-http|libwww|java|okhttp|axios|node-fetch|aiohttp|httpx|zgrab|masscan|nuclei|nmap|custom-asynchttp|libredtail|hello|xfa|friendly-scanner|sipvicious|pplsip|sipcli)/i;

/**
 * What kind of actor a session is by: points for each thing seen, each with its sentence. A kind is named where it has enough
 * and leads clearly; else none is.
 */
export function actorKindOf(session: Session, shown: readonly Shown[], sources: number): ActorView {
  const points = { automated: 0, 'hands-on': 0, agent: 0 };
  const said: { for: keyof typeof points; says: string }[] = [];
  const count = (kind: keyof typeof points, weight: number, says: string) => {
    points[kind] += weight;
    said.push({ for: kind, says });
  };
  const commands: EventOf<'command'>[] = [];
  const requestTimes: number[] = [];
  let logins = 0;
  let client = '';
  let agent = '';
  let terminal = '';
  for (const event of session.events)
    switch (event.kind) {
      case 'command':
        commands.push(event);
        break;
      case 'login':
        logins++;
        break;
      case 'request':
        requestTimes.push(event.time);
        agent ||= event.headers.find(([name]) => name.toLowerCase() === 'user-agent')?.[1] ?? '';
        break;
      case 'fingerprint':
        if (event.method === 'banner' || event.method === 'ssh-version') client = event.value;
        else if (event.method === 'terminal' || event.method === 'ssh-pty') terminal = event.value;
        else if (event.method === 'environment' && event.value.startsWith('TERM='))
          terminal ||= event.value.slice(5);
    }
  const pace = paceOf(commands.length > 0 ? commands.map(({ time }) => time) : requestTimes);
  const { gaps, median, variation } = pace;
  const shell = session.protocol === 'ssh' || session.protocol === 'telnet';

  const [first] = shown;
  if (first)
    count(
      'automated',
      first.confidence >= 0.85 ? 3 : 1.5,
      `Its acts are those of a known sequence (${first.behaviour.name}).`,
    );
  if (sources >= 3 && commands.length > 1)
    count('automated', 2, `The same sequence came from ${sources} addresses.`);
  const fast = gaps.filter((gap) => gap < 50).length;
  if (gaps.length >= 2 && median < 50)
    count('automated', 3, `${fast} of ${gaps.length} gaps between its acts are shorter than 50 ms.`);
  else if (gaps.length >= 3 && median < 400)
    count('automated', 1.5, `Half of its acts follow each other within ${Math.round(median)} ms.`);
  const duration = session.end - session.start;
  const acts = commands.length + requestTimes.length + logins;
  if (acts >= 2 && duration < 2_000)
    count('automated', 1.5, `${acts} acts took ${(duration / 1_000).toFixed(1)} s in all.`);
  if (commands.length === 0 && logins >= 3 && duration / logins < 2_000)
    count(
      'automated',
      1.5,
      `It tried ${logins} passwords, one each ${(duration / logins / 1_000).toFixed(1)} s.`,
    );
  if (libraries.test(client)) count('automated', 1, 'Its client is a library for programs.');
  if (robots.test(agent)) count('automated', 1, 'It calls itself a program, not a browser.');
  const exec = commands.some(({ detail }) => detail?.exec === true);
  if (exec || (session.protocol === 'ssh' && commands.length > 0 && terminal === ''))
    count('automated', 1, 'Its commands came without a terminal.');

  if (shell && terminal !== '') count('hands-on', 1, 'It asked for a terminal.');
  if (people.test(client)) count('hands-on', 1, 'Its client is one that people use.');
  const uneven = gaps.length >= 3 && median >= 700 && variation >= 0.45 && gaps.some((gap) => gap > 2_000);
  if (uneven) count('hands-on', 2, 'Its commands came unevenly, with pauses of more than two seconds.');
  if (correction(commands)) count('hands-on', 2, 'It corrected what it had typed.');

  const steady = gaps.filter((gap) => gap >= 2_000 && gap <= 20_000).length;
  if (gaps.length >= 4 && steady >= 0.8 * gaps.length && variation < 0.6)
    count('agent', 1.5, 'Its commands came at even gaps of 2 to 20 seconds, as a language model answers.');
  const styled = commands.filter(
    ({ input }) => input.length > 40 && oneLiner.test(input) && marked.test(input),
  ).length;
  if (styled >= 3 && styled >= 0.5 * commands.length)
    count(
      'agent',
      2,
      'Most of its commands are long lines that silence errors and mark their parts, as language models write them.',
    );
  const depends = dependence(commands);
  if (depends) {
    count('hands-on', 1.5, 'It named what only an earlier answer could tell it.');
    if (styled > 0) count('agent', 1, 'It went on from what an earlier answer told it.');
  }

  const order = (Object.keys(points) as (keyof typeof points)[]).sort((a, b) => points[b] - points[a]);
  const [best, second] = [order[0]!, order[1]!];
  const margin = points[best] - points[second];
  if (points[best] < needed || margin < lead) {
    const reasons = said.map(({ says }) => says);
    return {
      kind: 'unclassified',
      confidence: 0,
      reasons: [...reasons, 'That does not suffice to say who it is.'],
    };
  }
  return {
    kind: best,
    confidence: Math.round(Math.min(0.99, 0.5 + margin / 12 + (points[best] - needed) / 20) * 100) / 100,
    reasons: said.filter((one) => one.for === best).map(({ says }) => says),
  };
}

const oneLiner = /[;|]|&&/;
const marked = /2>\s?\/dev\/null|echo\s+["']?(?:---|===|###)|\|\|\s*(?:echo|true)\b|\bhead -n?\s?\d/;
