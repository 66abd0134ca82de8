import { normalName } from '../../kit/domain-name.ts';
import { parsePrefix } from '../../kit/ip.ts';
import { PrefixMap } from '../../kit/prefix-map.ts';
import { ownedDomain } from '../../model/registered-domain.ts';
import { type FeedEntry, FeedProblem } from '../feeds/format.ts';
import { isRow, listOf, parseJson, type Row, textOf } from '../feeds/json.ts';
import { hostOf } from '../feeds/value.ts';

/** What is read of warning lists at the most. */
export const warningLimits = { lists: 1_000, entries: 5_000_000 } as const;

/** A list that names an entry. On a `context` list attackers live among others: it says something of an entry, not that it is wrong. */
export interface Warning {
  list: string;
  context: boolean;
}

/**
 * Lists on which bad names and addresses are as much at home as good ones: clouds, content networks, VPNs, dynamic DNS, what lets
 * strangers host, where seized names point to, and who scans for research: they do what a list of scanners says. By the identifiers of https://github.com/MISP/misp-warninglists.
 */
const contextLists =
  /^(?:amazon-aws|google-gcp|microsoft-azure.*|oracle-oci|ovh-cluster|cloudflare|fastly|akamai|stackpath|bunny-net|zscaler|icloud-private-relay|vpn-ipv[46]|dynamic-dns|url-shortener|link-in-bio|lots-project|disposable-email|parking-domain.*|sinkholes|public-ipfs-gateways|telegram-ips|github|.*scann(?:er|ing)|shadowserver|palo-alto-networks-.*|tenable-cloud-.*|umich-cse-.*)$/;

/**
 * Warning lists as MISP writes them: names, addresses, blocks and hashes whose listing is likely a mistake. Exact names (`string`),
 * names with all under them (`hostname`) and blocks (`cidr`) are used; parts of text and regular expressions are counted only.
 */
export class WarningLists {
  readonly #exact = new Map<string, Warning>();
  readonly #names = new Map<string, Warning>();
  readonly #blocks = new PrefixMap<Warning>();
  lists = 0;
  entries = 0;
  /** Entries of lists that are not used, and entries that are none. */
  unused = 0;

  /** Adds a list; `id` where the file itself has none. */
  add(list: Row, id = ''): void {
    const name = textOf(list.id) || id || textOf(list.name).slice(0, 128);
    if (++this.lists > warningLimits.lists) throw new FeedProblem('too many warning lists');
    const warning: Warning = { list: name, context: contextLists.test(name) };
    for (const one of listOf(list.list ?? list.entries)) {
      if (++this.entries > warningLimits.entries) throw new FeedProblem('too many entries of warning lists');
      if (!this.#put(textOf(list.type), textOf(one), warning)) this.unused++;
    }
  }

  #put(type: string, text: string, warning: Warning): boolean {
    if (type === 'cidr') return this.#set(text, warning);
    if (type !== 'string' && type !== 'hostname') return false;
    const name = normalName(text.replace(/^\./, ''));
    // A list that says that something is wrong outweighs one that only says what it is.
    const into = type === 'hostname' ? this.#names : this.#exact;
    const key = name ?? text.toLowerCase();
    if (key === '' || key.length > 2_048) return false;
    if (into.get(key)?.context !== false) into.set(key, warning);
    return true;
  }

  #set(text: string, warning: Warning): boolean {
    const block = parsePrefix(text);
    if (!block) return false;
    const inner = this.#blocks.get(text.split('/', 1)[0]!);
    if (!(warning.context && inner && !inner.context)) this.#blocks.set(block, warning);
    return true;
  }

  /**
   * The list that names an entry, or null. A URL counts as its host only where it names nothing on it: a file on a popular
   * host is not the host. A stranger's name under a shared suffix is not the suffix.
   */
  match({ type, value }: Pick<FeedEntry, 'type' | 'value'>): Warning | null {
    switch (type) {
      case 'domain':
        return this.#name(value);
      case 'ip':
        return this.#blocks.get(value) ?? null;
      case 'ip:port':
        return this.#blocks.get(value.replace(/:\d+$/, '').replace(/^\[|\]$/g, '')) ?? null;
      case 'cidr':
        return this.#blocks.overlapping(value) ?? null;
      case 'hash':
        return this.#exact.get(value) ?? null;
      default: {
        const { pathname, search } = new URL(value);
        if (pathname !== '/' || search !== '') return this.#exact.get(value.toLowerCase()) ?? null;
        const host = hostOf(value);
        return this.#name(host) ?? this.#blocks.get(host) ?? null;
      }
    }
  }

  #name(name: string): Warning | null {
    const exact = this.#exact.get(name) ?? this.#names.get(name);
    if (exact) return exact;
    const owned = ownedDomain(name);
    if (owned === null) return null;
    for (let at = name.indexOf('.'); at >= 0; at = name.indexOf('.', at + 1)) {
      const parent = name.slice(at + 1);
      if (parent.length < owned.length) return null;
      const found = this.#names.get(parent);
      if (found) return found;
    }
    return null;
  }
}

/** Reads a file of one warning list, or of one a line. `id` is what a list without a name of its own is called. Throws `FeedProblem`. */
export function readWarningLists(text: string, id: string, into = new WarningLists()): WarningLists {
  const rows = /^\s*\{[^\n]*\}\s*\n\s*\{/.test(text)
    ? text.split('\n').filter(Boolean).map(parseJson)
    : [parseJson(text)];
  for (const row of rows) {
    if (!isRow(row) || !Array.isArray(row.list ?? row.entries))
      throw new FeedProblem('it is no warning list');
    into.add(row, id);
  }
  return into;
}
