import type { Emulator } from '../emulator.ts';
import { adb } from './adb.ts';
import { catchall } from './catchall.ts';
import { docker } from './docker.ts';
import { elasticsearch } from './elasticsearch.ts';
import { ftp } from './ftp.ts';
import { http } from './http.ts';
import { https } from './https.ts';
import { kubelet } from './kubelet.ts';
import { kubernetes } from './kubernetes.ts';
import { ldap } from './ldap.ts';
import { llm } from './llm.ts';
import { mcp } from './mcp.ts';
import { memcached } from './memcached.ts';
import { mongodb } from './mongodb.ts';
import { mqtt } from './mqtt.ts';
import { mssql } from './mssql.ts';
import { mysql } from './mysql.ts';
import { postgres } from './postgres.ts';
import { rdp } from './rdp.ts';
import { redis } from './redis.ts';
import { smb } from './smb.ts';
import { smtp } from './smtp.ts';
import { ssh } from './ssh.ts';
import { telnet } from './telnet.ts';
import { vnc } from './vnc.ts';

/** Every service that a sensor can pretend to be, in the order that they are shown. */
export const emulators: readonly Emulator[] = [
  ssh,
  telnet,
  http,
  https,
  redis,
  docker,
  kubernetes,
  kubelet,
  mqtt,
  ldap,
  adb,
  mysql,
  postgres,
  mssql,
  memcached,
  mongodb,
  elasticsearch,
  llm,
  mcp,
  ftp,
  smtp,
  smb,
  rdp,
  vnc,
  catchall,
];
