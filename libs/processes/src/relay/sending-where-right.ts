import type { Sender } from './sender-part.js';

/**
 * The sender, where the chain is as it must be: nothing is sent, nor sent again, to one that is not the chain of the log, or is
 * behind it. Each call rejects with what is wrong.
 */
export function sendingWhereRight(sender: Sender, require: () => Promise<void>): Sender {
  return {
    relayer: sender.relayer,
    status: () => sender.status(),
    hasSigned: (relay, isOpen) => sender.hasSigned(relay, isOpen),
    async open() {
      await require();
      await sender.open();
    },
    async send(relay) {
      await require();
      return sender.send(relay);
    },
    async rebroadcast() {
      await require();
      await sender.rebroadcast();
    },
  };
}
