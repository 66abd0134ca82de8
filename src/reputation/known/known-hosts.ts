import { readFileSync } from 'node:fs';
import { normalName } from '../../kit/domain-name.ts';
import { Fault } from '../../kit/fault.ts';
import { PrefixMap } from '../../kit/prefix-map.ts';
import { printable } from '../../kit/printable.ts';

/** What a host can be known for. */
const kinds = ['sinkhole', 'parking', 'shared'] as const;

/** A host that tells nothing of the names on it, since it has everybody's. */
export interface KnownHost {
  kind: (typeof kinds)[number];
  /** Who runs it. */
  who: string;
  /** Where that is written. */
  source: string;
}

/** Where the hosts that ship with Caltrop are written in the package. */
export const knownHostsFile = 'models/known-hosts.tsv';
/** Lines of all files together, and characters of a field. */
const limits = { entries: 100_000, text: 256 };

/** Sinkholes, parking and shared hosts, by zone and by block of addresses. */
export class KnownHosts {
  readonly #zones = new Map<string, KnownHost>();
  readonly #blocks = new PrefixMap<KnownHost>();
  #entries = 0;

  /** Reads files of hosts; what stands in a later one wins. Throws a `Fault` that names the line which cannot be used. */
  static read(paths: readonly string[]): KnownHosts {
    const known = new KnownHosts();
    for (const path of paths) {
      let text: string;
      try {
        text = readFileSync(path, 'utf8');
      } catch (cause) {
        throw wrong(path, 'a file that can be read', cause);
      }
      text.split('\n').forEach((line, n) => {
        if (line.trim() !== '' && !line.startsWith('#') && !known.add(line.trimEnd()))
          throw wrong(`${path}, line ${n + 1}`, `kind, host, who and source between tabs, not ${line}`);
      });
    }
    return known;
  }

  /** Adds one line: kind, host, who, source, between tabs. False for what is none. */
  add(line: string): boolean {
    const [name, host = '', who = '', source = '', ...rest] = line.split('\t');
    const kind = kinds.find((one) => one === name);
    if (!kind || who === '' || rest.length > 0 || this.#entries >= limits.entries) return false;
    const known = { kind, who: who.slice(0, limits.text), source: source.slice(0, limits.text) };
    this.#entries++;
    if (this.#blocks.set(host, known)) return true;
    const zone = normalName(host);
    if (zone === null) return false;
    this.#zones.set(zone, known);
    return true;
  }

  /** What an address is known for. */
  ofAddress(ip: string): KnownHost | undefined {
    return this.#blocks.get(ip);
  }

  /** What a host is known for by its name: that of the longest zone that it stands in. */
  ofName(name: string): KnownHost | undefined {
    for (let zone = name; ; ) {
      const known = this.#zones.get(zone);
      const dot = zone.indexOf('.');
      if (known || dot < 0) return known;
      zone = zone.slice(dot + 1);
    }
  }

  /** All zones that are known. */
  zones(): Iterable<string> {
    return this.#zones.keys();
  }
}

function wrong(path: string, expected: string, cause?: unknown): Fault {
  return new Fault('config', '', {
    cause,
    remedies: [{ path: printable(path, 400), expected: printable(expected, 200) }],
  });
}
