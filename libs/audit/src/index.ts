export { type EventEntry, eventEntry, LARGE_ENTRY } from './entries/event-entry.js';
export { LogOriginChangedError, LogRewrittenError, TreeDamagedError } from './failures/tree-errors.js';
export { type RunningTree, startTree, type TreeOptions, type TreeStatus } from './following/start-tree.js';
export { LogSigner, NoteSigner } from './signing/log-signer.js';
export { AUDIT_MIGRATIONS, migrateAudit } from './storage/migrate.js';
export { SERVER_HASHER } from './tree/server-hasher.js';
export { type Tile, TreeBuilder } from './tree/tree-builder.js';
