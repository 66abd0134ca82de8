import type { BodyOf } from './event.ts';

/** One step of an answer: whose record it is, what kind, and what it points to. */
export interface AnswerStep {
  owner: string;
  /** Empty where the log did not tell. */
  type: string;
  data: string;
  /** In seconds; -1 where the log did not tell. */
  ttl: number;
}

/** The records of an answer in their order, each with its owner: along a chain of aliases, that is the target of the one before. */
export function answersOf({ name, answers }: Pick<BodyOf<'answer'>, 'name' | 'answers'>): AnswerStep[] {
  let at = name;
  return answers.map(({ owner = at, type = '', data, ttl = -1 }) => {
    if (type === 'CNAME') at = data;
    return { owner, type, data, ttl };
  });
}
