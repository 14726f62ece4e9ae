export { type AskOptions, AblandClient, type ClientOptions } from './client.js';
export type { Awaited, CommandInputs, CommandName, CommandState, Given, Receipt } from './commands.js';
export {
  ApiRefusal,
  ApiUnreachable,
  type Code,
  CommandFailed,
  CommandLate,
  type ErrorCode,
  hasCode,
  NotSignedIn,
  WrongSignatureRequest,
} from './errors.js';
export type { Beginning, Change } from './following.js';
export * from './generated/operations.gen.js';
export { type Retries, USUAL_RETRIES } from './retries.js';
export type { Answer } from './transport.js';
