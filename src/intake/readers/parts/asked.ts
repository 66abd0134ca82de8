import { Bounded } from '../../../kit/bounded.ts';

/** Questions that are remembered until their answers come; the oldest leaves first. */
const limit = 100_000;

/** Questions whose event was made already: where a log tells of question and answer apart, only one of them counts. */
export class Asked<Question = true> {
  readonly #questions = new Bounded<string, Question>(limit);

  add(key: string, question: Question): void {
    this.#questions.set(key, question);
  }

  get(key: string): Question | undefined {
    return this.#questions.get(key);
  }
}
