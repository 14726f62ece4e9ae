import { BreakingChangeType, buildSchema, findBreakingChanges } from 'graphql';

/**
 * What was promised by one schema and is not by another. A value of an input that is left out is a promise broken as one of an output is.
 * @param {string} before the released schema
 * @param {string} after the schema that would take its place
 * @returns {readonly { type: string; description: string }[]}
 */
export function brokenBy(before, after) {
  return findBreakingChanges(buildSchema(before), buildSchema(after)).map(({ description, type }) => ({
    type: BreakingChangeType[type] ?? type,
    description,
  }));
}
