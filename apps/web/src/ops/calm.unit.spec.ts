import { describe, expect, it } from '@jest/globals';
import { createCalm } from './calm.js';

function calm() {
  const told: string[] = [];
  const waiting = new Set<() => void>();
  const { end, hear } = createCalm<string>(
    (value) => told.push(value),
    (act) => {
      waiting.add(act);
      return () => waiting.delete(act);
    },
  );
  const passTime = (): void => {
    for (const act of [...waiting]) {
      waiting.delete(act);
      act();
    }
  };
  return { end, hear, passTime, told, waiting };
}

describe('what is told every few seconds at most', () => {
  it('is told at once at first, then as it is by the end of the while', () => {
    const { hear, passTime, told, waiting } = calm();
    hear('1');
    hear('2');
    hear('3');
    expect(waiting.size).toBe(1);
    expect(told).toEqual(['1']);
    passTime();
    expect(told).toEqual(['1', '3']);
  });

  it('goes on where something new is heard as the last is told', () => {
    const { hear, passTime, told } = calm();
    hear('1');
    hear('2');
    passTime();
    hear('3');
    passTime();
    hear('4');
    passTime();
    expect(told).toEqual(['1', '2', '3', '4']);
  });

  it('is not told again where it is as before by then', () => {
    const { hear, passTime, told, waiting } = calm();
    hear('1');
    hear('2');
    hear('1');
    passTime();
    expect(told).toEqual(['1']);
    expect(waiting.size).toBe(0);
  });

  it('is told to nobody who looks elsewhere by then', () => {
    const { end, hear, told, waiting } = calm();
    hear('1');
    hear('2');
    end();
    expect(waiting.size).toBe(0);
    expect(told).toEqual(['1']);
  });
});
