import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { parseEvent } from '../../model/event.ts';
import { encode } from '../adb/message.ts';
import type { Emulator, StreamEmulator } from '../emulator.ts';
import { defaultLimits } from '../limits.ts';
import { Memories } from '../memory.ts';
import { meet, post } from '../play.ts';
import { emulators } from './index.ts';

const runs = Number(process.env.CALTROP_FUZZ_RUNS ?? 10_000);

/** A client's KEXINIT as a whole packet (RFC 4253 §7.1): what follows meets the key exchange. */
const sshKexInit = (() => {
  const lists = [
    'curve25519-sha256',
    'ssh-ed25519',
    ...Array(2).fill('aes128-ctr'),
    ...Array(2).fill('hmac-sha1'),
  ];
  const names = [...lists, 'none', 'none', '', ''].map(
    (list) => `\0\0\0${String.fromCharCode(list.length)}${list}`,
  );
  const payload = `\x14${'\x07'.repeat(16)}${names.join('')}\0\0\0\0\0`;
  const padding = 16 - ((payload.length + 5) % 8);
  const length = 1 + payload.length + padding;
  return `\0\0${String.fromCharCode(length >> 8, length & 255, padding)}${payload}${'\0'.repeat(padding)}`;
})();
const binary = (command: string, arg0: number, arg1: number, data = '') =>
  encode(command, arg0, arg1, Buffer.from(data, 'latin1')).toString('latin1');

const mongo = (opcode: number, body: string) =>
  `${String.fromCharCode((16 + body.length) & 255)}\0\0\0\x07\0\0\0\0\0\0\0${String.fromCharCode(opcode & 255, opcode >> 8)}\0\0${body}`;

