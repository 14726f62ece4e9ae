import { keccak256, toUtf8Bytes } from 'ethers';
import type { ChainBlock } from '../blocks/chain-block.js';
import type { LinkedHeader } from './chain-window.js';
import type { ChainSource, ToldHead } from './follow-chain.js';

/** Who tells it. */
export const PROVIDER = 'http://node';

/** A chain in memory that grows and takes blocks back as a test says; each block ever made has its own hash. */
export class SimulatedChain implements ChainSource {
  readonly blocksNow: ChainBlock[] = [];
  readonly asked: { from: number; to: number }[] = [];
  /** Contracts that are followed now. */
  followed: readonly string[] = [];
  #made = 0;

  constructor(length = 1) {
    this.grow(length);
  }

  grow(count: number): void {
    for (let index = 0; index < count; index += 1) this.blocksNow.push(this.#make());
  }

  /** Takes the newest blocks back. */
  shrink(count: number): ChainBlock[] {
    return this.blocksNow.splice(this.blocksNow.length - count, count);
  }

  /** Brings back blocks that `shrink` took. */
  restore(blocks: readonly ChainBlock[]): void {
    this.blocksNow.push(...blocks);
  }

  async head(): Promise<ToldHead> {
    const { hash, logs, number, time } = this.#at(this.blocksNow.length - 1);
    return { number, hash, time, provider: PROVIDER, isEmpty: logs.length === 0 };
  }

  async headerAt(number: number): Promise<LinkedHeader | null> {
    const block = this.blocksNow[number];
    return block === undefined ? null : { ...block, provider: PROVIDER };
  }

  async blocks(from: number, to: number): Promise<readonly ChainBlock[]> {
    this.asked.push({ from, to });
    return this.blocksNow.slice(from, to + 1).map((block) => ({ ...block, followed: this.followed }));
  }

  #at(number: number): ChainBlock {
    const block = this.blocksNow[number];
    if (block === undefined) throw new RangeError(`No block ${number}`);
    return block;
  }

  #make(): ChainBlock {
    this.#made += 1;
    const number = this.blocksNow.length;
    return {
      number,
      hash: keccak256(toUtf8Bytes(`block ${this.#made}`)),
      parentHash: number === 0 ? `0x${'00'.repeat(32)}` : this.#at(number - 1).hash,
      time: 1_700_000_000 + this.#made,
      proof: 'BLOOM',
      providers: 1,
      logs: [],
      failures: [],
      commands: {},
      followed: [],
    };
  }
}
