import { compareMarks, type PublisherMark, NO_MARK, type TopicRecord } from './records.js';

/**
 * Decides, by the order of the topic alone, what of it counts: nothing with a lower mark than something before it. So all readers
 * agree, and what a publisher sent that lost its place, and what arrives long after it was sent, is let go of wherever it lands.
 */
export class Fence {
  #highest: PublisherMark;

  constructor(highest: PublisherMark = NO_MARK) {
    this.#highest = highest;
  }

  get highest(): PublisherMark {
    return this.#highest;
  }

  /** To be called with each record, in order. */
  admits(record: TopicRecord): record is Exclude<TopicRecord, { kind: 'foreign' }> {
    if (record.kind === 'foreign' || compareMarks(record.mark, this.#highest) < 0) return false;
    this.#highest = record.mark;
    return true;
  }
}
