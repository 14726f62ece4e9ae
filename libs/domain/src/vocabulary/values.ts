/**
 * An amount in base units (or another unsigned integer up to 2^256 - 1) as decimal text without leading zeros.
 * @pattern ^(0|[1-9][0-9]{0,77})$
 */
export type AmountText = string;

/**
 * An EIP-55 checksummed address.
 * @pattern ^0x[0-9a-fA-F]{40}$
 */
export type Address = string;

/** Who mints, burns, or is nobody. */
export const ZERO_ADDRESS: Address = '0x0000000000000000000000000000000000000000';

/**
 * 32 bytes in lower-case hexadecimal: a block, transaction or topic hash, or a pool id.
 * @pattern ^0x[0-9a-f]{64}$
 */
export type Hash = string;

/**
 * Any number of bytes in lower-case hexadecimal.
 * @pattern ^0x([0-9a-f]{2})*$
 */
export type HexData = string;

/**
 * @pattern ^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$
 */
export type Uuid = string;

/**
 * A moment in ISO 8601, UTC, with milliseconds.
 * @pattern ^\d{4}-\d{2}-\d{2}T\d{2}:\d{2}:\d{2}\.\d{3}Z$
 */
export type Instant = string;

/**
 * An EVM chain's id (EIP-155).
 * @asType integer
 * @minimum 1
 */
export type ChainId = number;

/**
 * Number of a block.
 * @asType integer
 * @minimum 0
 */
export type BlockNumber = number;

/**
 * Seconds since the epoch, as the chain counts.
 * @asType integer
 * @minimum 0
 */
export type UnixSeconds = number;

/**
 * Digits after the point of a token's amounts; the chain allows a byte, our own tokens have 0 to 18.
 * @asType integer
 * @minimum 0
 * @maximum 255
 */
export type Decimals = number;

/**
 * How many there are, or the how-manieth it is.
 * @asType integer
 * @minimum 0
 */
export type Count = number;

/** Who executes a command: the caller's wallet, or our sender for a request the caller signed (ERC-2771). */
export type Execution = 'WALLET' | 'RELAYED';
