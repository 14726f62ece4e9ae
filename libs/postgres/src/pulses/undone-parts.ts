import type pg from 'pg';
import { type Pulse, TOLD_MS_MAX } from './pulse.js';
import { readPulses, type ToldPulse } from './pulse-rows.js';

/**
 * Those of a program's parts that it stands by for while nobody does them: who had them tells nothing any more, or fails.
 * @param own of the program, as they are now
 */
export async function undoneParts(pool: pg.Pool, own: readonly Pulse[]): Promise<readonly string[]> {
  const others = own.filter(({ state }) => state === 'STANDBY').map(({ part }) => part);
  if (others.length === 0) return [];
  const told = await readPulses(pool);
  return others.filter((part) => !isDone(told.get(part)));
}

const isDone = (pulse: ToldPulse | undefined): boolean =>
  pulse !== undefined && pulse.beatAgeMs <= TOLD_MS_MAX && pulse.failure === null;
