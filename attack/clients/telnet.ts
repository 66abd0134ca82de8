import type { Connection } from './connection.ts';

const prompt = /[#$>] $/;
const asksName = /(?:login|user(?:name)?): ?$/i;
const asksSecret = /password: ?$/i;
const answersToOffers = /\xff[\xfb-\xfe][\s\S]/g;

/** A telnet client that refuses every option (RFC 854), as loaders do. */
export class TelnetClient {
  readonly #connection: Connection;

  constructor(connection: Connection) {
    this.#connection = connection;
  }

  /** Tries one pair. True where a shell answers, false where it is refused, null where the peer has gone. */
  async login(user: string, secret: string): Promise<boolean | null> {
    if ((await this.#expect(asksName)) === null) return null;
    this.#connection.send(`${user}\r\n`);
    if ((await this.#expect(asksSecret)) === null) return null;
    this.#connection.send(`${secret}\r\n`);
    const answer = await this.#expect(/[#$>] $|incorrect|failed|denied/i);
    return answer === null ? null : prompt.test(answer);
  }

  /** Sends a line and gives what is shown up to the next prompt. Null where the peer has gone. */
  async line(text: string): Promise<string | null> {
    this.#connection.send(`${text}\r\n`);
    return this.#expect(prompt);
  }

  async close(): Promise<void> {
    await this.#connection.close();
  }

  async #expect(pattern: RegExp): Promise<string | null> {
    const text = await this.#connection.until(pattern);
    if (text === null) return null;
    let refusals = '';
    for (const [offer] of text.matchAll(answersToOffers)) {
      const [, verb, option] = offer;
      // WILL is answered with DONT, DO with WONT; refusals are not answered.
      if (verb === '\xfb') refusals += `\xff\xfe${option}`;
      if (verb === '\xfd') refusals += `\xff\xfc${option}`;
    }
    if (refusals) this.#connection.send(refusals);
    return text.replace(answersToOffers, '');
  }
}
