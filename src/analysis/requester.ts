import type { EventOf } from '../model/event.ts';

/**
 * Agents that fetch an address because somebody else named it: link previews, crawlers, feed readers, validators, proxies
 * of pictures, web hooks. Matched anywhere in the agent's name.
 */
const fetchers =
  /bot\b|bot[/_-]|crawl|spider|preview|fetch|slurp|externalhit|embed|unfurl|proxy|monitor|uptime|feed|rss|validator|archive|lighthouse|pagespeed|whatsapp|skype|hook|translate|scan as a service/i;

/** Header values that only a browser's own machinery writes (Fetch §2.2.2, forbidden request-headers). */
const browserOnly = /^(?:sec-fetch-|sec-ch-ua)/;

/** Content types that a page may send across sites without asking first (Fetch, CORS-safelisted request-header). */
const simpleTypes = /^(?:application\/x-www-form-urlencoded|multipart\/form-data|text\/plain)(?:\s*;|$)/i;

const numericHost = /^(?:\d{1,3}(?:\.\d{1,3}){3}|\[[0-9a-f:.]+\])(?::\d+)?$/i;

/**
 * Whether somebody else than the owner of the source address could have caused this request: a page in his browser, or a
 * message whose link a server fetches. `docs/evidence.md` has the reasons. An access log tells little, so there
 * a browser's agent, or none recorded, is enough.
 */
export function thirdPartyCouldSend(event: EventOf<'request'> | EventOf<'access'>): boolean {
  if (event.kind === 'access') {
    const agent = event.agent ?? '';
    // A log without the agent cannot tell; an agent that was recorded as absent ("-", kept as empty) is no browser's.
    return event.agent === undefined || isBrowser(agent) || fetchers.test(agent);
  }
  let agent = '';
  let type: string | undefined;
  let host = '';
  let browserHeaders = false;
  for (const [name, value] of event.headers) {
    switch (name.length) {
      case 4:
        if (name.toLowerCase() === 'host') host = value;
        break;
      case 10:
        if (name.toLowerCase() === 'user-agent') agent = value;
        break;
      case 12:
        if (name.toLowerCase() === 'content-type') type = value;
        break;
      case 15: {
        const lower = name.toLowerCase();
        if (lower === 'accept-language' || lower === 'accept-encoding') browserHeaders = true;
      }
    }
    if (!browserHeaders && name.length > 8 && browserOnly.test(name.toLowerCase())) browserHeaders = true;
  }
  if (fetchers.test(agent)) return true;
  if (!isBrowser(agent) || !browserHeaders) return false;
  // Across sites only these go without a preflight; where the host is a name, it may have been rebound to us, and then
  // the page is of the same origin and may send what it likes.
  if (!numericHost.test(host)) return true;
  switch (event.method) {
    case 'GET':
    case 'HEAD':
    case 'OPTIONS':
      return true;
    case 'POST':
      return type === undefined || simpleTypes.test(type);
    default:
      return false;
  }
}

function isBrowser(agent: string): boolean {
  return agent.startsWith('Mozilla/') || agent.startsWith('Opera/');
}

/** Ports that browsers do not connect to (Fetch §2.9, bad port). */
const badPorts = new Set([
  0, 1, 7, 9, 11, 13, 15, 17, 19, 20, 21, 22, 23, 25, 37, 42, 43, 53, 69, 77, 79, 87, 95, 101, 102, 103, 104,
  109, 110, 111, 113, 115, 117, 119, 123, 135, 137, 139, 143, 161, 179, 389, 427, 465, 512, 513, 514, 515,
  526, 530, 531, 532, 540, 548, 554, 556, 563, 587, 601, 636, 989, 990, 993, 995, 1719, 1720, 1723, 2049,
  3659, 4045, 4190, 5060, 5061, 6000, 6566, 6665, 6666, 6667, 6668, 6669, 6679, 6697, 10080,
]);

/** Whether browsers refuse to connect to a port. Port 0 stands for one that a log did not tell, and is not refused. */
export function browserRefuses(port: number): boolean {
  return port !== 0 && badPorts.has(port);
}