/** Words of each protocol, so that random input gets past its first byte. */
const words: Record<string, string[]> = {
  ipp: [
    'OPTIONS / HTTP/1.1\r\nHost: a\r\n\r\n',
    'POST /printers/a HTTP/1.1\r\nHost: a\r\nContent-Type: application/ipp\r\nContent-Length: 10\r\n\r\n\x02\0\0\x0b\0\0\0\x07\x01\x03',
    'POST / HTTP/1.1\r\nHost: a\r\nContent-Type: application/ipp\r\nContent-Length: 72\r\n\r\n\x02\0\x40\x02\0\0\0\x07\x01G\0\x12attributes-charset\0\x05utf-8H\0\x1battributes-natural-language\0\x02en\x03',
    '\0\x12attributes-charset\0\x05utf-8',
  ],
  telnet: [
    'root\r\nadmin\r\n',
    '\xff\xfa\x18',
    '\xff\xf0',
    '\xff\xfb\x01',
    '\r\0',
    '\n',
    'sh\r\n',
    '/bin/busybox X;',
    'while true; do',
    'done\r\n',
    '$(',
    '`',
    ')',
    '>/tmp/x',
    '<',
    '|',
    "'",
    '"',
    'echo -e "\\x41"',
    '\x03',
    '\x04',
    '\x7f',
    'cat << E\r\n',
    '${a:-',
    '}',
    '$((1/0))',
    'dd if=/bin/sh of=/tmp/x\r\n',
    'cp /bin/sh /tmp/s;',
    'rm -rf /\r\n',
    'for i in 1 2;',
    'case x in',
  ],
  ssh: [
    'SSH-2.0-x\r\n',
    'SSH-2.0-',
    '\r\n',
    'SSH-1.5-x\n',
    '\0\0\x01\x14\x08\x14',
    '\0\0\0\x0c\x0a\x15\0\0\0\0\0\0\0\0\0\0',
    '\0\0\0\x0c\x06\x02\0\0\0\x01x\0\0\0\0\0\0',
    '\0\0\0\x1c\x04\x14',
    '\0\0\0\x2c\x05\x1e\0\0\0\x20',
    '\x0f\xff\xff\xff',
    '\xff\xff\xff\xff',
    'curve25519-sha256,ext-info-c',
    'kex-strict-c-v00@openssh.com',
    sshKexInit,
  ],
  http: [
    'GET / HTTP/1.1\r\n',
    'Host: x\r\n',
    '\r\n',
    'POST /login.php HTTP/1.1\r\n',
    'Content-Length: 5\r\n',
    'Transfer-Encoding: chunked\r\n',
    '5\r\nhello\r\n',
    '0\r\n\r\n',
    '/shell?id',
    '%2e',
    '/.env',
    'GET /cgi-bin/.%2e/.%2e/bin/sh HTTP/1.1\r\n',
    'HTTP/1.0',
    ' ',
    '/vendor/eval-stdin.php',
    '<?php echo(md5("x"));',
    'ffffffff\r\n',
  ],
  redis: [
    '*1\r\n',
    '*3\r\n',
    '$3\r\n',
    'SET',
    'GET x\r\n',
    '\r\n',
    'INFO\r\n',
    'CONFIG GET *\r\n',
    'SLAVEOF a 1\r\n',
    'MODULE LOAD x\r\n',
    'system.exec id\r\n',
    'EVAL "return 1" 0\r\n',
    '$-1\r\n',
    '*-1\r\n',
    '"',
    "'",
    'KEYS *\r\n',
    'SET k v PX 9\r\n',
    'SAVE\r\n',
    'SELECT 3\r\n',
    'HELLO 3\r\n',
    'COMMAND\r\n',
  ],
  // A login with an empty password, then commands.
  mysql: [
    '\x3d\0\0\x01\x05\xa2\x0a\0\0\0\0\x01\x2d\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0root\0\0mysql_native_password\0\0',
    '\x0f\0\0\0\x03show databases',
    '\x0b\0\0\0\x03use mysql',
    '\x1d\0\0\0\x03select * from user where (1=1',
    '\x13\0\0\0\x03create table x(a,b',
    '\x1a\0\0\0\x03insert into x values (1,2',
    "\x1c\0\0\0\x03select 'a' into outfile '/t'",
    '\x05\0\0\0\x04user\0',
    '\x01\0\0\0\x09',
    '\x01\0\0\0\x01',
    '\x01\0\0\x03',
    '\x00\0\0\x03',
  ],
  postgres: [
    '\0\0\0\x08\x04\xd2\x16\x2f',
    '\0\0\0\x1c\0\x03\0\0user\0postgres\0\0\0\0\0\0',
    'p\0\0\0\x30SCRAM-SHA-256\0\0\0\0\x1an,,n=,r=0123456789abcdefghi',
    'p\0\0\0\x0cc=biws,',
    'Q\0\0\0\x0dselect 1\0',
    'P\0\0\0\x08\0\0\0\0',
    'S\0\0\0\x04',
    'X\0\0\0\x04',
  ],
  ftp: [
    'USER ftp\r\n',
    'PASS x\r\n',
    'PASV\r\n',
    'LIST\r\n',
    'MKD ',
    'CWD ..\r\n',
    'SITE ',
    'PORT 1,2,3,4,5,6\r\n',
    'EPRT |2|::1|5|\r\n',
    'STOR x\r\n',
    '\r\n',
  ],
  smtp: [
    'EHLO x\r\n',
    'MAIL FROM:<a@b>\r\n',
    'RCPT TO:<root>\r\n',
    'DATA\r\n',
    '.\r\n',
    'BDAT 9 LAST\r\n',
    'AUTH PLAIN ',
    'AUTH LOGIN\r\n',
    'AHRlc3QAdGVzdA==\r\n',
    'VRFY <',
    'RSET\r\n',
  ],
  vnc: [
    'RFB 003.008\n',
    'RFB 003.003\n',
    '\x02',
    '\x0a3456789abcdef',
    '\x01',
    '\x03\0\0\0\0\0\x04\0\x03\0',
    '\x06\0\0\0\0\0\0\x01x',
    '\x02\0\0\x01\0\0\0\0',
  ],
  adb: [
    binary('CNXN', 0x0100_0000, 4_096, 'host::\0'),
    binary('OPEN', 1, 0, 'shell:id\0'),
    binary('OPEN', 2, 0, 'shell:\0'),
    binary('OPEN', 3, 0, 'shell,v2,raw:ls\0'),
    binary('OPEN', 4, 0, 'sync:\0'),
    binary('OKAY', 1, 1),
    binary('WRTE', 2, 2, 'ls\n'),
    binary('WRTE', 4, 4, 'SEND\x04\0\0\0/a,1DATA\x01\0\0\0xDONE\0\0\0\0LIST\x01\0\0\0/'),
    binary('CLSE', 4, 4),
    binary('AUTH', 3, 0, 'k\0'),
  ],
  smb: [
    `\0\0\0\x2f\xffSMBr${'\0'.repeat(27)}\0\x0c\0\x02NT LM 0.12\0`,
    `\0\0\0\x2d\xffSMBr${'\0'.repeat(27)}\0\x0a\0\x02SMB 2.???\0`,
    `\0\0\0\x41\xffSMBs${'\0'.repeat(27)}\x0d\xff${'\0'.repeat(25)}\x04\0\0\0\0\0`,
    `\0\0\0\x44\xfeSMB\x40${'\0'.repeat(63)}`,
    `\0\0\0\x66\xfeSMB\x40${'\0'.repeat(59)}\x24\0\x01${'\0'.repeat(33)}\x10\x02`,
    `\0\0\0\x64\xfeSMB\x40${'\0'.repeat(7)}\x01${'\0'.repeat(51)}\x19\0${'\0'.repeat(10)}\x58\0\x0c\0${'\0'.repeat(8)}NTLMSSP\0\x01\0\0\0`,
    '\x81\0\0\0',
    'NTLMSSP\0\x03\0\0\0',
  ],
  rdp: [
    '\x03\0\0\x2a\x25\xe0\0\0\0\0\0Cookie: mstshash=nmap\r\n\x01\0\x08\0\x03\0\0\0',
    '\x03\0\0\x0b\x06\xe0\0\0\0\0\0',
    '\x03\0\0\x13\x0e\xe0\0\0\0\0\0\x01\0\x08\0\x01\0\0\0',
    '\x03\0\0\x20\x02\xf0\x80Duca\x18\x01\xc0\x10\0',
    `\x16\x03\x01\0\x2d\x01\0\0\x29\x03\x03${'r'.repeat(32)}\0\0\x02\x13\x01\x01\0`,
    'NTLMSSP\0\x01\0\0\0',
  ],
  https: [
    `\x16\x03\x01\0\x2d\x01\0\0\x29\x03\x03${'r'.repeat(32)}\0\0\x02\x13\x01\x01\0`,
    '\x16\x03\x01',
    'GET / HTTP/1.1\r\nHost: x\r\n\r\n',
    '\x15\x03\x03\0\x02\x01\0',
  ],
  catchall: [
    '\x05\x01\0',
    '\x04\x01',
    '\x16\x03\x01\0',
    'GET / HTTP/1.1\r\n\r\n',
    '\x10\x10\0\x04MQTT',
    '\x03\0\0\x13\x0e\xe0',
    'stats\r\n',
  ],
  // Over TCP each stands behind its length.
  dns: [
    '\x124\x01\0\0\x01\0\0\0\0\0\0\x07version\x04bind\0\0\x10\0\x03',
    '\x124\x01\0\0\x01\0\0\0\0\0\x01\x07example\x03com\0\0\xff\0\x01\0\0\x29\x10\0\0\0\0\0\0\x0c\0\x0a\0\x08abcdefgh',
    '\0\x1e\x124\x01\0\0\x01\0\0\0\0\0\0\x07version\x04bind\0\0\x10\0\x03',
    '\0\x0c\x124\x28\0\0\x01\0\0\0\0\0\0',
    '\0\x10',
  ],
  ntp: [
    `\x23\0\x06\0${'\0'.repeat(44)}`,
    `\x1b\0\x06\0${'\0'.repeat(44)}`,
    '\x16\x02\0\x01\0\0\0\0\0\0\0\0',
    '\x17\0\x03\x2a\0\0\0\0',
  ],
  sip: [
    'OPTIONS sip:1@x SIP/2.0\r\nVia: SIP/2.0/UDP x;branch=z;rport\r\nFrom: <sip:1@x>;tag=1\r\nTo: <sip:1@x>\r\nCall-ID: 1\r\nCSeq: 1 OPTIONS\r\nContent-Length: 0\r\n\r\n',
    'REGISTER sip:x SIP/2.0\r\nv:SIP/2.0/UDP x\r\nf:<sip:1@x>\r\nt:<sip:1@x>\r\ni:1\r\nCSeq: 1 REGISTER\r\nUser-Agent: friendly-scanner\r\nMax-Forwards: 70\r\n\r\n',
    'REGISTER sip:x SIP/2.0\r\nAuthorization: Digest username="a", realm="asterisk", nonce="1", uri="sip:x", response="2"\r\n\r\n',
    'INVITE sip:0033@x SIP/2.0\r\nContent-Length: 3\r\n\r\nv=0',
    'ACK sip:x SIP/2.0\r\n\r\n',
    'Content-Length: 99999\r\n\r\n',
    ' folded\r\n',
  ],
  modbus: [
    '\0\x01\0\0\0\x06\x01\x03\0\0\0\x02',
    '\0\x01\0\0\0\x06\x01\x06\0\x05\0\x02',
    '\0\x01\0\0\0\x09\x01\x10\0\0\0\x01\x02ab',
    '\0\x01\0\0\0\x05\x01\x2b\x0e\x01\0',
    '\0\x01\0\0\0\x02\x01\x11',
    '\0\x01\0\0\xff\xff\x01',
  ],
  s7: [
    '\x03\0\0\x16\x11\xe0\0\0\0\x01\0\xc0\x01\x0a\xc1\x02\x01\0\xc2\x02\x01\x02',
    '\x03\0\0\x19\x02\xf0\x80\x32\x01\0\0\x04\0\0\x08\0\0\xf0\0\0\x01\0\x01\x01\xe0',
    '\x03\0\0\x1f\x02\xf0\x80\x32\x01\0\0\x05\0\0\x0e\0\0\x04\x01\x12\x0a\x10\x02\0\x04\0\x01\x84\0\0\0',
    '\x03\0\0\x21\x02\xf0\x80\x32\x07\0\0\x03\0\0\x08\0\x08\0\x01\x12\x04\x11\x44\x01\0\xff\x09\0\x04\0\x11\0\x01',
  ],
  iec104: [
    '\x68\x04\x07\0\0\0',
    '\x68\x0e\0\0\0\0\x64\x01\x06\0\xff\xff\0\0\0\x14',
    '\x68\x0e\0\0\0\0\x2d\x01\x06\0\xff\xff\x03\0\0\x01',
    '\x68\x04\x01\0\0\0',
    '\x68\xff',
  ],
  bacnet: [
    '\x81\x0a\0\x11\x01\x04\0\x05\x01\x0c\x0c\x02\x3f\xff\xff\x19\x4b',
    '\x81\x0b\0\x0c\x01\x20\xff\xff\0\xff\x10\x08',
    '\x81\x0a\0\x15\x01\x04\0\x05\x01\x14\x09\0\x1d\x07\0secret',
    '\x81\x05\0\x06\0\x3c',
  ],
  'guardian-ast': ['\x01I20100\n', '\x01I20500', '\x01I90200\r', '\x01S60201x\n', '\x03', '\x01'],
  jetdirect: [
    '\x1b%-12345X',
    '@PJL INFO ID\r\n',
    '@PJL ENTER LANGUAGE=PS\n',
    '%!PS\n',
    '\x1b',
    '@P',
    '@PJL FSUPLOAD NAME="0:\\x"\n',
  ],
  proxy: [
    'CONNECT 192.0.2.1:25 HTTP/1.1\r\n\r\n',
    'GET http://a/ HTTP/1.0\r\n',
    'Proxy-Authorization: Basic YTpi\r\n',
    '\r\n',
    '\x05\x01\0',
    '\x05\x01\0\x03\x01a\0\x50',
    '\x04\x01\0\x50\0\0\0\x01a\0b\0',
  ],
  tftp: [
    '\0\x02a\0octet\0',
    '\0\x01running-config\0netascii\0blksize\0\x31\0',
    `\0\x03\0\x01${'x'.repeat(512)}`,
    '\0\x03\0\x01end',
    '\0\x03\0\x02end',
    '\0\x04\0\x01',
    '\0\x05\0\0no\0',
  ],
  // GET, GETNEXT, GETBULK and SET of two versions, and version 3's first word.
  snmp: [
    '0\x29\x02\x01\x01\x04\x06public\xa0\x1c\x02\x04\x124Vx\x02\x01\0\x02\x01\x00\x30\x0e\x30\x0c\x06\x08+\x06\x01\x02\x01\x01\x03\0\x05\0',
    '0\x29\x02\x01\0\x04\x06public\xa1\x1c\x02\x04\x124Vx\x02\x01\0\x02\x01\x00\x30\x0e\x30\x0c\x06\x08+\x06\x01\x02\x01\x01\x03\0\x05\0',
    '0\x29\x02\x01\x01\x04\x06public\xa5\x1c\x02\x04\x124Vx\x02\x01\0\x02\x01\x7f\x30\x0e\x30\x0c\x06\x08+\x06\x01\x02\x01\x01\x03\0\x05\0',
    '0\x2a\x02\x01\x01\x04\x06public\xa3\x1d\x02\x04\x124Vx\x02\x01\0\x02\x01\x00\x30\x0f\x30\x0d\x06\x08+\x06\x01\x02\x01\x01\x03\0\x04\x01x',
    '0\x3e\x02\x01\x03\x30\x11\x02\x04{?\x1aj\x02\x03\0\xff\xe3\x04\x01\x04\x02\x01\x03\x04\x100\x0e\x04\0\x02\x01\0\x02\x01\0\x04\0\x04\0\x04\0',
  ],
  memcached: [
    'set a 0 0 3\r\nabc\r\n',
    'get a b\r\n',
    'incr a 1\r\n',
    'append a 0 0 9999999\r\n',
    'set a 0 0 1048000\r\n',
    'gat 5 a\r\n',
    'stats cachedump 1 0\r\n',
    'stats\r\n',
    'lru_crawler metadump all\r\n',
    'flush_all\r\n',
    '\r\n',
    `\x80\x01\0\x01\x08\0\0\0\0\0\0\x0a${'\0'.repeat(20)}ab`,
    `\x80\x10${'\0'.repeat(22)}`,
    `\x80\0\xff\xff\0\0\0\0\xff\xff\xff\xff${'\0'.repeat(12)}`,
  ],
  mongodb: [
    mongo(2004, `\0\0\0\0admin.$cmd\0\0\0\0\0\xff\xff\xff\xff\x13\0\0\0\x10isMaster\0\x01\0\0\0\0`),
    mongo(2013, '\0\0\0\0\0\x28\0\0\0\x10listDatabases\0\x01\0\0\0\x02$db\0\x06\0\0\0admin\0\0'),
    mongo(2013, '\0\0\0\0\0\x1d\0\0\0\x02find\0\x02\0\0\0a\0\x02$db\0\x02\0\0\0b\0\0'),
    mongo(
      2013,
      '\0\0\0\0\0\x1f\0\0\0\x02insert\0\x02\0\0\0a\0\x02$db\0\x02\0\0\0b\0\0\x01\x17\0\0\0documents\0\x05\0\0\0\0\x05\0\0\0\0',
    ),
    mongo(2013, '\0\0\0\0\0\x05\0\0\0\0'),
    mongo(2002, '\0\0\0\0a.b\0\x05\0\0\0\0'),
    '\xff\xff\xff\x7f\0\0\0\0\0\0\0\0\xdd\x07\0\0',
    '\x10\0\0\0\0\0\0\0\0\0\0\0\xdd\x07\0\0',
  ],
  elasticsearch: [
    'GET / HTTP/1.1\r\nHost: x\r\n\r\n',
    'GET /_cat/indices?v HTTP/1.1\r\nHost: x\r\n\r\n',
    'GET /_search?size=2&pretty HTTP/1.1\r\nHost: x\r\n\r\n',
    'POST /_bulk HTTP/1.1\r\nHost: x\r\nContent-Length: 29\r\n\r\n{"index":{"_index":"a"}}\n{}\n\n',
    'POST /_search HTTP/1.1\r\nHost: x\r\nContent-Length: 40\r\n\r\n{"script_fields":{"a":{"script":"1+1"}}}',
    'DELETE /* HTTP/1.1\r\nHost: x\r\n\r\n',
    'PUT /a/_doc/1 HTTP/1.1\r\nHost: x\r\nContent-Length: 2\r\n\r\n{}',
    '[[[[{',
  ],
  mssql: [
    '\x12\x01\0\x1a\0\0\x01\0\0\0\x0b\0\x06\x01\0\x11\0\x01\xff\x0f\0\0\0\0\0\x02',
    `\x10\x01\0\x66\0\0\x01\0\x5e\0\0\0\x04\0\0\x74${'\0'.repeat(86)}`,
    `\x10\x01\0\x66\0\0\x01\0\x5e\0\0\0\x04\0\0\x74${'\xff'.repeat(86)}`,
    '\x01\x01\0\x0e\0\0\x01\0\x04\0\0\0s\0',
    '\x06\x01\0\x08\0\0\x01\0',
    '\x01\0\xff\xff\0\0\x01\0',
  ],
  llm: [
    'GET /api/tags HTTP/1.1\r\nHost: x\r\n\r\n',
    'POST /api/generate HTTP/1.1\r\nHost: x\r\nContent-Length: 30\r\n\r\n{"model":"mistral","prompt":1}',
    'POST /v1/chat/completions HTTP/1.1\r\nHost: x\r\nContent-Length: 16\r\n\r\n{"messages":[[]]}',
    'POST /api/pull HTTP/1.1\r\nHost: x\r\nContent-Length: 16\r\n\r\n{"name":"a/b/c"}',
  ],
  mcp: [
    'POST /mcp HTTP/1.1\r\nHost: x\r\nAccept: */*\r\nContent-Length: 31\r\n\r\n{"id":1,"method":"initialize"}\n',
    'POST /mcp HTTP/1.1\r\nHost: x\r\nAccept: */*\r\nContent-Length: 31\r\n\r\n{"id":1,"method":"tools/list"}\n',
    'POST /mcp HTTP/1.1\r\nHost: x\r\nAccept: */*\r\nContent-Length: 4\r\n\r\n[[]]',
  ],
  kubernetes: [
    `\x16\x03\x01\0\x2d\x01\0\0\x29\x03\x03${'r'.repeat(32)}\0\0\x02\x13\x01\x01\0`,
    'GET /api/v1/pods HTTP/1.1\r\nHost: x\r\n\r\n',
    '\x16\x03\x01',
  ],
  kubelet: [
    `\x16\x03\x01\0\x2d\x01\0\0\x29\x03\x03${'r'.repeat(32)}\0\0\x02\x13\x01\x01\0`,
    'GET /pods HTTP/1.1\r\nHost: x\r\n\r\n',
  ],
  mqtt: [
    '\x10\x10\0\x04MQTT\x04\x02\0\x1e\0\x04nmap',
    '\x10\x11\0\x04MQTT\x05\x02\0\x1e\0\0\x04nma3',
    '\x82\x06\0\x01\0\x01#\0',
    '\x31\x07\0\x03cmdhi',
    '\x34\x07\0\x01a\0\x05hi',
    '\x62\x02\0\x05',
    '\xc0\0',
    '\x30\xff\xff\xff\x7f',
  ],
  ldap: [
    '\x30\x0c\x02\x01\x01\x60\x07\x02\x01\x03\x04\0\x80\0',
    '\x30\x0c\x02\x01\x01\x60\x07\x02\x01\x02\x04\0\x80\0',
    '\x30\x84\0\0\0\x2d\x02\x01\x07\x63\x84\0\0\0\x24\x04\0\x0a\x01\0\x0a\x01\0\x02\x01\0\x02\x01\x64\x01\x01\0\x87\x0bobjectClass\x30\x84\0\0\0\0',
    '\x30\x05\x02\x01\x03\x42\0',
    '\x30\x06\x02\x01\x03\x4a\x01a',
    '\x30\x84\xff\xff\xff\xff',
  ],
  docker: [
    'GET /_ping HTTP/1.1\r\nHost: x\r\n\r\n',
    'POST /images/create?fromImage=alpine HTTP/1.1\r\nHost: x\r\n\r\n',
    'POST /containers/create?name=a1 HTTP/1.1\r\nHost: x\r\nContent-Type: application/json\r\nContent-Length: 33\r\n\r\n{"Image":"alpine","Cmd":["date"]}',
    'POST /containers/a1/start HTTP/1.1\r\nHost: x\r\n\r\n',
    'POST /containers/a1/wait HTTP/1.1\r\nHost: x\r\n\r\n',
    'POST /containers/a1/attach?stream=1 HTTP/1.1\r\nHost: x\r\n\r\n',
    'POST /containers/a1/exec HTTP/1.1\r\nHost: x\r\nContent-Type: application/json\r\nContent-Length: 14\r\n\r\n{"Cmd":["id"]}',
    'GET /containers/json?all=1 HTTP/1.1\r\nHost: x\r\n\r\n',
    'GET /info HTTP/1.1\r\nHost: x\r\n\r\n',
    'DELETE /containers/a1?force=1 HTTP/1.1\r\nHost: x\r\n\r\n',
    '\r\n\r\n',
    '{"Image":[',
  ],
};

