/** Tokens of injection: interfaces leave no trace at run time. Each handler and resolver asks for the ports that it uses. */
export const PORT = {
  /** The log, an EventStore; seals and opens personal data. */
  log: Symbol('EventStore'),
  /** PublishedLog: what anybody may read of the log and its tree of hashes. */
  publishedLog: Symbol('PublishedLog'),
  clock: Symbol('Clock'),
  logger: Symbol('Logger'),
  /** ReadModel of the database that queries read, perhaps a replica. */
  readModel: Symbol('ReadModel'),
  /** ReadModel where the projections write: a command is judged by the newest state there is. */
  commandReadModel: Symbol('ReadModel of commands'),
  /** ReadModelWatch of the database that queries read. */
  watch: Symbol('ReadModelWatch'),
  /** ReadModelWatch of where the projections write. */
  commandWatch: Symbol('ReadModelWatch of commands'),
  /** The API's own tables, a pg.Pool. */
  pool: Symbol('pg.Pool'),
  /** The database that queries read, perhaps a replica, a pg.Pool. */
  readPool: Symbol('pg.Pool of queries'),
  /** PersonalDataCipher: opens what read models keep sealed. */
  personalData: Symbol('PersonalDataCipher'),
  nonces: Symbol('Nonces'),
  /** IsSignedByContract: asks the contracts of chains. */
  isSignedByContract: Symbol('IsSignedByContract'),
  /** NeedingApproval: acts that a second operator approves. */
  approvals: Symbol('acts that need approval'),
  /** DevelopmentAccounts that this deployment tells everybody of. */
  developmentAccounts: Symbol('development accounts'),
  /** Where browsers reach the API. */
  publicUrl: Symbol('public URL'),
  /** LagReader. */
  progress: Symbol('LagReader'),
  /** StageWatch. */
  stages: Symbol('StageWatch'),
  /** HealthChecks of whoever runs the API. */
  healthChecks: Symbol('HealthChecks'),
  /** Prometheus' Registry. */
  metrics: Symbol('Registry'),
} as const;
