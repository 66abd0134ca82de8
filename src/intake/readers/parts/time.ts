const none = Number.NaN;
const day = 86_400_000;

/** Days from 1970-01-01 to a date of the Gregorian calendar (H. Hinnant, "chrono-compatible low-level date algorithms"). */
function daysFrom(year: number, month: number, date: number): number {
  const y = month <= 2 ? year - 1 : year;
  const era = Math.floor(y / 400);
  const ofEra = y - era * 400;
  const ofYear = Math.floor((153 * (month + (month > 2 ? -3 : 9)) + 2) / 5) + date - 1;
  return era * 146_097 + ofEra * 365 + Math.floor(ofEra / 4) - Math.floor(ofEra / 100) + ofYear - 719_468;
}

const lengths = [31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31];

/** Milliseconds since the epoch in UTC, or NaN where a part is out of its range. A 60th second is a leap second's. */
function moment(
  year: number,
  month: number,
  date: number,
  hour: number,
  minute: number,
  second: number,
  ms: number,
): number {
  if (!(month >= 1 && month <= 12 && date >= 1 && hour >= 0 && hour < 24)) return none;
  if (!(minute >= 0 && minute < 60 && second >= 0 && second <= 60)) return none;
  const leap = month === 2 && year % 4 === 0 && (year % 100 !== 0 || year % 400 === 0);
  if (date > lengths[month - 1]! + (leap ? 1 : 0)) return none;
  return daysFrom(year, month, date) * day + hour * 3_600_000 + minute * 60_000 + second * 1_000 + ms;
}

/** The decimal number of `size` digits at `at`, or NaN. */
function digits(text: string, at: number, size: number): number {
  let value = 0;
  for (let i = at; i < at + size; i++) {
    const digit = text.charCodeAt(i) - 48;
    if (!(digit >= 0 && digit <= 9)) return none;
    value = value * 10 + digit;
  }
  return value;
}

/** Minutes east of UTC of `Z`, `+hh:mm` or `+hhmm` from `at` to the end of the text; none of them is UTC; else NaN. */
function zone(text: string, at: number): number {
  const rest = text.length - at;
  if (rest === 0) return 0;
  const sign = text.charCodeAt(at);
  if (sign === 90) return rest === 1 ? 0 : none;
  if (sign !== 43 && sign !== 45) return none;
  const colon = text.charCodeAt(at + 3) === 58 ? 1 : 0;
  if (rest !== 5 + colon) return none;
  const hours = digits(text, at + 1, 2);
  const minutes = digits(text, at + 3 + colon, 2);
  if (!(hours <= 14 && minutes < 60)) return none;
  return (sign === 45 ? -1 : 1) * (hours * 60 + minutes);
}

/**
 * RFC 3339 §5.6, milliseconds since the epoch, NaN where it is none: `T` or a blank between date and time, any number of
 * decimals of the second (cut to milliseconds), and where a zone is missing, UTC.
 */
export function isoTime(text: string): number {
  const { length } = text;
  if (length < 19 || length > 40) return none;
  if (text.charCodeAt(4) !== 45 || text.charCodeAt(7) !== 45) return none;
  const between = text.charCodeAt(10);
  if ((between !== 84 && between !== 32) || text.charCodeAt(13) !== 58 || text.charCodeAt(16) !== 58)
    return none;
  let at = 19;
  let ms = 0;
  if (text.charCodeAt(at) === 46) {
    let scale = 100;
    for (at++; at < length; at++) {
      const digit = text.charCodeAt(at) - 48;
      if (!(digit >= 0 && digit <= 9)) break;
      ms += digit * scale;
      scale = scale === 1 ? 0 : scale / 10;
    }
    if (at === 20) return none;
  }
  return (
    moment(
      digits(text, 0, 4),
      digits(text, 5, 2),
      digits(text, 8, 2),
      digits(text, 11, 2),
      digits(text, 14, 2),
      digits(text, 17, 2),
      ms,
    ) -
    zone(text, at) * 60_000
  );
}

const months = ['Jan', 'Feb', 'Mar', 'Apr', 'May', 'Jun', 'Jul', 'Aug', 'Sep', 'Oct', 'Nov', 'Dec'];

/** The Common Log Format's `17/May/2015:10:05:03 +0000`, in milliseconds since the epoch, or NaN. */
export function clfTime(text: string): number {
  if (text.length !== 26 || text[2] !== '/' || text[6] !== '/' || text[11] !== ':') return none;
  if (text[14] !== ':' || text[17] !== ':' || text[20] !== ' ') return none;
  return (
    moment(
      digits(text, 7, 4),
      months.indexOf(text.slice(3, 6)) + 1,
      digits(text, 0, 2),
      digits(text, 12, 2),
      digits(text, 15, 2),
      digits(text, 18, 2),
      0,
    ) -
    zone(text, 21) * 60_000
  );
}

/**
 * RFC 3164 §4.1.2 `Feb 12 14:10:21` or `Feb  2 …` (some write `Feb 2 …`, and some put the year after the date), in
 * milliseconds since the epoch, or NaN. Without a year it is the latest that is not more than a day after `now`; without
 * a zone, UTC.
 */
export function syslogTime(text: string, now: number): number {
  const parts = /^([A-Z][a-z]{2}) {1,2}(\d{1,2}) (?:(\d{4}) )?(\d\d):(\d\d):(\d\d)$/.exec(text);
  if (!parts) return none;
  const at = (year: number) =>
    moment(
      year,
      months.indexOf(parts[1]!) + 1,
      Number(parts[2]),
      Number(parts[4]),
      Number(parts[5]),
      Number(parts[6]),
      0,
    );
  if (parts[3] !== undefined) return at(Number(parts[3]));
  const year = new Date(now + day).getUTCFullYear();
  // 29 February is only in some years: the latest one of the last eight (1900 and 2100 have none).
  for (let back = 0; back <= 8; back++) {
    const ms = at(year - back);
    if (ms <= now + day) return ms;
  }
  return none;
}

/** BIND's local `22-Nov-2026 11:49:47.455`, taken for UTC, in milliseconds since the epoch, or NaN. */
export function bindTime(text: string): number {
  if (text.length !== 24 || text[2] !== '-' || text[6] !== '-' || text[11] !== ' ') return none;
  if (text[14] !== ':' || text[17] !== ':' || text[20] !== '.') return none;
  return moment(
    digits(text, 7, 4),
    months.indexOf(text.slice(3, 6)) + 1,
    digits(text, 0, 2),
    digits(text, 12, 2),
    digits(text, 15, 2),
    digits(text, 18, 2),
    digits(text, 21, 3),
  );
}
