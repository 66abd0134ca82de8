/** What a small model would say to the questions with which hosts are tried out; anything else gets a polite evasion. */
const known: readonly [RegExp, string][] = [
  [/how many states.*united states|how many states.*\busa?\b/i, '50'],
  [/capital of france/i, 'The capital of France is Paris.'],
  [/capital of germany/i, 'The capital of Germany is Berlin.'],
  [/\b2\s*\+\s*2\b/, '4'],
  [/\b1\s*\+\s*1\b/, '2'],
  [
    /who are you|what (model|are you)|your name/i,
    'I am an AI language model. I can help you with questions, writing and code.',
  ],
  [/(say|reply|respond|answer)( with| only)*[: ]+["']?(ok|pong|hi|hello|test|yes)\b/i, '$3'],
  [/^\s*ping\s*$/i, 'Pong!'],
  [/^\s*(hi|hello|hey|hallo|test)\b/i, 'Hello! How can I help you today?'],
  [/joke/i, "Why don't scientists trust atoms? Because they make up everything!"],
  [/poem|haiku/i, 'Quiet morning light,\na river moves through the reeds,\nthe day takes its shape.'],
  [/translate/i, 'Could you please provide the text you would like me to translate?'],
];

const otherwise = [
  "I'd be happy to help with that. Could you tell me a little more about what you need?",
  'That depends on a few things. Could you give me some more context?',
  'Sure. To give you a useful answer I would need a bit more detail.',
];

/** The same prompt gets the same answer on one machine. */
export function answerTo(prompt: string, machine: string): string {
  for (const [pattern, answer] of known) {
    const found = pattern.exec(prompt.slice(0, 4_096));
    if (found) return answer.replace('$3', found[3] ?? '');
  }
  let sum = 0;
  for (const char of machine + prompt.slice(0, 256)) sum = (sum * 31 + char.charCodeAt(0)) % 9_973;
  return otherwise[sum % otherwise.length]!;
}

/** An answer as it comes from a model: a word, or what goes with it, at a time. */
export const tokens = (text: string): string[] => text.match(/\s*\S+/g) ?? [text];
/** About how many tokens a text is: four characters each. */
export const measure = (text: string): number => Math.max(1, Math.ceil(text.length / 4));
