import { z } from 'zod';
import { printable } from '../../kit/printable.ts';
import { defineEmulator, type Wire } from '../emulator.ts';
import { authenticate } from '../smtp/auth.ts';
import {
  Body,
  createQueueId,
  readChunk,
  readData,
  sizeLimit,
  type Transaction,
  tellMessage,
} from '../smtp/mail.ts';
import { tellClientHello } from '../tls/tell.ts';

/** smtpd_hard_error_limit, smtpd_soft_error_limit, smtpd_recipient_limit, line_length_limit. */
const limits = { hard: 20, soft: 10, recipients: 1_000, line: 2_048 } as const;
const local = new Set([
  'root',
  'postmaster',
  'admin',
  'webmaster',
  'mail',
  'daemon',
  'nobody',
  'www-data',
  'backup',
]);

/** SMTP as Debian's and Ubuntu's Postfix speak it, with TLS (RFC 5321, 3207). Mail is kept and goes nowhere. */
export const smtp = defineEmulator({
  name: 'smtp',
  summary: 'Postfix mail server',
  port: 25,
  highPort: 2525,
  options: z.strictObject({
    /** Its full name; empty: the machine's. */
    hostname: z.string().max(255).default(''),
    /** Whether it seems to take mail for anywhere from anyone. */
    openRelay: z.boolean().default(false),
    auth: z.boolean().default(true),
    /** smtpd_tls_security_level = may, as the package sets it. */
    tls: z.boolean().default(true),
  }),

  async session(wire, options) {
    const { hostname, domain } = wire.persona;
    const host = options.hostname || `${hostname.toLowerCase()}.${domain}`;
    await new Postfix(wire, host, options).run();
  },
});

interface Options {
  openRelay: boolean;
  auth: boolean;
  tls: boolean;
}

class Postfix {
  readonly #wire: Wire;
  readonly #host: string;
  readonly #options: Options;
  #secured = false;
  #greeted = '';
  #trusted = false;
  #errors = 0;
  #mail: Transaction = empty();

  constructor(wire: Wire, host: string, options: Options) {
    this.#wire = wire;
    this.#host = host;
    this.#options = options;
  }

