import type { ReconciledKind, OurValues, OurState } from '@abland/domain';

/** What is gone through: few things that everybody sees, and many that few do, each in its own time. */
export const TRACKS = {
  MARKET: ['SETTINGS', 'POOL', 'SUPPLY'],
  HOLDERS: ['POSITION', 'BALANCE'],
} as const satisfies Readonly<Record<string, readonly ReconciledKind[]>>;
export type TrackName = keyof typeof TRACKS;
export const TRACK_NAMES = Object.keys(TRACKS) as readonly TrackName[];

/** How far one track is. Times in ISO 8601. */
export interface Track {
  readonly kind: ReconciledKind;
  /** The key of the last one of that kind that was compared; null before the first. */
  readonly after: readonly string[] | null;
  /** Since the round began. */
  readonly compared: number;
  readonly roundBegan: string;
  /** How long the last whole round took, and when it was over; null before the first. */
  readonly lastRoundSeconds: number | null;
  readonly lastRoundEnded: string | null;
}

export const newTrack = (name: TrackName, at: string): Track => ({
  ...{ kind: TRACKS[name][0], after: null, compared: 0, roundBegan: at },
  ...{ lastRoundSeconds: null, lastRoundEnded: null },
});

/** The next things of a track, at most `limit`, and where it is after them. A round that ends is not begun anew in the same breath. */
export async function takeFrom(
  state: Pick<OurState, 'next'>,
  name: TrackName,
  track: Track,
  limit: number,
  at: string,
): Promise<{ readonly taken: readonly OurValues[]; readonly track: Track }> {
  const kinds: readonly ReconciledKind[] = TRACKS[name];
  const taken: OurValues[] = [];
  let { after } = track;
  for (let index = Math.max(0, kinds.indexOf(track.kind)); ; index += 1) {
    const kind = kinds[index];
    if (kind === undefined) return { taken, track: endedRound(name, track, at) };
    const left = limit - taken.length;
    const next = left > 0 ? await state.next(kind, after, left) : [];
    taken.push(...next);
    if (next.length === left) {
      const compared = track.compared + taken.length;
      return { taken, track: { ...track, kind, after: next.at(-1)?.key ?? after, compared } };
    }
    after = null;
  }
}

function endedRound(name: TrackName, { roundBegan }: Track, at: string): Track {
  const seconds = Math.max(0, Math.round((Date.parse(at) - Date.parse(roundBegan)) / 1000));
  return { ...newTrack(name, at), lastRoundSeconds: seconds, lastRoundEnded: at };
}
