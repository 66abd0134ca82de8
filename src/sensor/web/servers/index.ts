import type { Persona, WebFamily } from '../../persona.ts';
import type { WebServer } from '../server.ts';
import { apache } from './apache.ts';
import { go } from './go.ts';
import { iis } from './iis.ts';
import { lighttpd } from './lighttpd.ts';
import { nginx } from './nginx.ts';
import { uvicorn } from './uvicorn.ts';

const servers: Record<WebFamily, WebServer> = { nginx, apache, lighttpd, iis, uvicorn, go };

export const serverOf = ({ web }: Persona): WebServer => servers[web.family];
