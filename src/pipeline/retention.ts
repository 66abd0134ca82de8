import { collect, type Lake } from '../lake/index.ts';

export interface RetentionOptions {
  /** How long events are kept, by their own time, in milliseconds. */
  retentionMs: number;
  /** Disk that they may take, in bytes. */
  diskBytes: number;
}

/** Drops the weeks that are over the lake's age, then the oldest weeks until it fits its disk budget. Returns what it dropped. */
export async function retain(
  lake: Lake,
  { retentionMs, diskBytes }: RetentionOptions,
  now: number,
): Promise<string[]> {
  const sql = `SELECT partition, toInt64(sum(bytes_on_disk)) AS bytes
    FROM system.parts WHERE active AND table = 'events' AND database = currentDatabase()
    GROUP BY partition ORDER BY partition`;
  const weeks = await collect<{ partition: string; bytes: number }>(lake.rows({ sql }));
  let total = weeks.reduce((sum, { bytes }) => sum + Number(bytes), 0);
  const dropped: string[] = [];
  for (const { partition, bytes } of weeks) {
    const end = Date.parse(partition) + 7 * 86_400_000;
    const last = partition === weeks.at(-1)!.partition;
    if (end > now - retentionMs && (total <= diskBytes || last)) continue;
    if (!/^\d{4}-\d{2}-\d{2}$/.test(partition)) continue;
    await lake.command(`ALTER TABLE events DROP PARTITION '${partition}'`);
    total -= Number(bytes);
    dropped.push(partition);
  }
  return dropped;
}
