import type { Decider } from '@abland/kernel';
import type { BlockNumber, Instant, Uuid } from '../vocabulary/values.js';
import { ALARM_VERSIONS, type AlarmEvent, type ChainHalted, type HaltCode } from './events.js';

export interface TellHalt {
  readonly type: 'TellHalt';
  readonly halt: ChainHalted['data'];
}
export interface TellResumption {
  readonly type: 'TellResumption';
  readonly published: BlockNumber | null;
  readonly at: Instant;
}
export type AlarmCommand = TellHalt | TellResumption;

export type AlarmState =
  | { readonly status: 'FOLLOWED' }
  | { readonly status: 'HALTED'; readonly haltId: Uuid; readonly code: HaltCode };

/** A halt is told once, however often it is met; one for another reason is another one. */
export const alarmDecider: Decider<AlarmCommand, AlarmState, AlarmEvent> = {
  initialState: { status: 'FOLLOWED' },
  decide(command, state) {
    switch (command.type) {
      case 'TellHalt':
        if (state.status === 'HALTED' && state.code === command.halt.code) return [];
        return [{ type: 'ChainHalted', version: ALARM_VERSIONS.ChainHalted, data: command.halt }];
      case 'TellResumption': {
        if (state.status === 'FOLLOWED') return [];
        const { at, published } = command;
        const data = { haltId: state.haltId, published, at };
        return [{ type: 'ChainResumed', version: ALARM_VERSIONS.ChainResumed, data }];
      }
      default:
        return command satisfies never;
    }
  },
  evolve(_state, event) {
    if (event.type === 'ChainResumed') return { status: 'FOLLOWED' };
    const { code, haltId } = event.data;
    return { status: 'HALTED', haltId, code };
  },
};
