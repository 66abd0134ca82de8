import type { Connection } from './connection.ts';

/** A Redis client: commands as arrays of bulk strings (RESP2), the answers as they come. */
export class RedisClient {
  readonly #connection: Connection;

  constructor(connection: Connection) {
    this.#connection = connection;
  }

  /** Sends a command and gives its answer, without its end. Null where the peer has gone. */
  async command(...words: string[]): Promise<string | null> {
    this.#connection.send(
      `*${words.length}\r\n${words.map((word) => `$${word.length}\r\n${word}\r\n`).join('')}`,
    );
    return this.#answer();
  }

  async close(): Promise<void> {
    await this.#connection.close();
  }

  async #answer(): Promise<string | null> {
    const line = await this.#connection.until(/^[^\r]*\r\n/);
    if (line === null) return null;
    const [type] = line;
    const rest = line.slice(1, -2);
    const size = Number(rest);
    if (type === '$') return size < 0 ? '' : ((await this.#bulk(size)) ?? null);
    if (type !== '*') return line.slice(0, -2);
    const items: string[] = [];
    for (let i = 0; i < Math.min(size, 10_000); i++) {
      const item = await this.#answer();
      if (item === null) return null;
      items.push(item);
    }
    return items.join('\n');
  }

  async #bulk(size: number): Promise<string | null> {
    const text = await this.#connection.until(new RegExp(`^[\\s\\S]{${Math.min(size, 60_000)}}\\r\\n`));
    return text === null ? null : text.slice(0, -2);
  }
}
