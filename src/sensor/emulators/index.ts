import type { Emulator } from '../emulator.ts';
import { adb } from './adb.ts';
import { bacnet } from './bacnet.ts';
import { catchall } from './catchall.ts';
import { dns } from './dns.ts';
import { docker } from './docker.ts';
import { elasticsearch } from './elasticsearch.ts';
import { ftp } from './ftp.ts';
import { guardianAst } from './guardian-ast.ts';
import { http } from './http.ts';
import { https } from './https.ts';
import { iec104 } from './iec104.ts';
import { ipp } from './ipp.ts';
import { jetdirect } from './jetdirect.ts';
import { kubelet } from './kubelet.ts';
import { kubernetes } from './kubernetes.ts';
import { ldap } from './ldap.ts';
import { llm } from './llm.ts';
import { mcp } from './mcp.ts';
import { memcached } from './memcached.ts';
import { modbus } from './modbus.ts';
import { mongodb } from './mongodb.ts';
import { mqtt } from './mqtt.ts';
import { mssql } from './mssql.ts';
import { mysql } from './mysql.ts';
import { ntp } from './ntp.ts';
import { postgres } from './postgres.ts';
import { proxy } from './proxy.ts';
import { rdp } from './rdp.ts';
import { redis } from './redis.ts';
import { s7 } from './s7.ts';
import { sip } from './sip.ts';
import { smb } from './smb.ts';
import { smtp } from './smtp.ts';
import { snmp } from './snmp.ts';
import { ssh } from './ssh.ts';
import { telnet } from './telnet.ts';
import { tftp } from './tftp.ts';
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
  snmp,
  dns,
  ntp,
  tftp,
  sip,
  modbus,
  s7,
  iec104,
  bacnet,
  guardianAst,
  jetdirect,
  ipp,
  proxy,
  catchall,
];
