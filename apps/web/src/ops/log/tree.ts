import type { LogEventTreeQuery } from '../../api/operations.gen.js';

export type Tree = NonNullable<LogEventTreeQuery['logEventTree']>;
export type TreeEvent = Tree['nodes'][number]['event'];

export interface Branch {
  readonly event: TreeEvent;
  readonly effects: readonly Branch[];
}

/** What came of what, from the first cause on. One whose cause is told to nobody stands at the top. */
export function branchesOf(nodes: Tree['nodes']): readonly Branch[] {
  const known = new Set(nodes.map(({ event }) => event.id));
  const below = (causeId: string | null): readonly Branch[] =>
    nodes
      .filter((node) => (node.causeId !== null && known.has(node.causeId) ? node.causeId : null) === causeId)
      .map(({ event }) => ({ event, effects: below(event.id) }));
  return below(null);
}
