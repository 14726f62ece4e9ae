import type { BlockReference, ChainBlock } from '../blocks/chain-block.js';
import type { ChainMessage } from './messages.js';

/** Logs after which it is told again what is final: whoever stores some of the blocks stores few that are not. */
const LOGS_TO_FINAL = 250;
/** What is held bounds memory; a chain whose blocks become final later than this gets them told before. */
const HELD_MAX = { blocks: 512, logs: 50_000 };

/**
 * Blocks that were read while far behind and are not told before they are final, which the blocks on top of them show soon. Readers
 * then need no image of what such a block changed, and none of them has to be taken back.
 */
export class HeldBlocks {
  #blocks: ChainBlock[] = [];
  #logs = 0;

  /**
   * Takes blocks that follow those that are held.
   * @param final the newest block that became final with them; null where none did
   * @returns the messages to be told now
   */
  add(blocks: readonly ChainBlock[], final: BlockReference | null): ChainMessage[] {
    this.#hold(blocks);
    const told = final === null ? [] : this.#takeFinal(final);
    if (this.#blocks.length > HELD_MAX.blocks || this.#logs > HELD_MAX.logs) told.push(...this.end());
    return told;
  }

  /** As `add`; nothing is held from then on. */
  end(blocks: readonly ChainBlock[] = [], final: BlockReference | null = null): ChainMessage[] {
    this.#hold(blocks);
    const tip = this.#blocks.at(-1)?.number;
    const told: ChainMessage[] = this.#take(this.#blocks.length).map((block) => ({ kind: 'block', block }));
    return final === null || tip === undefined ? told : [...told, { kind: 'finalized', final, tip }];
  }

  #hold(blocks: readonly ChainBlock[]): void {
    for (const block of blocks) {
      this.#blocks.push(block);
      this.#logs += block.logs.length;
    }
  }

  #takeFinal(final: BlockReference): ChainMessage[] {
    const following = this.#blocks.findIndex(({ number }) => number > final.number);
    const blocks = this.#take(following === -1 ? this.#blocks.length : following);
    const told: ChainMessage[] = [];
    let logs = 0;
    for (const block of blocks) {
      told.push({ kind: 'block', block });
      logs += block.logs.length;
      if (logs < LOGS_TO_FINAL || block.number === final.number) continue;
      const { hash, number, time } = block;
      told.push({ kind: 'finalized', final: { number, hash, time }, tip: number });
      logs = 0;
    }
    const tip = this.#blocks[0] === undefined ? final.number : this.#blocks[0].number - 1;
    return [...told, { kind: 'finalized', final, tip }];
  }

  #take(count: number): readonly ChainBlock[] {
    const taken = this.#blocks.splice(0, count);
    for (const { logs } of taken) this.#logs -= logs.length;
    return taken;
  }
}
