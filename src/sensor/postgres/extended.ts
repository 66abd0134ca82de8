import { Cursor, statements } from '../sql/cursor.ts';
import type { Value } from '../sql/expression.ts';
import type { Client } from './client.ts';
import { refuse } from './faults.ts';
import { dataRow, type Field, int16, int32, message, rowDescription } from './messages.ts';
import type { Outcome } from './outcome.ts';
import { execute } from './statements.ts';

const statementLimit = 64;

interface Prepared {
  text: string;
  types: number[];
}
interface Portal {
  prepared: Prepared;
  parameters: Value[];
  formats: number[];
  outcome: Outcome | null;
}

/** The extended query protocol (§55.2.3): parse, bind, describe, execute, close. */
export class Extended {
  readonly #client: Client;
  readonly #statements = new Map<string, Prepared>();
  readonly #portals = new Map<string, Portal>();

  constructor(client: Client) {
    this.#client = client;
  }

  /** Answers one message; `told` learns of each statement that is executed. Throws what makes the rest be skipped until Sync. */
  async handle(type: string, body: Buffer, told: (text: string) => void): Promise<void> {
    const { wire } = this.#client;
    const text = body.toString('latin1');
    if (type === 'P') {
      const [name = '', words = ''] = text.split('\0', 2);
      // It is read now, so that a wrong one is refused here.
      statements(words, 'postgres');
      if (this.#statements.size >= statementLimit) this.#statements.clear();
      const at = name.length + words.length + 2;
      const count = body.length >= at + 2 ? Math.min(body.readUInt16BE(at), 256) : 0;
      const types: number[] = [];
      for (let n = 0; n < count && body.length >= at + 6 + n * 4; n++)
        types.push(body.readUInt32BE(at + 2 + n * 4));
      this.#statements.set(name, { text: words, types });
      wire.send(message('1'));
    } else if (type === 'B') this.#bind(body);
    else if (type === 'D') await this.#describe(text[0] ?? '', text.slice(1).split('\0')[0]!);
    else if (type === 'E') {
      const name = text.split('\0')[0]!;
      const portal = this.#portals.get(name);
      if (!portal) throw refuse('noPortal', name);
      told(portal.prepared.text);
      const outcome = portal.outcome ?? (await this.#run(portal));
      portal.outcome = null;
      if (outcome === null) return wire.send(message('I'));
      for (const row of outcome.rows ?? []) wire.send(dataRow(row, outcome.fields ?? [], portal.formats));
      wire.send(message('C', `${outcome.tag}\0`));
    } else if (type === 'C') {
      (text[0] === 'S' ? this.#statements : this.#portals).delete(text.slice(1).split('\0')[0]!);
      wire.send(message('3'));
    }
  }

  #bind(body: Buffer): void {
    const text = body.toString('latin1');
    const [portal = '', name = ''] = text.split('\0', 2);
    const prepared = this.#statements.get(name);
    if (!prepared) throw name === '' ? refuse('noUnnamed') : refuse('noStatement', name);
    let at = portal.length + name.length + 2;
    const short = () => {
      at += 2;
      return at <= body.length ? body.readUInt16BE(at - 2) : 0;
    };
    const list = (count: number) => Array.from({ length: Math.min(count, 256) }, short);
    const given = list(short());
    const parameters: Value[] = [];
    for (let left = Math.min(short(), 256); left > 0 && at + 4 <= body.length; left--) {
      const size = body.readInt32BE(at);
      at += 4;
      const index = parameters.length;
      const bytes = size < 0 ? null : body.subarray(at, at + size);
      const coded = given.length === 1 ? given[0] : given[index];
      parameters.push(
        bytes === null
          ? null
          : coded === 1 && bytes.length === 4
            ? bytes.readInt32BE(0)
            : bytes.toString('latin1'),
      );
      at += Math.max(0, size);
    }
    const formats = list(short());
    if (this.#portals.size >= statementLimit) this.#portals.clear();
    this.#portals.set(portal, { prepared, parameters, formats, outcome: null });
    this.#client.wire.send(message('2'));
  }

  async #describe(kind: string, name: string): Promise<void> {
    const { wire } = this.#client;
    if (kind === 'S') {
      const prepared = this.#statements.get(name);
      if (!prepared) throw refuse('noStatement', name);
      const count = Math.max(
        prepared.types.length,
        ...[...prepared.text.matchAll(/\$(\d{1,3})/g)].map((each) => Math.min(Number(each[1]), 256)),
      );
      const types = Array.from({ length: count }, (_, n) => prepared.types[n] || 25);
      wire.send(message('t', int16(types.length), ...types.map(int32)));
      const fields = await this.#fields({ prepared, parameters: [], formats: [], outcome: null });
      wire.send(fields ? rowDescription(fields) : message('n'));
      return;
    }
    const portal = this.#portals.get(name);
    if (!portal) throw refuse('noPortal', name);
    const fields = await this.#fields(portal);
    wire.send(fields ? rowDescription(fields, portal.formats) : message('n'));
  }

  /** Only what gives rows is run to be described; it is then not run again. */
  async #fields(portal: Portal): Promise<Field[] | undefined> {
    if (!/^\s*\(?\s*(select|show|values)\b/i.test(portal.prepared.text)) return undefined;
    portal.outcome = await this.#run(portal);
    return portal.outcome?.fields;
  }

  async #run({ prepared, parameters }: Portal): Promise<Outcome | null> {
    const [first] = statements(prepared.text, 'postgres');
    if (!first) return null;
    this.#client.parameters = parameters;
    return execute(this.#client, new Cursor(first.text, 'postgres', first.tokens));
  }
}
