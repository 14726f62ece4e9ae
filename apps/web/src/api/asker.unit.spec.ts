import { describe, expect, it } from '@jest/globals';
import { createAsker, type Heard } from './asker.js';

const answered = (answer: string): Heard<string> => ({ refused: null, answer });
const refused = (message: string): Heard<string> => ({ refused: { code: null, message } });
const wordOf = (heard: Heard<string>): string =>
  heard.refused === null ? heard.answer : heard.refused.message;

function asking() {
  const answers: ((heard: Heard<string>) => void)[] = [];
  const told: string[] = [];
  const waiting = new Set<() => void>();
  let asked = 0;
  const asker = createAsker<string>({
    ask() {
      asked += 1;
      return new Promise((resolve) => answers.push(resolve));
    },
    tell: (heard) => told.push(wordOf(heard)),
    later(act) {
      waiting.add(act);
      return () => waiting.delete(act);
    },
  });
  return {
    ...{ asker, told, waiting },
    asked: () => asked,
    async answer(heard: Heard<string>) {
      answers.shift()?.(heard);
      await Promise.resolve();
      await Promise.resolve();
    },
  };
}

describe('what is asked for again whenever there is something new', () => {
  it('is asked for once more where news came before the answer, which may be older', async () => {
    const { answer, asked, asker, told } = asking();
    asker.again();
    asker.again();
    asker.again();
    expect(asked()).toBe(1);
    await answer(answered('before the act'));
    expect(asked()).toBe(2);
    await answer(answered('after the act'));
    expect(asked()).toBe(2);
    expect(told).toEqual(['before the act', 'after the act']);
  });

  it('is asked for again after a while where it was refused, and once only', async () => {
    const { answer, asked, asker, told, waiting } = asking();
    asker.again();
    await answer(refused('nobody answers'));
    expect(waiting.size).toBe(1);
    asker.again();
    expect(waiting.size).toBe(0);
    await answer(refused('nobody answers'));
    for (const act of waiting) act();
    expect(asked()).toBe(3);
    await answer(answered('here it is'));
    expect(waiting.size).toBe(0);
    expect(told).toEqual(['nobody answers', 'nobody answers', 'here it is']);
  });

  it('is told to nobody who looks elsewhere by then', async () => {
    const { answer, asked, asker, told, waiting } = asking();
    asker.again();
    asker.end();
    await answer(refused('too late'));
    asker.again();
    expect(asked()).toBe(1);
    expect(told).toEqual([]);
    expect(waiting.size).toBe(0);
  });
});