const piecesOf = (name: string) =>
  fc.oneof(
    { weight: 3, arbitrary: fc.constantFrom(...(words[name] ?? ['\r\n'])) },
    {
      weight: 1,
      arbitrary: fc.uint8Array({ maxLength: 64 }).map((bytes) => Buffer.from(bytes).toString('latin1')),
    },
    {
      weight: 1,
      arbitrary: fc.string({ maxLength: 40 }).map((text) => Buffer.from(text).toString('latin1')),
    },
  );

const streamed = emulators.filter((one): one is StreamEmulator => one.session !== undefined);
const posted = emulators.filter((one) => one.datagram !== undefined);

describe.each(streamed)('$name', (emulator) => {
  it(
    `survives any bytes with valid events and bounded memory (${runs} inputs)`,
    async () => {
      const piece = piecesOf(emulator.name);
      const memories = new Memories({ ...defaultLimits, attackers: 50 });
      let n = 0;
      await fc.assert(
        fc.asyncProperty(fc.array(piece, { maxLength: 12 }), async (pieces) => {
          const memory = memories.hold(`192.0.2.${n++ % 100}`);
          const talk = meet(emulator, { memory });
          for (const bytes of pieces) {
            if (talk.over) break;
            await talk.say(bytes);
          }
          await talk.leave();
          memories.release(memory);
          expect(talk.faults).toEqual([]);
          expect(talk.events.at(-1)!.kind).toBe('close');
          for (const event of talk.events) parseEvent(event);
          expect(memory.used).toBeLessThanOrEqual(defaultLimits.attackerBytes);
        }),
        { numRuns: runs },
      );
      expect(memories.used).toBeLessThanOrEqual(defaultLimits.memoryBytes);
    },
    Math.max(120_000, runs * 20),
  );
});

