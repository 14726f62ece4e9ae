/** Options of the field by which a caller says that a command is the same one. */
export const IDEMPOTENCY_KEY = {
  description:
    'The caller’s own name for this command, 1 to 100 visible ASCII characters: sending it again does nothing more.',
};
