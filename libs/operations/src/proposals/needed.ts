import type { OperationKind } from '@abland/domain';

/** Acts that can be made to need a second operator, by their names in the configuration. */
const APPROVABLE = {
  promote: 'PROMOTE_PROJECTION',
  skip: 'SKIP_PARKED_EVENT',
  'switch-back': 'SWITCH_BACK_PROJECTION',
} as const satisfies Readonly<Record<string, OperationKind>>;
export type ApprovalName = keyof typeof APPROVABLE;

/** Acts that a second operator approves before they are done. */
export type NeedingApproval = ReadonlySet<OperationKind>;

export const needingApproval = (names: readonly ApprovalName[]): NeedingApproval =>
  new Set(names.map((name) => APPROVABLE[name]));

interface Judged {
  readonly kind: OperationKind;
  readonly promotesItself?: boolean;
  readonly approval?: unknown;
}

/** Whether an act is only proposed. A rebuild that promotes itself is a promotion too. */
export function isOnlyProposed(
  needing: NeedingApproval,
  { approval, kind, promotesItself }: Judged,
): boolean {
  if (approval !== undefined) return false;
  return needing.has(kind) || (promotesItself === true && needing.has('PROMOTE_PROJECTION'));
}
