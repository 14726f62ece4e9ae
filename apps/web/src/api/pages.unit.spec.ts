import { describe, expect, it } from '@jest/globals';
import type { Heard } from './asker.js';
import { createPages, type Page, type Pages } from './pages.js';

/** A list of letters, two to a page, newest first. */
function listed(letters: string) {
  const list = { letters, asked: [] as (string | null)[], refusedAt: undefined as string | null | undefined };
  const pages = createPages<string>(async (after) => {
    list.asked.push(after);
    if (after === list.refusedAt) return { refused: { code: null, message: 'nobody answers' } };
    const from = after === null ? 0 : list.letters.indexOf(after) + 1;
    const rows = [...list.letters.slice(from, from + 2)];
    const isLast = from + 2 >= list.letters.length;
    return { refused: null, answer: { rows, next: isLast ? null : (rows.at(-1) ?? null) } };
  });
  return { list, pages };
}
const told = (heard: Heard<Page<string>>): string =>
  heard.refused === null ? heard.answer.rows.join('') : heard.refused.message;
async function shown(pages: Pages<string>): Promise<string> {
  return told(await pages.ask());
}

describe('the pages of a list', () => {
  it('are asked for one after the other, each once, until there are no more', async () => {
    const { list, pages } = listed('edcba');
    expect(pages.extend()).toBe(false);
    expect(await shown(pages)).toBe('ed');
    expect(pages.extend()).toBe(true);
    expect(pages.extend()).toBe(false);
    expect(await shown(pages)).toBe('edcb');
    expect(pages.extend()).toBe(true);
    expect(await shown(pages)).toBe('edcba');
    expect(pages.extend()).toBe(false);
    expect(list.asked).toEqual([null, 'd', 'b']);
  });

  it('are as many as before when they are asked for anew', async () => {
    const { list, pages } = listed('edcba');
    await pages.ask();
    pages.extend();
    await pages.ask();
    list.letters = 'fedcba';
    pages.renew();
    expect(await shown(pages)).toBe('fedc');
  });

  it('are known until all of them are there anew, and asked for again where one is refused', async () => {
    const { list, pages } = listed('edcba');
    await pages.ask();
    pages.extend();
    await pages.ask();
    list.letters = 'fedcba';
    list.refusedAt = 'e';
    pages.renew();
    expect(await shown(pages)).toBe('nobody answers');
    list.refusedAt = undefined;
    expect(await shown(pages)).toBe('fedc');
    expect(list.asked).toEqual([null, 'd', null, 'e', null, 'e']);
  });
});
