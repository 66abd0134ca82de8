/** How much of a text is searched, and how many addresses are taken from it. */
const textLimit = 65_536;
const countLimit = 16;

export interface Found {
  url: string;
  tool: string;
}

const tools = new Set([
  'wget',
  'curl',
  'cd1',
  'wd1',
  'tftp',
  'ftpget',
  'fetch',
  'lynx',
  'lwp-download',
  'axel',
  'aria2c',
  'certutil',
]);
const valued = new Set([
  '-O',
  '-o',
  '-P',
  '-U',
  '-A',
  '-H',
  '-d',
  '-X',
  '-T',
  '-m',
  '-e',
  '-u',
  '-p',
  '-l',
  '-r',
  '-t',
]);
const host = /^[a-z0-9]([a-z0-9.-]*[a-z0-9])?(:\d{1,5})?(\/.*)?$/i;

/**
 * Where a text tells a machine to fetch something from: the addresses given to wget, curl, tftp and ftpget, and bare
 * http, https and ftp URLs. Cuts the text into words and looks at each once.
 */
export function findDownloads(text: string): Found[] {
  const found = new Map<string, Found>();
  const add = (url: string, tool: string) => {
    if (found.size < countLimit && !found.has(url)) found.set(url, { url, tool });
  };
  for (const segment of text.slice(0, textLimit).split(/[;&|`\n\r"'<>(){}\\,\0]+|\$IFS/)) {
    const words = segment
      .split(/[\s+]+/)
      .filter(Boolean)
      .slice(0, 64);
    const at = words.findIndex((word) => tools.has(word.slice(word.lastIndexOf('/') + 1)));
    const tool = at < 0 ? '' : words[at]!.slice(words[at]!.lastIndexOf('/') + 1);
    for (const word of words) {
      const url = /(?:https?|ftp|tftp):\/\/[^\s]+/i.exec(word)?.[0];
      if (url) add(url, tool || 'url');
    }
    if (at >= 0) for (const url of argumentsOf(tool, words.slice(at + 1))) add(url, tool);
  }
  return [...found.values()];
}

function argumentsOf(tool: string, words: string[]): string[] {
  const flags = new Map<string, string>();
  const plain: string[] = [];
  for (let i = 0; i < words.length; i++) {
    const word = words[i]!;
    if (valued.has(word)) flags.set(word, words[++i] ?? '');
    else if (!word.startsWith('-')) plain.push(word);
  }
  const first = plain[0];
  if (first === undefined || first.includes('://') || !host.test(first)) return [];
  if (tool === 'tftp') {
    const get = plain.indexOf('get');
    const file = flags.get('-r') ?? flags.get('-l') ?? (get >= 0 ? plain[get + 1] : undefined);
    return file ? [`tftp://${first}/${file.replace(/^\/+/, '')}`] : [];
  }
  if (tool === 'ftpget') {
    const file = plain[2] ?? plain[1];
    return file ? [`ftp://${first}/${file.replace(/^\/+/, '')}`] : [];
  }
  // A bare word is a host only where it looks like one.
  return /^\d+\.\d+\.\d+\.\d+|\.[a-z]{2,}(:\d+)?(\/|$)/i.test(first) ? [`http://${first}`] : [];
}
