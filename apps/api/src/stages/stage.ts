import { STANDING, TOLD_MS_MAX, type ToldPulse } from '@abland/postgres';

/**
 * RUNNING: its program tells of it, and nothing waits for it for long. FAILING: what it needs fails, and is tried again.
 * STANDING: its program tells of it, and what waits for it is not handled, or what it follows says nothing, or stands, or it does not come
 * round any more. ABSENT: no program tells of it: none runs, or it hangs.
 */
export type StageState = 'RUNNING' | 'FAILING' | 'STANDING' | 'ABSENT';
export type StageProgram = 'indexer' | 'worker' | 'projector';

/** One step of the pipeline, as far as it is told. Ages in seconds. */
export interface Stage {
  readonly name: string;
  readonly program: StageProgram;
  /** Of the one that it works for alone; null for what works for all. */
  readonly chainId: number | null;
  readonly state: StageState;
  /** Since its program last told of it; null where none ever did. */
  readonly toldSeconds: number | null;
  /** Since it last handled something: it grows while nothing comes. Null before the first. */
  readonly handledSeconds: number | null;
  /** Since the chain last answered it; null for what asks no chain. */
  readonly contactSeconds: number | null;
  /** For how long it has not got on although something waits for it; 0 while nothing does. */
  readonly dueSeconds: number;
  /** Code of what it fails with; null while nothing does. */
  readonly failure: string | null;
  /** Where it is: a block's number, or a position of the log; null where none is told. */
  readonly reached: bigint | null;
  /** Where it has handled everything that there is; null where that is not known, or there is nothing. */
  readonly end: bigint | null;
}

/** What is seen of a stage at one moment. */
export interface SeenStage {
  readonly name: string;
  readonly program: StageProgram;
  /** Of the one that it works for alone; absent for what works for all. */
  readonly chainId?: number | null;
  /** Whether it follows something outside of the database. */
  readonly asksChain: boolean;
  readonly pulse: ToldPulse | null;
  readonly reached: bigint | null;
  /** Where it has handled everything that there is; null where that is not known, or there is nothing. */
  readonly end: bigint | null;
}

/** Whether it is an account that pays for relayed commands: where it is hindered another does its work. */
export const isSender = ({ name }: Pick<Stage, 'name'>, chainId?: number): boolean =>
  name.startsWith(chainId === undefined ? 'relayer-' : `relayer-${chainId}-`);

/** What the worker does beside the data's way: the log's tree, its witnesses and anchors, alarms, what came of operators' acts. */
const BESIDE: ReadonlySet<string> = new Set([
  'audit',
  'witnesses',
  'chain-alarms',
  'operations',
  'state-checksums',
]);
export const isBeside = (part: string): boolean => BESIDE.has(part) || isAnchoring(part);

/** Whether it anchors the log's tree on a chain. */
const isAnchoring = (part: string): boolean => /^anchor-\d+$/.test(part);

/** Destroys the keys of who was erased: where they are out of reach it waits, and nobody is told otherwise for that. */
const ERASURE = 'erasure';

/** Whether answers are as right without it: where it is hindered that is told, and no reason to answer nobody. */
export const isDispensable = (stage: Pick<Stage, 'name'>): boolean =>
  isSender(stage) || stage.name === ERASURE || isBeside(stage.name);

const TOLD_SECONDS_MAX = TOLD_MS_MAX / 1000;
const CONTACT_SECONDS_MAX = 8;
const DUE_SECONDS_MAX = 8;

export const isBehind = ({ end, reached }: SeenStage): boolean =>
  end !== null && (reached === null || reached < end);

/**
 * @param dueMs for how long it has been behind at the same place
 * @param sinceMs since it was seen
 */
export function judgeStage(
  { asksChain, chainId = null, end, name, program, pulse, reached }: SeenStage,
  dueMs: number,
  sinceMs: number,
): Stage {
  const age = (ms: number | null | undefined): number | null =>
    ms === null || ms === undefined ? null : seconds(ms + sinceMs);
  const ages = {
    toldSeconds: age(pulse?.beatAgeMs),
    handledSeconds: age(pulse?.handledAgeMs),
    contactSeconds: asksChain ? age(pulse?.contactAgeMs) : null,
    dueSeconds: seconds(dueMs),
  };
  const failure = pulse?.failure ?? null;
  return {
    ...{ name, program, chainId, state: stateOf(ages, failure, asksChain), ...ages, failure },
    ...{ reached, end },
  };
}

type Ages = Pick<Stage, 'toldSeconds' | 'contactSeconds' | 'dueSeconds'>;

function stateOf(
  { contactSeconds, dueSeconds, toldSeconds }: Ages,
  failure: string | null,
  asksChain: boolean,
): StageState {
  if (toldSeconds === null || toldSeconds > TOLD_SECONDS_MAX) return 'ABSENT';
  if (failure !== null) return STANDING.has(failure) ? 'STANDING' : 'FAILING';
  if (asksChain && (contactSeconds ?? Infinity) > CONTACT_SECONDS_MAX) return 'STANDING';
  return dueSeconds > DUE_SECONDS_MAX ? 'STANDING' : 'RUNNING';
}

const seconds = (ms: number): number => Math.round(ms) / 1000;
