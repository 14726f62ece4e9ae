import { areEqual } from '../bytes/bytes.js';
import { ProofError } from '../faults/proof-error.js';
import type { TreeHasher } from '../merkle/tree-hasher.js';
import type { VerifierKey } from '../notes/verifier-key.js';
import { trustCheckpoint } from '../proofs/trust.js';
import { Finding } from './finding.js';
import { type FollowedLog, type FollowedPlace, newestOf, type SeenHead } from './followed-log.js';
import { judgeGrowth } from './growth.js';
import { type CheckpointPlace, hashesOfTree, type LogPlace } from './watched-place.js';

/** Where a log is watched. */
export interface WatchedLog {
  /** Each serves it whole. */
  readonly logs: readonly [LogPlace, ...LogPlace[]];
  /** Those that only tell checkpoints of it: witnesses, distributors. */
  readonly others: readonly CheckpointPlace[];
}

/** The largest tree that is served whole, and where. */
export interface ServedTop {
  readonly head: SeenHead;
  readonly place: LogPlace;
}

/** What is known of a place, and what it told just now: null where it was not asked. */
interface Told extends FollowedPlace {
  readonly now: SeenHead | null;
}

/**
 * Asks every place for its checkpoint. All trees that were ever told must be beginnings of one; those that are larger than what is
 * served whole are held against it once it has grown so far.
 * @param now milliseconds since the epoch
 * @throws Finding
 */
export async function followHeads(
  followed: FollowedLog,
  { logs, others }: WatchedLog,
  now: number,
  hasher: TreeHasher,
): Promise<{ readonly followed: FollowedLog; readonly top: ServedTop }> {
  const ask = async <Place extends CheckpointPlace>(place: Place): Promise<{ place: Place; told: Told }> => {
    const before = followed.places.find(({ url }) => url === place.url);
    const head = trusted(await place.checkpoint(), followed.keys, place.url);
    requireNotShrunk(before ?? null, head);
    return { place, told: { url: place.url, proven: null, ahead: null, ...before, now: head } };
  };
  const [served, told] = await Promise.all([Promise.all(logs.map(ask)), Promise.all(others.map(ask))]);
  const top = topOf(served.map((one) => ({ place: one.place, head: one.told.now as SeenHead })));
  const asked = [...served, ...told].map((one) => one.told);
  const all = [...asked, ...notAsked(followed, asked)];
  for (const place of all) await requireOneTree(place, top, hasher);
  const isNews = top.head.size > (newestOf(followed)?.size ?? -1);
  const places = all.map((place) => settled(place, top.head));
  return { followed: { ...followed, places, newsAt: isNews ? now : followed.newsAt }, top };
}

/** @throws Finding STALE where the log was not seen to grow for so many milliseconds */
export function requireNews(
  { newsAt, places }: FollowedLog,
  now: number,
  maxAgeMs: number,
  url: string,
): void {
  if (now - newsAt <= maxAgeMs) return;
  const size = newestOf({ places })?.size ?? 0;
  const since = new Date(newsAt).toISOString();
  throw new Finding('STALE', `nothing new since ${since}, when the log had ${size} entries`, url);
}

function trusted(note: string, logKeys: readonly VerifierKey[], url: string): SeenHead {
  try {
    return { ...trustCheckpoint(note, { logKeys, witnessKeys: [], witnessesMin: 0 }), note };
  } catch (error) {
    if (!(error instanceof ProofError)) throw error;
    const code = error.fault === 'MALFORMED' ? 'WRONG_ANSWER' : 'WRONG_KEY';
    throw new Finding(code, `the checkpoint is not to be believed: ${error.message}`, url, [note]);
  }
}

function requireNotShrunk(before: FollowedPlace | null, head: SeenHead): void {
  const largest = before?.ahead ?? before?.proven ?? null;
  if (before === null || largest === null || head.size >= largest.size) return;
  const message = `a tree of ${head.size} entries is told, after one of ${largest.size}`;
  throw new Finding('SHRUNK', message, before.url, [largest.note, head.note]);
}

const topOf = (served: readonly ServedTop[]): ServedTop =>
  served.reduce((best, one) => (one.head.size > best.head.size ? one : best));

/** Of the places that were asked another time, the one that tells most: more are not kept. */
function notAsked({ places }: FollowedLog, asked: readonly Told[]): readonly Told[] {
  const left = places.filter(({ url }) => !asked.some((one) => one.url === url));
  const newest = newestOf({ places: left });
  return left
    .filter(({ proven }) => proven !== null && proven === newest)
    .map((place) => ({ ...place, now: null }));
}

/** That whatever was told at a place is the beginning of the largest tree that is served. @throws Finding */
async function requireOneTree(
  { ahead, now, proven, url }: Told,
  top: ServedTop,
  hasher: TreeHasher,
): Promise<void> {
  for (const head of [proven, ahead, now])
    if (head !== null && head.size <= top.head.size) await requireBeginning(url, head, top, hasher);
}

async function requireBeginning(
  url: string,
  head: SeenHead,
  { head: newest, place }: ServedTop,
  hasher: TreeHasher,
): Promise<void> {
  if (head.size === newest.size && areEqual(head.root, newest.root)) return;
  const evidence = [head.note, newest.note];
  const told = `the tree of ${newest.size} entries at ${place.url}`;
  const growth = await judgeGrowth(head, newest, hashesOfTree(place, newest, hasher), hasher);
  if (growth === 'CONTINUES') return;
  if (growth === 'OTHER_TILES')
    throw new Finding(
      'WRONG_ANSWER',
      'the tiles are not those of the tree that is signed',
      place.url,
      evidence,
    );
  if (head.size === newest.size)
    throw new Finding('SPLIT_VIEW', `two trees of ${head.size} entries are signed`, url, evidence);
  const message = `the tree of ${head.size} entries is not the beginning of ${told}`;
  throw new Finding(url === place.url ? 'REWRITTEN' : 'SPLIT_VIEW', message, url, evidence);
}

function settled({ ahead, now, proven, url }: Told, top: SeenHead): FollowedPlace {
  const told = [ahead, now].flatMap((head) => head ?? []);
  const known = told.filter(({ size }) => size <= top.size).concat(proven ?? []);
  const [largest = null] = known.sort((one, other) => other.size - one.size);
  const beyond = told.filter(({ size }) => size > top.size);
  const [first = null] = beyond.sort((one, other) => one.size - other.size);
  return { url, proven: largest, ahead: first };
}
