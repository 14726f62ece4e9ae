import { isGood, pause, type Polls } from './polls.js';

/** Something that befalls a system, and is over after a while. */
export interface Trouble {
  readonly name: string;
  readonly holdMs: number;
  begin(): Promise<void> | void;
  end(): Promise<void> | void;
}

/** What one of the ways to ask a system came to in a trouble. Seconds. */
export interface Row {
  readonly trouble: string;
  readonly asked: string;
  /** From its beginning to the first answer that was none, or a refusal; null: there was none. */
  readonly badAfter: number | null;
  readonly longest: number;
  /** From its end to the last such answer. */
  readonly goodAfter: number | null;
  readonly answers: readonly string[];
}

const GOOD_WITHIN_MS = 180_000;

/** Lets a trouble befall a system that is well, and waits until it is well again. @throws where it does not come to that */
export async function undergo(polls: Polls, trouble: Trouble): Promise<readonly Row[]> {
  await polls.untilGood(GOOD_WITHIN_MS);
  const from = polls.now;
  await trouble.begin();
  const began = polls.now;
  await pause(trouble.holdMs);
  const ended = polls.now;
  await trouble.end();
  const back = await polls.untilGood(GOOD_WITHIN_MS);
  return polls.names.map((asked) => {
    const samples = polls.samples.filter(({ at, end, name }) => name === asked && end >= from && at <= back);
    const bad = samples.filter((one) => !isGood(one));
    const [first, last] = [bad[0], bad.at(-1)];
    return {
      trouble: trouble.name,
      asked,
      badAfter: first === undefined ? null : seconds(first.end - began),
      longest: seconds(Math.max(0, ...samples.map(({ at, end }) => end - at))),
      goodAfter: last === undefined ? null : seconds(Math.max(0, last.end - ended)),
      answers: [
        ...new Set(samples.map(({ code, status }) => (code === null ? `${status}` : `${status} ${code}`))),
      ],
    };
  });
}

const seconds = (ms: number): number => Math.round(Math.max(0, ms) / 100) / 10;

export function tableOf(rows: readonly Row[]): string {
  const cell = (value: number | null): string => (value === null ? '-' : value.toFixed(1));
  const lines = rows.map(({ answers, asked, badAfter, goodAfter, longest, trouble }) =>
    [trouble, asked, cell(badAfter), cell(longest), cell(goodAfter), answers.join(', ')].join(' | '),
  );
  const head = ['trouble', 'asked', 'bad after (s)', 'longest (s)', 'good again after (s)', 'answers'];
  return [head.join(' | '), head.map(() => '---').join(' | '), ...lines]
    .map((line) => `| ${line} |\n`)
    .join('');
}
