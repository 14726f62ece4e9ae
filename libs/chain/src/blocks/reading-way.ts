/** Blocks that the choice goes by. */
const BLOCKS_KEPT = 200;
const BLOCKS_MIN = 50;
/** With fewer logs a block nothing is saved by leaving them. */
const LOGS_MIN = 20;
/** Where more of them have logs of ours, asking twice costs more than it saves. */
const OURS_MAX = 0.25;
/** Near the head a block is asked for by itself: there it would only be later. */
const RANGE_MIN = 4;

interface Noted {
  /** Logs in all; null where they were not read. */
  readonly logs: number | null;
  readonly hasOurs: boolean;
}

/** Whether blocks are read whole, or only those that may have logs of ours, by what the last ones had. */
export class ReadingWay {
  #noted: Noted[] = [];

  /** @param told as the chain's setting has it; null: by what the blocks have */
  constructor(private readonly told: 'ALL' | 'OURS' | null) {}

  note(block: Noted): void {
    this.#noted.push(block);
    if (this.#noted.length > 2 * BLOCKS_KEPT) this.#noted = this.#noted.slice(-BLOCKS_KEPT);
  }

  /** Of a range of so many blocks. */
  readsWhole(blocks: number): boolean {
    if (this.told !== null) return this.told === 'ALL';
    const noted = this.#noted.slice(-BLOCKS_KEPT);
    if (blocks < RANGE_MIN || noted.length < BLOCKS_MIN) return true;
    const counts = noted.flatMap(({ logs }) => logs ?? []);
    const logs = counts.reduce((sum, count) => sum + count, 0);
    const ours = noted.filter(({ hasOurs }) => hasOurs).length;
    return ours > OURS_MAX * noted.length || logs < LOGS_MIN * counts.length;
  }
}
