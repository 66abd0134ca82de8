/** Few, calm colours: none where the output is no terminal, or where NO_COLOR is set (no-color.org). */
export interface Paint {
  strong(text: string): string;
  faint(text: string): string;
  red(text: string): string;
  green(text: string): string;
  yellow(text: string): string;
}

/** SGR codes (ECMA-48 §8.3.117): how each begins and ends. */
const codes = { strong: [1, 22], faint: [2, 22], red: [31, 39], green: [32, 39], yellow: [33, 39] } as const;

export function createPaint(on: boolean): Paint {
  const painted =
    ([begin, end]: readonly [number, number]) =>
    (text: string) =>
      on ? `\u001b[${begin}m${text}\u001b[${end}m` : text;
  return {
    strong: painted(codes.strong),
    faint: painted(codes.faint),
    red: painted(codes.red),
    green: painted(codes.green),
    yellow: painted(codes.yellow),
  };
}

/** Whether this terminal wants colours. */
export function wantsColour(stream: { isTTY?: boolean }, environment: NodeJS.ProcessEnv): boolean {
  return stream.isTTY === true && !environment.NO_COLOR && environment.TERM !== 'dumb';
}
