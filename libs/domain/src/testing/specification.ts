import { DomainError, type Decider, type DomainEvent } from '@abland/kernel';
import type { DomainErrorCode } from '../vocabulary/errors.js';

/** The rules of an aggregate told by example: given what happened, when a command comes, then this follows. */
export function specify<Command, State, Event extends DomainEvent>(decider: Decider<Command, State, Event>) {
  const decide = (history: readonly Event[], command: Command): readonly Event[] =>
    decider.decide(command, history.reduce(decider.evolve, decider.initialState));

  const when = (history: readonly Event[]) => (command: Command) => ({
    then(...expected: readonly Event[]): void {
      const decided = canonical(decide(history, command));
      if (decided !== canonical(expected)) {
        throw new Error(`Expected the events\n${canonical(expected)}\nbut decided\n${decided}`);
      }
    },
    thenNothing(): void {
      const decided = decide(history, command);
      if (decided.length > 0) throw new Error(`Expected no event but decided\n${canonical(decided)}`);
    },
    thenRefused(code: DomainErrorCode, field: string | null = null): void {
      const refused = refusalOf(() => decide(history, command));
      if (refused === null) throw new Error(`Expected the refusal ${code}, but the command was accepted`);
      if (refused.code !== code || refused.field !== field) {
        throw new Error(
          `Expected the refusal ${code} of ${field}, but it was ${refused.code} of ${refused.field}`,
        );
      }
    },
  });
  return {
    given: (...history: readonly Event[]) => ({
      when: when(history),
      state: history.reduce(decider.evolve, decider.initialState),
    }),
  };
}

function refusalOf(act: () => unknown): DomainError | null {
  try {
    act();
    return null;
  } catch (error) {
    if (error instanceof DomainError) return error;
    throw error;
  }
}

/** JSON with sorted keys: events are JSON, and the order of keys means nothing. */
function canonical(value: unknown): string {
  return JSON.stringify(
    value,
    (_key, part: unknown) =>
      typeof part === 'object' && part !== null && !Array.isArray(part)
        ? Object.fromEntries(Object.entries(part).sort(([one], [other]) => (one < other ? -1 : 1)))
        : part,
    2,
  );
}
