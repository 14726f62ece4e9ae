/** What an event's data may hold: amounts are decimal strings, never numbers beyond 2^53 and never bigint. */
export type Json = string | number | boolean | null | readonly Json[] | { readonly [key: string]: Json };
export type JsonObject = { readonly [key: string]: Json };
