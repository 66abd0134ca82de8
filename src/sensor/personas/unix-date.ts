/** A time as `date` prints it: `Thu Jan  1 00:00:00 UTC 1970`. */
export function unixDate(ms: number): string {
  const [weekday, dayOfMonth, month, year, time] = new Date(ms).toUTCString().replace(',', '').split(' ');
  return `${weekday} ${month} ${String(Number(dayOfMonth)).padStart(2)} ${time} UTC ${year}`;
}
