import { fromDecimal } from '../bytes/decimal.js';

/** Hashes a full tile has, and entries a full bundle: C2SP tlog-tiles. */
export const TILE_WIDTH = 256;
export const TILE_HEIGHT = 8;
const LEVEL_MAX = 63;

/** A part of the tree's hashes (`level` is a number) or of its entries, as C2SP tlog-tiles name it. */
export interface TileName {
  readonly level: number | 'entries';
  readonly number: number;
  /** 1 to 256; less than 256 in a partial tile. */
  readonly width: number;
}

/** `tile/0/x001/234` and its like, beginning with `tile/`. */
export function tilePath({ level, number, width }: TileName): string {
  const groups: string[] = [];
  let rest = number;
  do {
    groups.unshift(String(rest % 1000).padStart(3, '0'));
    rest = Math.floor(rest / 1000);
  } while (rest > 0);
  const name = groups.map((group, at) => (at === groups.length - 1 ? group : `x${group}`)).join('/');
  return `tile/${level}/${name}${width === TILE_WIDTH ? '' : `.p/${width}`}`;
}

const PATH = /^tile\/(entries|0|[1-9][0-9]?)\/((?:x[0-9]{3}\/)*[0-9]{3})(?:\.p\/([1-9][0-9]{0,2}))?$/;

/** Null for whatever is not the one path of a tile. */
export function parseTilePath(path: string): TileName | null {
  const [, level, digits = '', partial] = PATH.exec(path) ?? [];
  if (level === undefined) return null;
  const number = Number(digits.replace(/[x/]/g, ''));
  const width = partial === undefined ? TILE_WIDTH : fromDecimal(partial);
  const name = { level: level === 'entries' ? ('entries' as const) : Number(level), number, width };
  const isTile =
    Number.isSafeInteger(number) &&
    (name.level === 'entries' || name.level <= LEVEL_MAX) &&
    (partial === undefined || width < TILE_WIDTH);
  return isTile && tilePath(name) === path ? name : null;
}

/** How many hashes of a level a tree of a size has. */
export const hashesAtLevel = (level: number, size: number): number => Math.floor(size / TILE_WIDTH ** level);

/** How wide a tile is in a tree of a size; 0 where it is not there yet. */
export function widthInTree({ level, number }: Omit<TileName, 'width'>, size: number): number {
  const count = level === 'entries' ? size : hashesAtLevel(level, size);
  return Math.min(TILE_WIDTH, Math.max(0, count - number * TILE_WIDTH));
}
