import type { Emulator } from '../emulator.ts';
import { ftp } from './ftp.ts';
import { http } from './http.ts';
import { mysql } from './mysql.ts';
import { postgres } from './postgres.ts';
import { redis } from './redis.ts';
import { smtp } from './smtp.ts';
import { ssh } from './ssh.ts';
import { telnet } from './telnet.ts';
import { vnc } from './vnc.ts';

/** Every service that a sensor can pretend to be, in the order that they are shown. */
export const emulators: readonly Emulator[] = [ssh, telnet, http, redis, mysql, postgres, ftp, smtp, vnc];
