const fetcher =
  /\b(?:wget|curl|tftp|ftpget|fetch|lwp-download|aria2c|certutil|bitsadmin|scp|cd1|iwr|invoke-webrequest|downloadstring|downloadfile)\b/;
const address = /(?:https?|ftp|tftp):\/\/|\b\d{1,3}\.\d{1,3}\.\d{1,3}\.\d{1,3}\b/;
/**
 * What runs the fetched thing: an interpreter fed by a pipe or named with a file, a file made executable, a path that is
 * started. All repetitions are bounded: these are matched against attackers' text.
 */
const run = new RegExp(
  [
    /\|\s{0,8}(?:sudo\s{1,8})?(?:[\w/.]{0,64}\/)?(?:ba|da|k|z|a)?sh\b/,
    /\|\s{0,8}(?:sudo\s{1,8})?(?:[\w/.]{0,64}\/)?(?:python|perl|php|ruby|node)[\d.]{0,4}\b/,
    /(?:^|[;&|`$(\n]|\bbusybox)\s{0,8}(?:[\w/.]{0,64}\/)?(?:(?:ba|da|k|z|a)?sh|python\d?|perl|source)\s{1,8}["']?[\w./~$-]/,
    /\bchmod\s{1,8}(?:-\w{1,8}\s{1,8})?(?:[ugoa]{0,4}\+[rwst]{0,4}x|[0-7]{0,3}[1357][0-7]{0,3}\b)/,
    /(?:^|[;&|\n])\s{0,8}(?:nohup\s{1,8})?\.\//,
    /<\(\s{0,8}(?:curl|wget)\b|\biex\b|\binvoke-expression\b/,
  ]
    .map(({ source }) => source)
    .join('|'),
);
/** A program written out piece by piece, so that no fetcher is needed: the magic number of ELF, or base64 into a shell. */
const elf = /\\x7f\\x45\\x4c\\x46|\\177elf|\\x7felf|\\0?177\\0?105\\0?114\\0?106/;
const decoded = /\bbase64\s{1,8}(?:-d|--decode)\b[^\n|]{0,200}\|\s{0,8}(?:[\w/.]{0,64}\/)?(?:ba|da|a)?sh\b/;

/** No further than this is looked: enough for any known loader, and it bounds the work for one event. */
const limit = 8_192;

function plain(input: string): string {
  return (input.length > limit ? input.slice(0, limit) : input).toLowerCase();
}

/**
 * Whether a command line, or what came in its place in a request or a value, fetches something and runs it (ATT&CK T1105
 * with T1059.004), or writes out a program and runs it.
 */
export function downloadsAndRuns(input: string): boolean {
  if (input.length < 12) return false;
  const text = plain(input);
  if (decoded.test(text)) return true;
  return (fetcher.test(text) ? address.test(text) : elf.test(text)) && run.test(text);
}

/** Whether it brings something in: the first half of the above, for those that take two lines. */
export function fetches(input: string): boolean {
  if (input.length < 12) return false;
  const text = plain(input);
  return fetcher.test(text) ? address.test(text) : elf.test(text);
}

/** Whether it runs something by name, or makes it runnable: the second half. */
export function runs(input: string): boolean {
  return input.length >= 3 && run.test(plain(input));
}
