import { notify } from '../../ui/notices.js';

/** Tells that an act is done, or that it takes a second operator. */
export const tellDone = (awaitsApproval: boolean, done: string): void =>
  notify('good', awaitsApproval ? 'Asked for: another operator has to approve it, under Acts' : done);
