import type { Json } from '@abland/kernel';
import { newTrack, type Track, TRACK_NAMES, type TrackName, TRACKS } from './rotation.js';

/** How far the comparing of a chain is. */
export interface ReconciliationProgress {
  readonly tracks: Readonly<Record<TrackName, Track>>;
  /** Things that were compared, ever. */
  readonly compared: number;
  /** The block of which was asked last, and when; null before the first. */
  readonly block: number | null;
  readonly at: string | null;
}

/** Where the progress outlives the program. */
export interface ProgressBook {
  /** Null before the first; its age is since it was written, by a clock that whoever wrote it had in common with us. */
  read(): Promise<{ readonly progress: Json; readonly ageMs: number } | null>;
  write(progress: Json): Promise<void>;
}

export const newProgress = (at: string): ReconciliationProgress => ({
  tracks: { MARKET: newTrack('MARKET', at), HOLDERS: newTrack('HOLDERS', at) },
  ...{ compared: 0, block: null, at: null },
});

/** What a version of ours wrote; null where it is something else: it is begun anew. */
export function readProgress(told: Json | null): ReconciliationProgress | null {
  const progress = told as ReconciliationProgress | null;
  const whole = TRACK_NAMES.every((name) => {
    const kinds: readonly string[] = TRACKS[name];
    return kinds.includes(progress?.tracks?.[name]?.kind ?? '');
  });
  return whole && typeof progress?.compared === 'number' ? progress : null;
}
