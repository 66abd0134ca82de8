import type { Memory } from '../memory.ts';
import type { Value } from './expression.ts';

export interface Column {
  name: string;
  type: string;
}
export interface Table {
  columns: Column[];
  rows: Value[][];
}

const limits = { databases: 64, tables: 256, rows: 2_000, cost: 64, start: 4_096 } as const;

/**
 * The databases of one attacker: what the machine came with, and what they created, filled and dropped since. Growth is
 * taken from the attacker's budget; what is refused there is acknowledged and forgotten.
 */
export class Catalogue {
  readonly #memory: Memory;
  readonly #databases = new Map<string, Map<string, Table>>();
  /** What else was set: functions made, variables, files written. */
  readonly notes = new Map<string, string>();

  constructor(memory: Memory, start: Record<string, Record<string, Table>>) {
    this.#memory = memory;
    memory.take(limits.start);
    for (const [name, tables] of Object.entries(start))
      this.#databases.set(name, new Map(Object.entries(tables)));
  }

  get databases(): string[] {
    return [...this.#databases.keys()].sort();
  }

  has(database: string): boolean {
    return this.#databases.has(database);
  }

  tables(database: string): string[] {
    return [...(this.#databases.get(database)?.keys() ?? [])].sort();
  }

  table(database: string, table: string): Table | undefined {
    return this.#databases.get(database)?.get(table);
  }

  createDatabase(name: string): void {
    if (this.#databases.size < limits.databases && this.#take(name.length))
      this.#databases.set(name, new Map());
  }

  dropDatabase(name: string): void {
    for (const table of this.tables(name)) this.dropTable(name, table);
    this.#databases.delete(name);
  }

  createTable(database: string, name: string, columns: Column[]): void {
    const tables = this.#databases.get(database);
    const size = columns.reduce((sum, column) => sum + column.name.length + 16, name.length);
    if (tables && tables.size < limits.tables && this.#take(size)) tables.set(name, { columns, rows: [] });
  }

  dropTable(database: string, name: string): void {
    this.#databases.get(database)?.delete(name);
  }

  rename(database: string, from: string, to: string): void {
    const tables = this.#databases.get(database);
    const table = tables?.get(from);
    if (!tables || !table) return;
    tables.delete(from);
    tables.set(to, table);
  }

  insert(table: Table, row: Value[]): void {
    const size = row.reduce<number>((sum, value) => sum + (typeof value === 'string' ? value.length : 8), 0);
    if (table.rows.length < limits.rows && this.#take(size)) table.rows.push(row);
  }

  /** Keeps a note; the oldest leaves where there are too many. */
  note(key: string, value: string): boolean {
    if (this.notes.size >= limits.tables || !this.#take(key.length + value.length)) return false;
    this.notes.set(key, value);
    return true;
  }

  #take(bytes: number): boolean {
    return this.#memory.take(bytes + limits.cost);
  }
}