/** What an emulator says to a datagram, before the door looks at it. */
function bare(emulator: Emulator, said: { long: number }): Emulator {
  return {
    ...emulator,
    datagram(wire, bytes, options) {
      const before = Buffer.from(bytes);
      const answer = emulator.datagram!(wire, bytes, options);
      if (answer && (answer.length > bytes.length || answer.length === 0)) said.long++;
      if (!bytes.equals(before)) throw new Error('it changed what it was told');
      return answer;
    },
  } as Emulator;
}

describe.each(posted)('$name by datagrams', (emulator) => {
  it(
    `survives any bytes with valid events, and never says more than it was told (${runs} inputs)`,
    () => {
      // A seed, a seed that was cut, one with bytes changed, two together, or anything.
      const seeds = words[emulator.name] ?? ['\0'];
      const seed = fc.constantFrom(...seeds);
      const damaged = fc
        .tuple(seed, fc.array(fc.tuple(fc.nat(80), fc.nat(255)), { maxLength: 4 }), fc.nat(200))
        .map(([text, changes, cut]) => {
          const bytes = Buffer.from(text.slice(0, cut < 120 ? text.length : cut - 100), 'latin1');
          for (const [at, value] of changes) if (at < bytes.length) bytes[at] = value;
          return bytes.toString('latin1');
        });
      const any = fc.oneof(seed, damaged, damaged, piecesOf(emulator.name));
      const said = { long: 0 };
      const each = bare(emulator, said);
      fc.assert(
        fc.property(fc.array(any, { maxLength: 6 }), (datagrams) => {
          const talk = post(each);
          for (const datagram of datagrams) {
            const answer = talk.say(datagram);
            if (answer && answer.length > datagram.length) said.long++;
          }
          talk.settle();
          expect(talk.faults).toEqual([]);
          expect(said.long).toBe(0);
          for (const event of talk.events) {
            parseEvent(event);
            if (event.transport !== 'udp' || event.handshake !== 'none') throw new Error('it proves nothing');
          }
          if (datagrams.length) expect(talk.events.at(-1)!.kind).toBe('close');
          expect(talk.counters()).toMatchObject({ datagramMemoryBytes: 0, datagramSessionsActive: 0 });
        }),
        { numRuns: runs },
      );
    },
    Math.max(120_000, runs * 20),
  );
});

describe.each(emulators)('$name', (emulator) => {
  it('has options that an empty object satisfies, and a test beside it', () => {
    expect(() => emulator.options.parse({})).not.toThrow();
    expect(emulator.summary).not.toBe('');
  });
});
