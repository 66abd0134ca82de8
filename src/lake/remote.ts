import { createReadStream } from 'node:fs';
import { createClient } from '@clickhouse/client';
import type { Lake, Query, Row } from './lake.ts';
import { insertSql, structureLiteral } from './schema.ts';

/** A ClickHouse server or cluster, reached by its HTTP interface. The segment's bytes go as they are. */
export function openRemoteLake(options: {
  url: string;
  user?: string;
  password?: string;
  database?: string;
}): Lake {
  const client = createClient({
    url: options.url,
    username: options.user ?? 'default',
    password: options.password ?? '',
    database: options.database ?? 'default',
    request_timeout: 120_000,
  });
  return {
    async load(segment) {
      const { stream } = await client.exec({
        query: `${insertSql(`input(${structureLiteral})`, segment)} FORMAT RowBinary`,
        values: createReadStream(segment.path),
      });
      for await (const _ of stream);
    },
    async *rows({ sql, params, timeout = 30_000, signal }: Query) {
      const result = await client.query({
        query: sql,
        format: 'JSONEachRow',
        ...(params && { query_params: params }),
        ...(signal && { abort_signal: signal }),
        clickhouse_settings: {
          readonly: '1',
          max_execution_time: timeout / 1000,
          output_format_json_quote_64bit_integers: 0,
        },
      });
      for await (const batch of result.stream<Row>()) for (const row of batch) yield row.json();
    },
    async command(sql) {
      await client.command({ query: sql });
    },
    async ping() {
      const answer = await client.ping();
      if (!answer.success) throw answer.error;
    },
    close: () => client.close(),
  };
}
