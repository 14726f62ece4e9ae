import type { JsonObject } from '@abland/kernel';

/** Data of one version as data of the next. */
export type Upcaster = (data: JsonObject) => JsonObject;

/** By event type, then by the version that it starts from. */
export type Upcasters = Readonly<Record<string, Readonly<Record<number, Upcaster>>>>;

/**
 * One step for each version that was ever left behind:
 * `PoolCreated: { 1: (data) => ({ ...data, fee: '30' }) }` makes version 2 of version 1.
 * Every event type is still in its first version.
 */
export const UPCASTERS: Upcasters = {};
