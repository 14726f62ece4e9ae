import { duration, rate } from '../../format/numbers.js';
import type { Tone } from '../../ui/parts.js';
import type { Build, Projection } from '../live.js';

export const ACTIVITY_TONES: Readonly<Record<Build['activity'], Tone>> = {
  LIVE: 'good',
  CATCHING_UP: 'busy',
  RETRYING: 'warn',
  FAILED: 'bad',
  STOPPED: 'idle',
  STALLED: 'bad',
};

const STATE_TONES: Readonly<Record<Build['state'], Tone>> = {
  BUILDING: 'busy',
  PAUSED: 'idle',
  READY: 'good',
  LIVE: 'good',
  RETIRED: 'idle',
  FAILED: 'bad',
};

/** What is told of a build in one word, and how it is to be taken. */
export function wordOf({ activity, state }: Pick<Build, 'activity' | 'state'>): {
  readonly word: string;
  readonly tone: Tone;
} {
  if (activity === 'STALLED') return { word: 'Stalled', tone: 'bad' };
  if (state === 'LIVE') return { word: WORDS[activity], tone: ACTIVITY_TONES[activity] };
  if (activity === 'RETRYING' && state === 'BUILDING') return { word: 'Building, tries again', tone: 'warn' };
  return { word: STATE_WORDS[state], tone: STATE_TONES[state] };
}

const WORDS: Readonly<Record<Build['activity'], string>> = {
  LIVE: 'Live',
  CATCHING_UP: 'Live, catching up',
  RETRYING: 'Live, tries again',
  FAILED: 'Live, failed',
  STOPPED: 'Live, stopped',
  STALLED: 'Stalled',
};
const STATE_WORDS: Readonly<Record<Build['state'], string>> = {
  BUILDING: 'Building',
  PAUSED: 'Paused',
  READY: 'Ready',
  LIVE: 'Live',
  RETIRED: 'Retired',
  FAILED: 'Failed',
};

export type ActName = 'rebuild' | 'pause' | 'resume' | 'promote' | 'switchBack' | 'discard';

/** What can be done to a build in its state; of the live one a rebuild is begun beside it. */
export const ACTS_OF: Readonly<Record<Build['state'], readonly ActName[]>> = {
  BUILDING: ['pause', 'discard'],
  PAUSED: ['resume', 'discard'],
  READY: ['promote', 'pause', 'discard'],
  LIVE: ['rebuild'],
  RETIRED: ['switchBack', 'discard'],
  FAILED: ['resume', 'discard'],
};

export const liveOf = ({ builds }: Projection): Build | undefined =>
  builds.find(({ state }) => state === 'LIVE');
/** What is on its way to take the live one's place. */
export const nextOf = ({ builds }: Projection): Build | undefined =>
  builds.find(({ state }) => state !== 'LIVE' && state !== 'RETIRED');

/** Of 1 how much of the log it has; positions are events where the log lies in PostgreSQL. */
export function partOf({ behind, position }: Pick<Build, 'behind' | 'position'>): number {
  const [at, left] = [Number(position ?? 0), Number(behind)];
  return at + left <= 0 ? 1 : at / (at + left);
}

/** How long it takes, and how far that may be wrong; nothing where that is not known. */
export function leftOf({ timeLeft }: Pick<Build, 'timeLeft'>): string {
  if (timeLeft === null) return '';
  const { seconds, within } = timeLeft;
  return `${duration(seconds)} left${within < 0.05 ? '' : ` ± ${duration(within)}`}`;
}

/** The rate is of the last second in which there was something: of what is level, or kept by nobody, it says nothing. */
export const rateOf = ({
  activity,
  behind,
  eventsPerSecond,
}: Pick<Build, 'activity' | 'behind' | 'eventsPerSecond'>): string =>
  behind === '0' || activity === 'STALLED' ? '—' : `${rate(eventsPerSecond)}/s`;
