import { after, type Later } from '../browser/later.js';
import type { Told } from './errors.js';

/** What was answered, or why nothing was. */
export type Heard<Answer> = { readonly refused: null; readonly answer: Answer } | { readonly refused: Told };

export interface Asker {
  /** There may be another answer now. */
  again(): void;
  /** Nothing is told any more. */
  end(): void;
}

export interface AskerPorts<Answer> {
  readonly ask: () => Promise<Heard<Answer>>;
  readonly tell: (heard: Heard<Answer>) => void;
  readonly later: Later;
}

/** When what was refused is asked again. */
export const afterAWhile = after(2_000);

/**
 * Asks one question at a time, so that no older answer comes after a newer one; and once more where it was told of something new
 * while it asked, as the answer may be older than that. What was refused is asked again by itself.
 */
export function createAsker<Answer>({ ask, later, tell }: AskerPorts<Answer>): Asker {
  let isAsking = false;
  let isNew = false;
  let isOver = false;
  let forget = (): void => undefined;

  async function run(): Promise<void> {
    isAsking = true;
    while (isNew) {
      isNew = false;
      forget();
      const heard = await ask();
      if (isOver) return;
      tell(heard);
      if (heard.refused !== null) forget = later(again);
    }
    isAsking = false;
  }
  function again(): void {
    isNew = true;
    if (!isAsking && !isOver) void run();
  }
  return {
    again,
    end() {
      isOver = true;
      forget();
    },
  };
}