  async run(): Promise<void> {
    const wire = this.#wire;
    const maker = wire.persona.system.id === 'ubuntu' ? 'Ubuntu' : 'Debian/GNU';
    wire.send(`220 ${this.#host} ESMTP Postfix (${maker})\r\n`);
    for (;;) {
      const line = await wire.line();
      if (line === null) return;
      const text = line.slice(0, limits.line).trimEnd();
      const word = /^\S*/.exec(text)![0].toUpperCase();
      const argument = text.slice(word.length).trim();
      if (word !== 'AUTH') wire.emit({ kind: 'command', input: printable(text), ok: verbs.has(word) });
      if (word === 'STARTTLS' && !argument && this.#options.tls && !this.#secured) {
        if (!(await this.#secure())) return;
        continue;
      }
      const reply = await this.#answer(word, argument);
      if (reply === null) return;
      if (/^5|^4/.test(reply)) {
        this.#errors++;
        if (this.#errors > limits.hard)
          return wire.send(`421 4.7.0 ${this.#host} Error: too many errors\r\n`);
        if (this.#errors > limits.soft) await wire.pause(1_000);
      }
      wire.send(`${reply}\r\n`);
      if (reply.startsWith('221')) return;
    }
  }

  async #answer(word: string, argument: string): Promise<string | null> {
    switch (word) {
      case '':
        return '500 5.5.2 Error: bad syntax';
      case 'HELO':
      case 'EHLO':
        return this.#hello(word, argument);
      case 'MAIL':
        return this.#from(argument);
      case 'RCPT':
        return this.#to(argument);
      case 'DATA':
        return this.#data(argument);
      case 'BDAT':
        return this.#chunk(argument);
      case 'AUTH':
        return this.#auth(argument);
      case 'RSET':
        this.#mail = empty();
        return argument ? '501 5.5.4 Syntax: RSET' : '250 2.0.0 Ok';
      case 'NOOP':
        return '250 2.0.0 Ok';
      case 'VRFY':
        return argument ? this.#verify(argument) : '501 5.5.4 Syntax: VRFY address';
      case 'ETRN':
        if (!this.#greeted) return '503 Error: send HELO/EHLO first';
        return argument ? `459 <${argument}>: service unavailable` : '500 Syntax: ETRN domain';
      case 'STARTTLS':
        if (argument) return '501 5.5.4 Syntax: STARTTLS';
        return this.#secured
          ? '554 5.5.1 Error: TLS already active'
          : '502 5.5.1 Error: command not implemented';
      case 'QUIT':
        return '221 2.0.0 Bye';
      default:
        // smtpd_forbidden_commands: CONNECT GET POST, and whatever starts with no letter; header lines (smtpd.c, smtpd_cmd_table).
        if (
          /^(CONNECT|GET|POST|USER-AGENT:|RECEIVED:|REPLY-TO:|MESSAGE-ID:|SUBJECT:|FROM:|[^A-Z])/.test(word)
        )
          return '221 2.7.0 Error: I can break rules, too. Goodbye.';
        return '500 5.5.2 Error: command not recognized';
    }
  }

  /** What was said before counts no more (RFC 3207 §4.2). */
  async #secure(): Promise<boolean> {
    this.#wire.send('220 2.0.0 Ready to start TLS\r\n');
    if (!(await tellClientHello(this.#wire)) || !(await this.#wire.startTls())) return false;
    this.#secured = true;
    this.#greeted = '';
    this.#trusted = false;
    this.#mail = empty();
    return true;
  }

  #hello(word: string, argument: string): string {
    if (!argument) return `501 Syntax: ${word} hostname`;
    this.#mail = empty();
    this.#greeted = argument;
    this.#wire.emit({
      kind: 'fingerprint',
      method: 'smtp-hello',
      value: `${word} ${printable(argument, 512)}`,
    });
    if (word === 'HELO') return `250 ${this.#host}`;
    const offers = [
      'PIPELINING',
      `SIZE ${sizeLimit}`,
      'VRFY',
      'ETRN',
      ...(this.#options.tls && !this.#secured ? ['STARTTLS'] : []),
      ...(this.#options.auth ? ['AUTH PLAIN LOGIN'] : []),
      'ENHANCEDSTATUSCODES',
      '8BITMIME',
      'DSN',
      'SMTPUTF8',
      'CHUNKING',
    ];
    return [this.#host, ...offers]
      .map((offer, index) => `250${index === offers.length ? ' ' : '-'}${offer}`)
      .join('\r\n');
  }

  async #auth(argument: string): Promise<string | null> {
    if (!this.#greeted) return '503 5.5.1 Error: send HELO/EHLO first';
    if (!this.#options.auth) return '503 5.5.1 Error: authentication not enabled';
    if (this.#mail.sender !== null) return '503 5.5.1 Error: MAIL transaction in progress';
    if (this.#trusted) return '503 5.5.1 Error: already authenticated';
    const outcome = await authenticate(this.#wire, argument);
    this.#trusted = outcome?.ok ?? false;
    return outcome?.reply ?? null;
  }

  #from(argument: string): string {
    if (this.#mail.sender !== null) return '503 5.5.1 Error: nested MAIL command';
    const [, address, more = ''] =
      /^from:\s*<([^<>]*)>\s*(.*)$/i.exec(argument) ?? /^from:\s*([^\s<>]+)\s*(.*)$/i.exec(argument) ?? [];
    if (address === undefined) return '501 5.5.4 Syntax: MAIL FROM:<address>';
    for (const option of more.split(/\s+/).filter(Boolean)) {
      const [, name = '', value = ''] = /^([^=]+)=?(.*)$/.exec(option) ?? [];
      if (/^size$/i.test(name)) {
        if (!/^\d{1,15}$/.test(value)) return '501 5.5.4 Bad message size syntax';
        if (Number(value) > sizeLimit) return '552 5.3.4 Message size exceeds fixed limit';
      } else if (!/^(body|auth|ret|envid|smtputf8)$/i.test(name))
        return `555 5.5.4 Unsupported option: ${option}`;
    }
    if (address !== '' && /[^\x21-\x7e]/.test(address)) return '501 5.1.7 Bad sender address syntax';
    this.#mail.sender = address;
    return '250 2.1.0 Ok';
  }

  #to(argument: string): string {
    if (this.#mail.sender === null) return '503 5.5.1 Error: need MAIL command';
    const [, address] = /^to:\s*<([^<>]+)>/i.exec(argument) ?? /^to:\s*([^\s<>]+)/i.exec(argument) ?? [];
    if (!address) return '501 5.5.4 Syntax: RCPT TO:<address>';
    if (this.#mail.recipients.length >= limits.recipients) return '452 4.5.3 Error: too many recipients';
    const refusal = this.#route(address);
    if (refusal) return refusal;
    this.#mail.recipients.push(address);
    return '250 2.1.5 Ok';
  }

  /** Why an address is not taken: smtpd_relay_restrictions and the local recipient table. */
  #route(address: string): string | null {
    const [user = '', domain] = address.split('@');
    const here =
      domain === undefined ||
      [this.#host, 'localhost', `localhost.${this.#host.replace(/^[^.]*\./, '')}`].includes(
        domain.toLowerCase(),
      );
    if (!here)
      return this.#options.openRelay || this.#trusted ? null : `454 4.7.1 <${address}>: Relay access denied`;
    const known = local.has(user.toLowerCase()) || user === this.#wire.persona.admin;
    return known
      ? null
      : `550 5.1.1 <${address}>: Recipient address rejected: User unknown in local recipient table`;
  }

  #verify(argument: string): string {
    const address = argument.replace(/^<|>$/g, '');
    return this.#route(address) ?? `252 2.0.0 ${address}`;
  }

  #ready(): string | null {
    if (this.#mail.recipients.length) return null;
    return this.#mail.sender === null
      ? '503 5.5.1 Error: need RCPT command'
      : '554 5.5.1 Error: no valid recipients';
  }

  async #data(argument: string): Promise<string | null> {
    const refusal = argument ? '501 5.5.4 Syntax: DATA' : this.#ready();
    if (refusal) return refusal;
    this.#wire.send('354 End data with <CR><LF>.<CR><LF>\r\n');
    const { body, whole } = await readData(this.#wire);
    const id = this.#queue(body, whole);
    if (!whole) return null;
    return body.size > sizeLimit ? '552 5.3.4 Message file too big' : `250 2.0.0 Ok: queued as ${id}`;
  }

  async #chunk(argument: string): Promise<string | null> {
    const [, size, last] = /^(\d{1,9})( last)?$/i.exec(argument) ?? [];
    if (size === undefined) return '521 5.5.4 Syntax: BDAT count [LAST]';
    const refusal = this.#ready();
    const { chunks } = this.#mail;
    const whole = await readChunk(this.#wire, Number(size), chunks);
    if (refusal) return whole ? `551 5.0.0 Discarded ${size} bytes after earlier error` : null;
    if (whole && !last) return `250 2.0.0 Ok: ${size} bytes`;
    const id = this.#queue(chunks, whole);
    return whole ? `250 2.0.0 Ok: ${chunks.size} bytes queued as ${id}` : null;
  }

  #queue(body: Body, whole: boolean): string {
    const id = createQueueId(this.#wire);
    tellMessage(this.#wire, this.#mail, body, whole, id);
    this.#mail = empty();
    return id;
  }
}

const empty = (): Transaction => ({ sender: null, recipients: [], chunks: new Body() });
const verbs = new Set([
  'HELO',
  'EHLO',
  'MAIL',
  'RCPT',
  'DATA',
  'BDAT',
  'AUTH',
  'RSET',
  'NOOP',
  'VRFY',
  'ETRN',
  'STARTTLS',
  'QUIT',
]);
