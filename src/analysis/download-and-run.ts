const fetcher =
  /\b(?:wget|curl|tftp|ftpget|fetch|lwp-download|aria2c|axel|certutil|bitsadmin|scp|cd1|urldownloadtofile|iwr|invoke-webrequest|downloadstring|downloadfile)\b/;
const address = /(?:https?|ftp|tftp):\/\/|\b\d{1,3}(?:\.\d{1,3}){3}\b/;
/** What runs the fetched thing: a shell fed by a pipe or named with a file, a made-executable file, or a path that is started. */
const run =
  /\|\s*(?:sudo\s+)?(?:[\w/.]*\/)?(?:ba|da|k|z|a)?sh\b|\|\s*(?:python|perl|php|ruby|node)\d?\b|(?:^|[;&|`$(\n]\s*|\bbusybox\s+)(?:[\w/.]*\/)?(?:(?:ba|da|k|z|a)?sh|python\d?|perl|source)\s+(?:-\S+\s+)*["']?[\w./~$-]|\bchmod\s+(?:-\S+\s+)*(?:\+x|[0-7]*[1357][0-7]*\b|[ugoa]+\+\w*x)|(?:^|[;&|\n]\s*)(?:nohup\s+)?\.\/|\bsh\s+-c\b|<\(\s*(?:curl|wget)|\biex\b|invoke-expression/;
/** An executable or a script written out piece by piece: no fetcher on the machine is needed. */
const written =
  /\\x7f\\x45\\x4c\\x46|\\177elf|\\x7felf|base64\s+(?:-d|-D|--decode)\b[^\n]{0,200}\|\s*(?:ba|da|a)?sh\b/;

/** No further than this is looked: enough for any known loader, and bounds the work for one event. */
const limit = 8_192;

/**
 * Whether a command line, or what came in its place in a request or a value, fetches something and runs it (ATT&CK T1105
 * with T1059.004), or writes out a program and runs it.
 */
export function downloadsAndRuns(input: string): boolean {
  if (input.length < 12) return false;
  const text = (input.length > limit ? input.slice(0, limit) : input).toLowerCase();
  if (written.test(text)) return run.test(text);
  return fetcher.test(text) && address.test(text) && run.test(text);
}
