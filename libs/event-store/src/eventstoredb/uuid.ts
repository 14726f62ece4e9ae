import type sharedPb from '@eventstore/db-client/generated/shared_pb.js';

/** A UUID comes as text or as two signed 64-bit halves. */
export function readUuid(uuid: InstanceType<typeof sharedPb.UUID> | undefined): string {
  if (uuid === undefined) return '';
  if (uuid.hasString()) return uuid.getString();
  const halves = uuid.getStructured();
  const hex = (half: string | undefined): string =>
    BigInt.asUintN(64, BigInt(half ?? 0))
      .toString(16)
      .padStart(16, '0');
  const digits = hex(halves?.getMostSignificantBits()) + hex(halves?.getLeastSignificantBits());
  return [
    digits.slice(0, 8),
    digits.slice(8, 12),
    digits.slice(12, 16),
    digits.slice(16, 20),
    digits.slice(20),
  ].join('-');
}
