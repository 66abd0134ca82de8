import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import type { Config } from '../config.ts';
import { auditExists } from '../decision/index.ts';
import type { Log } from '../kit/log.ts';
import { type Lake, openEmbeddedLake, openRemoteLake } from '../lake/index.ts';
import {
  createNeverBlockStore,
  createRoster,
  createSessionStore,
  createStore,
  createTokens,
  fitState,
  lockFolder,
  openDatabase,
} from '../state/index.ts';

/** Takes the data directory and opens what is kept in it. */
export async function openStores({ config, data, log }: { config: Config; data: string; log: Log }) {
  // Others may pass through (the sensor's user, to its own folder), and see nothing: each folder inside is closed.
  mkdirSync(data, { recursive: true, mode: 0o711 });
  const release = lockFolder(data);
  const open: { close(): Promise<unknown> }[] = [];
  try {
    const place = config.state.url ? { url: config.state.url } : { folder: join(data, 'state') };
    const db = await openDatabase(place);
    open.push({ close: () => db.destroy() });
    const { url, user, password, database } = config.lake;
    const lake: Lake = url
      ? openRemoteLake({
          url,
          ...(user && { user }),
          ...(password && { password }),
          ...(database && { database }),
        })
      : await openEmbeddedLake({ folder: join(data, 'lake'), runFolder: join(data, 'run'), log });
    open.push(lake);
    return {
      db,
      /** Keeps the state within its disk budget. */
      fitState: (now: number) => fitState(db, place, { diskBytes: config.state.diskBytes, now }),
      lake,
      store: createStore(db),
      sessions: createSessionStore(db),
      tokens: createTokens(db),
      neverBlockStore: createNeverBlockStore(db),
      roster: createRoster(db),
      /** True where no system has run on this folder. */
      fresh: !auditExists(data),
      async close(): Promise<void> {
        for (const part of open.reverse()) await part.close();
        release();
      },
    };
  } catch (cause) {
    for (const part of open.reverse()) await part.close().catch(() => {});
    release();
    throw cause;
  }
}

export type Stores = Awaited<ReturnType<typeof openStores>>;
