/** A range of leaves whose number is a power of two, and which begins at a multiple of it: what one hash of the tree stands for. */
export interface Subtree {
  /** It has 2 to this power leaves. */
  readonly height: number;
  /** Which of the subtrees of its height, from 0. */
  readonly index: number;
}

/** Leaves from `start` on, before `end`. */
export interface LeafRange {
  readonly start: number;
  readonly end: number;
}

/** The largest power of two that is less than a number above 1: where RFC 6962 parts a tree. */
export function splitPoint(size: number): number {
  let power = 1;
  while (2 * power < size) power *= 2;
  return power;
}

/** A range that RFC 6962 hashes, by the subtrees that it is made of, from left to right. */
export function subtreesOf({ start, end }: LeafRange): readonly Subtree[] {
  const found: Subtree[] = [];
  let from = start;
  while (from < end) {
    let height = 0;
    while (from % 2 ** (height + 1) === 0 && from + 2 ** (height + 1) <= end) height += 1;
    found.push({ height, index: from / 2 ** height });
    from += 2 ** height;
  }
  return found;
}
