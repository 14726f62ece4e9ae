/** Of the Elastic Common Schema that the names of a line's fields are of; `schemas/log-line.schema.json` is the part that we use. */
export const ECS_VERSION = '8.11.0';

/** Field sets of it that whoever logs may speak of by its own names. */
const FIELD_SETS: ReadonlySet<string> = new Set(['event', 'http', 'url']);

/**
 * Fields as they stand in a line: an error under ECS's own names, the field sets above as they are, and whatever else under `abland`,
 * where no name can be taken for one of ECS's that means something else.
 *
 * @param fields what `loggable` made of them
 */
export function ecsFields(fields: Readonly<Record<string, unknown>>): Record<string, unknown> {
  const standard: Record<string, unknown> = {};
  const ours: Record<string, unknown> = {};
  for (const [name, value] of Object.entries(fields)) {
    if (name === 'err' && isRecord(value) && typeof value['message'] === 'string') {
      const { standard: error, more } = ecsError(value);
      standard['error'] = error;
      if (Object.keys(more).length > 0) ours['err'] = more;
    } else if (FIELD_SETS.has(name) && isRecord(value)) standard[name] = value;
    else ours[name] = value;
  }
  return Object.keys(ours).length === 0 ? standard : { ...standard, abland: ours };
}

interface EcsError {
  readonly standard: Record<string, unknown>;
  /** What ECS has no name for: causes, parts, what PostgreSQL says of it. */
  readonly more: Record<string, unknown>;
}

function ecsError({ code, message, stack, type, ...more }: Readonly<Record<string, unknown>>): EcsError {
  const known = { type, message, code: code === undefined ? undefined : String(code), stack_trace: stack };
  const told = Object.entries(known).filter(([, value]) => value !== undefined);
  return { standard: Object.fromEntries(told), more };
}

function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
