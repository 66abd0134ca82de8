import { logitOf } from '../learn/logistic.ts';

/** One in a hundred of the names that are looked up is taken to be bad, as long as nothing else is known of it. */
export const baseRate = 0.01;
export const baseLogit = logitOf(baseRate);
