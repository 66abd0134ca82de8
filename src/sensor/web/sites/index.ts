import type { Persona } from '../../persona.ts';
import type { MakeSite, Site } from '../site.ts';
import { aiBox } from './ai-box.ts';
import { company } from './company.ts';
import { database } from './database.ts';
import { dockerHost } from './docker-host.ts';
import { iis } from './iis.ts';
import { kubernetes } from './kubernetes.ts';
import { plc } from './plc.ts';
import { printer } from './printer.ts';
import { router } from './router.ts';
import { storageBox } from './storage-box.ts';
import { webmail } from './webmail.ts';

const sites: Record<string, MakeSite> = {
  'ai-box': aiBox,
  company,
  database,
  'docker-host': dockerHost,
  iis,
  kubernetes,
  plc,
  printer,
  router,
  'storage-box': storageBox,
  webmail,
};

export const siteNames = Object.keys(sites);

const made = new WeakMap<Persona, Site>();

/** The pages of a persona; made once. */
export function siteOf(persona: Persona): Site {
  let site = made.get(persona);
  if (!site) {
    site = sites[persona.web.site]?.(persona) ?? { pages: new Map() };
    made.set(persona, site);
  }
  return site;
}
