import { canonicalIp } from '../../kit/ip.ts';
import type { Standing } from '../enforcer.ts';

/** The elements of `ipset save`: `add NAME ELEMENT timeout SECONDS`. One without a timeout (0) is not ours: it never ends. */
export function readSave(part: string, text: string, now: number): Standing[] {
  const found: Standing[] = [];
  for (const line of text.split('\n')) {
    const [verb, , element = '', word, seconds] = line.split(' ');
    if (verb !== 'add') continue;
    const timed = word === 'timeout' && Number(seconds) > 0;
    const until = timed ? now + Number(seconds) * 1_000 : Number.MAX_SAFE_INTEGER;
    found.push({ key: `${part} ${keyText(part, element)}`, until });
  }
  return found;
}

function keyText(part: string, element: string): string {
  const [who = '', service] = element.split(',');
  const [address = '', length] = who.split('/');
  const range = part.startsWith('range') ? `/${length ?? (address.includes(':') ? 128 : 32)}` : '';
  const source = `${canonicalIp(address) ?? address}${range}`;
  if (service === undefined) return source;
  const [transport, port] = service.split(':');
  return `${source} ${transport} ${port}`;
}
