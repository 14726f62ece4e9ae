/**
 * Every code that the API itself answers with, and what it tells the caller. The rules of the domain bring their own codes;
 * the table in docs/errors.md holds both and a test holds it against both lists.
 */
export const apiErrorCodes = {
  GRAPHQL_PARSE_FAILED: 'The document is not GraphQL, or has more than 5,000 tokens.',
  GRAPHQL_VALIDATION_FAILED:
    'The document or its variables do not match the schema: an unknown field, a missing one, a value of another type. `field` names it.',
  OPERATION_RESOLUTION_FAILURE:
    'The document holds several operations and `operationName` names none of them.',
  BAD_REQUEST:
    'The HTTP request is not one that GraphQL over HTTP knows (body, method, content type, CSRF guard).',
  PERSISTED_QUERY_NOT_FOUND: 'No trusted document has this id: send its text, where texts are answered.',
  DOCUMENT_NOT_TRUSTED: 'Only trusted documents are answered here, and this is none.',
  SUBSCRIPTION_OVER_HTTP:
    'Subscriptions are served over WebSocket (protocol graphql-transport-ws) at the same path.',
  QUERY_TOO_DEEP: 'The selection is nested more deeply than allowed; `details` gives depth and limit.',
  QUERY_TOO_COMPLEX: 'The query could return more than one request may; `details` gives cost and limit.',
  QUERY_TOO_WIDE:
    'Too many fields are looked up each by itself (of the root, or with arguments), stand at the root, or have another name; `details` gives lookups, roots or aliases, and the limit.',
  INVALID_PAGINATION:
    '`first` is not between 1 and 100, or `after` is not a cursor of this list in this order.',
  CURSOR_EXPIRED:
    'The state of the list that the cursor is of is gone: it is too long ago, a reorg took it back, or the log is another. Begin anew, without `after`.',
  AS_OF_IN_FUTURE:
    'The state asked for is not known yet; `field` says by which part of `asOf`, `details.latest` what is the latest that is, or `details.latestPosition` how far a list that stands behind has got.',
  AS_OF_BEFORE_FIRST:
    'The state asked for is from before the first event or block; `field` says by which part of `asOf`.',
  AS_OF_NOT_KEPT:
    'The state asked for is older than what is kept of the history; `field` says by which part of `asOf`. An operator can still replay it.',
  POSITION_NOT_REACHED:
    'The read models are not at the position that `x-min-position` asks for within the time that is waited; `details` gives it, where they are and how long it was waited. The same request may be repeated.',
  TOO_MANY_SWAPS:
    'The person swapped more often in this pool than profit is reckoned from; `details.max` says how often that is.',
  READ_MODEL_NOT_YET:
    'This version of the API needs read models that are still being built, or not promoted yet; `details.projections` names them. The same request may be repeated.',
  UNKNOWN_PROJECTION: 'There is no read model of this name; `details.known` lists them.',
  UNKNOWN_BUILD: 'The read model has no such build, or none to which this can be done.',
  AMBIGUOUS_BUILD: 'Several builds could be meant: say which. `details.builds` lists their numbers.',
  BUILD_STATE: 'This is not done to a build in its state; `details.state` tells it.',
  BUILD_BEHIND: 'The build is not level with the log yet. The same request may be repeated.',
  BUILD_OF_ANOTHER_VERSION: 'Another version of this program made the build: ask that one.',
  REBUILD_IN_PROGRESS:
    'A build of the read model stands beside the live one already, `details.build`: resume it, or discard it first.',
  INVALID_SEARCH: 'A search text is empty, longer than 100 characters, or has characters that do not print.',
  INVALID_ARGUMENT: 'An argument is out of its bounds, or several exclude each other; `field` names it.',
  UNAUTHENTICATED:
    'Sign in first. `details.reason` says why: MISSING, EXPIRED (refresh the session), INVALID (forged, malformed, of another algorithm, issuer or audience), UNKNOWN_KEY (signed with a key that is not in use), WRONG_KIND (a refresh token), ENDED (the session is over) or KEY_REFUSED (no key of ours, or one that was revoked or has expired).',
  REFRESH_TOKEN_INVALID:
    'Not a refresh token of ours; `details.reason` says why, as of UNAUTHENTICATED. Sign in again.',
  REFRESH_TOKEN_EXPIRED: 'The session expired: sign in again.',
  REFRESH_TOKEN_REUSED:
    'The refresh token was used before, so that two have it: its session was ended. Sign in again.',
  FORBIDDEN:
    'Signed in, but this is not yours to do; `details.reason` says which right is missing: a rule’s code below, KEY_SCOPE (the key has not the scope `details.scope`) or SESSION_NEEDED (no key opens it).',
  CONFIRMATION_NEEDED:
    'The act takes the wallet’s word: sign `details.typedData` (EIP-712) and send the same again with the header `x-confirmation`, the nonce, a dot and the signature. `details.reason` says what of the one that came: MISSING, MALFORMED, UNKNOWN (the nonce was not given for this address and purpose), EXPIRED, USED or SIGNATURE (not of this act with these arguments by this wallet).',
  RATE_LIMITED:
    'More requests than are allowed in a while; `details` gives the limit’s name, count, window and how many seconds to wait, as `Retry-After` does.',
  SIGN_IN_MESSAGE_INVALID: 'The message is not an EIP-4361 message.',
  SIGN_IN_DOMAIN_MISMATCH: 'The message was made for another site (domain or URI).',
  SIGN_IN_CHAIN_MISMATCH: 'The message was made for another chain.',
  SIGN_IN_NONCE_UNKNOWN: 'The nonce was not given out for this address; request another message.',
  SIGN_IN_NONCE_USED: 'The nonce was used before; request another message.',
  SIGN_IN_EXPIRED: 'The message or its nonce expired, or is not valid yet; request another one.',
  SIGN_IN_SIGNATURE_INVALID: 'The signature is malformed or not of the message’s address.',
  INVALID_SIGNATURE: 'Not a signature of 65 bytes in hexadecimal.',
  CHAIN_REQUIRED: 'This deployment serves several chains: say which. `details.chainIds` lists them.',
  COMMAND_NOT_FOUND: 'The caller gave no such command.',
  RELAY_UNAVAILABLE: 'This server has no sender for relayed commands; use WALLET.',
  ENTRIES_NOT_PUBLIC_YET:
    'Some of these entries of the log tell what somebody is about to do on the chain: they are told once the chain has it.',
  LOG_REWRITTEN: 'The log does not say any more what was hashed of it: somebody changed it.',
  SERVICE_UNAVAILABLE: 'A part that this needs is out of reach for now; the same request may be repeated.',
  INTERNAL_SERVER_ERROR: 'A defect of ours. `correlationId` finds it in the logs.',
} as const satisfies Record<string, string>;

export type ApiErrorCode = keyof typeof apiErrorCodes;
