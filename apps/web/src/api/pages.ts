import type { Heard } from './asker.js';

export interface Page<Row> {
  readonly rows: readonly Row[];
  /** Where the next one begins; null: there is no more. */
  readonly next: string | null;
}

/** The pages of a list that were looked at. */
export interface Pages<Row> {
  /** All rows of them: those that are known, and what is asked for beside them. */
  readonly ask: () => Promise<Heard<Page<Row>>>;
  /** What is known may be another by now. */
  renew(): void;
  /** One page more is wanted. False: there is none, or it is waited for. */
  extend(): boolean;
}

export function createPages<Row>(pageAt: (after: string | null) => Promise<Heard<Page<Row>>>): Pages<Row> {
  let known: Page<Row> = { rows: [], next: null };
  let pages = 0;
  let wanted = 1;
  let isOld = true;

  /** What was told before is not lost where one of the pages is refused. */
  async function ask(): Promise<Heard<Page<Row>>> {
    let found = isOld ? { rows: [] as readonly Row[], next: null as string | null } : known;
    let count = isOld ? 0 : pages;
    const wasOld = isOld;
    isOld = false;
    while (count < wanted && (count === 0 || found.next !== null)) {
      const heard = await pageAt(found.next);
      if (heard.refused !== null) {
        isOld ||= wasOld;
        return heard;
      }
      const { next, rows } = heard.answer;
      found = { rows: [...found.rows, ...rows], next };
      count += 1;
    }
    known = found;
    pages = count;
    wanted = count;
    return { refused: null, answer: known };
  }
  return {
    ask,
    renew: () => (isOld = true),
    extend() {
      if (known.next === null || wanted > pages) return false;
      wanted = pages + 1;
      return true;
    },
  };
}
