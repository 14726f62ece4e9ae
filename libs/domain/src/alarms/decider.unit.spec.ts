import { describe, it } from '@jest/globals';
import { ID, LATER, NOW, OTHER_ID } from '../testing/samples.fixture.js';
import { specify } from '../testing/specification.js';
import { alarmDecider } from './decider.js';
import type { ChainHalted, ChainResumed, HaltCode } from './events.js';

const { given } = specify(alarmDecider);

const halted = (haltId: string, code: HaltCode): ChainHalted => ({
  type: 'ChainHalted',
  version: 2,
  data: { haltId, code, published: 9, head: 7, final: null, seen: null, at: NOW },
});
const resumed = (haltId: string): ChainResumed => ({
  type: 'ChainResumed',
  version: 1,
  data: { haltId, published: 12, at: LATER },
});
const halt = (haltId: string, code: HaltCode) =>
  ({ type: 'TellHalt', halt: halted(haltId, code).data }) as const;
const resume = { type: 'TellResumption', published: 12, at: LATER } as const;

describe('a chain that stands', () => {
  const deep = halted(ID, 'REORG_TOO_DEEP');

  it('is told once, however often it is met', () => {
    given().when(halt(ID, 'REORG_TOO_DEEP')).then(deep);
    given(deep).when(halt(OTHER_ID, 'REORG_TOO_DEEP')).thenNothing();
  });
  it('is told anew where it stands for another reason, or again', () => {
    given(deep).when(halt(OTHER_ID, 'WRONG_CHAIN')).then(halted(OTHER_ID, 'WRONG_CHAIN'));
    given(deep, resumed(ID)).when(halt(OTHER_ID, 'REORG_TOO_DEEP')).then(halted(OTHER_ID, 'REORG_TOO_DEEP'));
  });
  it('is told to go on once, and only where it stood', () => {
    given(deep).when(resume).then(resumed(ID));
    given(deep, resumed(ID)).when(resume).thenNothing();
    given().when(resume).thenNothing();
  });
});
