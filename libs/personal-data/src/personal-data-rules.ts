import { PERSONAL_FIELDS, personalDataSubject } from '@abland/domain';
import type { JsonObject } from '@abland/kernel';

/** What of events is personal, and whose it is. */
export interface PersonalDataRules {
  /** Top-level fields of the data that hold a personal text or null; most types have none. */
  readonly fieldsOf: (type: string) => readonly string[];
  /** Names the key; null where the data does not say whose it is, which no schema of such an event allows. */
  readonly subjectOf: (data: JsonObject) => string | null;
}

const FIELDS: ReadonlyMap<string, readonly string[]> = new Map(
  Object.entries(PERSONAL_FIELDS).map(([type, fields]) => [type, Object.keys(fields)]),
);
const NONE: readonly string[] = [];

/** As the catalogue of events has it. */
export const CATALOGUED_PERSONAL_DATA: PersonalDataRules = {
  fieldsOf: (type) => FIELDS.get(type) ?? NONE,
  subjectOf: ({ address, registration }) =>
    typeof address === 'string' && typeof registration === 'number'
      ? personalDataSubject(address, registration)
      : null,
};
