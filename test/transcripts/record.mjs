// Records what a real server answers, on loopback: node record.mjs PROTOCOL PORT [USER PASSWORD] < words > PROTOCOL/name.txt
// `words`: one thing to say a line (escapes as in a string literal), or one statement for the databases.
import { createHash } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { connect } from 'node:net';
import { setTimeout as sleep } from 'node:timers/promises';

const [protocol, port, user = 'root', password = ''] = process.argv.slice(2);
const quietMs = 250;
const escaped = (bytes) =>
  bytes.toString('latin1').replace(/[\\\n\r\t]|[^ -~]/g, (char) => {
    const known = { '\\': '\\\\', '\n': '\\n', '\r': '\\r', '\t': '\\t' }[char];
    return known ?? `\\x${char.charCodeAt(0).toString(16).padStart(2, '0')}`;
  });
const unescaped = (text) =>
  text.replace(/\\(x([0-9a-f]{2})|.)/g, (_, char, hex) =>
    hex ? String.fromCharCode(Number.parseInt(hex, 16)) : ({ n: '\n', r: '\r', t: '\t' }[char] ?? char),
  );

const socket = connect(Number(port), '127.0.0.1');
let heard = [];
let last = Date.now();
let over = false;
socket.on('data', (bytes) => {
  heard.push(bytes);
  last = Date.now();
});
socket.on('close', () => {
  over = true;
});
socket.on('error', () => {});

async function answer() {
  last = Date.now();
  while (!over && (Date.now() - last < quietMs || (heard.length === 0 && Date.now() - last < 12 * quietMs)))
    await sleep(20);
  const bytes = Buffer.concat(heard);
  heard = [];
  return bytes;
}
const tell = (mark, bytes) => {
  if (bytes.length) console.log(`${mark} ${escaped(Buffer.from(bytes))}`);
};

const sha = (...pieces) => createHash('sha1').update(Buffer.concat(pieces)).digest();
const packet = (sequence, body) => {
  const head = Buffer.alloc(4);
  head.writeUIntLE(body.length, 0, 3);
  head[3] = sequence;
  return Buffer.concat([head, body]);
};

const speak = {
  /** Text protocols: says each line as it is. */
  async text(lines) {
    tell('<', await answer());
    for (const line of lines) {
      if (over) break;
      console.log(`> ${line}`);
      socket.write(Buffer.from(unescaped(line), 'latin1'));
      tell('<', await answer());
    }
  },
  async mysql(lines) {
    const greeting = await answer();
    tell('<', greeting);
    const zero = greeting.indexOf(0, 5);
    const salt = Buffer.concat([
      greeting.subarray(zero + 5, zero + 13),
      greeting.subarray(zero + 32, zero + 44),
    ]);
    const one = sha(Buffer.from(password));
    const two = sha(salt, sha(one));
    const proof = Buffer.from(one.map((byte, i) => byte ^ two[i]));
    const head = Buffer.alloc(32);
    head.writeUInt32LE(0x000fa205, 0);
    head.writeUInt32LE(0x1000000, 4);
    head[8] = 45;
    const body = Buffer.concat([
      head,
      Buffer.from(`${user}\0`),
      Buffer.from([20]),
      proof,
      Buffer.from('mysql_native_password\0'),
    ]);
    socket.write(packet(1, body));
    tell('<', await answer());
    for (const line of lines) {
      if (over) break;
      console.log(`> ${line}`);
      // `!` and hexadecimal digits: a command other than COM_QUERY.
      const bytes = line.startsWith('!')
        ? Buffer.from(line.slice(1), 'hex')
        : Buffer.from(`\x03${unescaped(line)}`, 'latin1');
      socket.write(packet(0, bytes));
      tell('<', await answer());
    }
  },
  async postgres(lines) {
    const startup = Buffer.from(`\0\x03\0\0user\0${user}\0database\0postgres\0\0`, 'latin1');
    const size = Buffer.alloc(4);
    size.writeUInt32BE(startup.length + 4);
    socket.write(Buffer.concat([size, startup]));
    tell('<', await answer());
    for (const line of lines) {
      if (over) break;
      console.log(`> ${line}`);
      const body = Buffer.from(`${unescaped(line)}\0`, 'latin1');
      const head = Buffer.alloc(5);
      head.write('Q');
      head.writeUInt32BE(body.length + 4, 1);
      socket.write(Buffer.concat([head, body]));
      tell('<', await answer());
    }
  },
};

const lines = readFileSync(0, 'latin1')
  .split('\n')
  .filter((line) => line !== '' && !line.startsWith('# '));
await (speak[protocol] ?? speak.text)(lines);
socket.destroy();
