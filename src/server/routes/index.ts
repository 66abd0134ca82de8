import type { Pipeline } from '../../pipeline.ts';
import type { App } from '../app.ts';
import { backups } from './backups.ts';
import { decisions } from './decisions.ts';
import { domains } from './domains.ts';
import { exports } from './exports.ts';
import { feeds } from './feeds.ts';
import { findings } from './findings.ts';
import { fleet } from './fleet.ts';
import { imports } from './imports.ts';
import { killSwitch } from './kill-switch.ts';
import { neverBlock } from './never-block.ts';
import { payloads } from './payloads.ts';
import { recordings } from './recordings.ts';
import { session } from './session.ts';
import { sessions } from './sessions.ts';
import { sources } from './sources.ts';
import { status } from './status.ts';
import { stream } from './stream.ts';
import { tokens } from './tokens.ts';
import { why } from './why.ts';

/** Adds the addresses of one noun. */
export type Route = (app: App, pipeline: Pipeline, local: boolean) => void;

export const routes: readonly Route[] = [
  session,
  status,
  fleet,
  stream,
  sources,
  sessions,
  domains,
  feeds,
  exports,
  decisions,
  findings,
  payloads,
  recordings,
  neverBlock,
  killSwitch,
  imports,
  backups,
  tokens,
  why,
];
