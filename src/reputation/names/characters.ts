/** What a stretch of a name is made of. One object is used again and again. */
export class Characters {
  readonly #counts = new Uint16Array(64);
  length = 0;
  digits = 0;
  hyphens = 0;
  letters = 0;
  vowels = 0;
  /** Different characters. */
  different = 0;
  /** Bits a character. */
  entropy = 0;
  longestConsonants = 0;
  longestDigits = 0;
  /** How often a letter stands beside a digit. */
  changes = 0;
  /** Letters beyond f: 0 in hexadecimal. */
  beyondHex = 0;
  /** How often a character stands beside itself. */
  doubled = 0;

  /** Counts `text` from `from` to before `to`. */
  read(text: string, from: number, to: number): void {
    const counts = this.#counts.fill(0);
    this.length = Math.max(0, to - from);
    this.digits = 0;
    this.hyphens = 0;
    this.letters = 0;
    this.vowels = 0;
    this.different = 0;
    this.longestConsonants = 0;
    this.longestDigits = 0;
    this.changes = 0;
    this.beyondHex = 0;
    this.doubled = 0;
    let consonants = 0;
    let digits = 0;
    let before = 0;
    let kindBefore = 0;
    for (let i = from; i < to; i++) {
      const code = text.charCodeAt(i);
      if (counts[code & 63]!++ === 0) this.different++;
      if (code === before) this.doubled++;
      before = code;
      const digit = code >= 0x30 && code <= 0x39;
      const letter = code >= 0x61 && code <= 0x7a;
      const vowel = letter && isVowel(code);
      if (digit) this.digits++;
      else if (code === 0x2d) this.hyphens++;
      else if (letter) this.letters++;
      if (vowel) this.vowels++;
      if (code > 0x66 && letter) this.beyondHex++;
      consonants = letter && !vowel ? consonants + 1 : 0;
      digits = digit ? digits + 1 : 0;
      if (consonants > this.longestConsonants) this.longestConsonants = consonants;
      if (digits > this.longestDigits) this.longestDigits = digits;
      const kind = digit ? 1 : letter ? 2 : 0;
      if (kind + kindBefore === 3) this.changes++;
      kindBefore = kind;
    }
    let sum = 0;
    for (const count of counts) if (count > 0) sum += count * Math.log2(count);
    this.entropy = this.length > 0 ? Math.log2(this.length) - sum / this.length : 0;
  }
}

function isVowel(code: number): boolean {
  // a e i o u, and y, which mostly is one.
  return code === 0x61 || code === 0x65 || code === 0x69 || code === 0x6f || code === 0x75 || code === 0x79;
}
