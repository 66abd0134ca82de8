/** What an eval prints as its last line, beside its name and the machine. Keys of metrics are fixed, so that figures can be compared over years. */
export interface EvalResult {
  metrics: Record<string, number | null>;
  /** Keys of metrics that miss what they are held against, where the eval has such bars. */
  missed?: string[];
  params: Record<string, unknown>;
  input: { sha256: string; rows_in: number; rows_stored: number; rejected: number } | null;
}

export interface EvalOptions {
  /** A file or a folder in place of what the eval would make. */
  data: string | undefined;
  /** Runs longer and larger. */
  full: boolean;
  say(line: string): void;
}

export interface Eval {
  name: string;
  summary: string;
  run(options: EvalOptions): Promise<EvalResult>;
}
