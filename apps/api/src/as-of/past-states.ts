import { chainStream, millisecondsOf, wholeSecondOf } from '@abland/domain';
import type { Clock, EventStore } from '@abland/kernel';
import { positionRecordedBy, recordedAtPosition, type SearchedLog } from '@abland/log-tools';
import { type AsOf, type At, type LogTimes, type ReadModel, stateAsOf } from '@abland/projections';
import { ApiError } from '../errors/api-error.js';
import { currentRequest } from '../http/request-context.js';
import type { InSlot } from '../reading/read-slots.js';
import type { AsOfInput } from './as-of.inputs.js';

/** Finds the states of the past that callers ask for. */
export class PastStates {
  private readonly log: LogTimes;

  /** @param inSlot in which the log is searched, as long as somebody waits for it */
  constructor(
    private readonly readModel: ReadModel,
    log: EventStore,
    clock: Clock,
    inSlot: InSlot,
  ) {
    const searched = (chainId: number): SearchedLog => {
      const over = currentRequest()?.reads?.over;
      return { log, along: chainStream(chainId), ...(over === undefined ? {} : { signal: over }) };
    };
    this.log = {
      clock,
      positionRecordedBy: (moment, chainId) => inSlot(() => positionRecordedBy(searched(chainId), moment)),
      recordedAtPosition: (position, chainId) =>
        inSlot(() => recordedAtPosition(searched(chainId), position)),
    };
  }

  /**
   * Null: that of now is asked for.
   * @throws ApiError INVALID_ARGUMENT
   * @throws AsOfError
   */
  async asked(chainId: number, input: AsOfInput | null | undefined): Promise<At | null> {
    if (input === null || input === undefined) return null;
    return stateAsOf(this.readModel, this.log, { chainId, asOf: parseAsOf(input) });
  }
}

type Part = keyof AsOfInput;

const POSITION = /^\d{1,20}$/;
const BLOCK_MAX = 2 ** 31 - 1;

/** @throws ApiError INVALID_ARGUMENT that names the part at fault */
export function parseAsOf(input: AsOfInput): AsOf {
  const given = (['block', 'blockTime', 'recordedAt', 'position'] as const).filter(
    (part) => input[part] !== null && input[part] !== undefined,
  );
  const [part] = given;
  if (part === undefined || given.length > 1) {
    throw new ApiError(
      'INVALID_ARGUMENT',
      'Give exactly one of block, blockTime, recordedAt, position',
      'asOf',
    );
  }
  return PARTS[part](input);
}

const PARTS: Readonly<Record<Part, (input: AsOfInput) => AsOf>> = {
  block: ({ block }) => {
    if (!Number.isInteger(block) || Number(block) < 0 || Number(block) > BLOCK_MAX)
      throw wrong('block', 'a number from 0 on');
    return { block: Number(block) };
  },
  blockTime: ({ blockTime }) => ({ blockTime: Math.floor(instant('blockTime', blockTime) / 1_000) }),
  recordedAt: ({ recordedAt }) => ({ recordedAt: instant('recordedAt', recordedAt) }),
  position: ({ position }) => {
    if (!POSITION.test(position ?? '')) throw wrong('position', 'a number from 0 on');
    return { position: BigInt(position ?? '') };
  },
};

function instant(part: Part, text: string | null | undefined): number {
  const second = wholeSecondOf(text ?? '');
  if (second === null) throw wrong(part, 'a moment in ISO 8601, UTC');
  const [, fraction = '0'] = /\.(\d{1,3})/.exec(text ?? '') ?? [];
  return millisecondsOf(second) + Number(fraction.padEnd(3, '0'));
}

const wrong = (part: Part, what: string): ApiError =>
  new ApiError('INVALID_ARGUMENT', `asOf.${part} is ${what}`, `asOf.${part}`);
