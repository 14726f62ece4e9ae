// SPDX-License-Identifier: Apache-2.0
pragma solidity ^0.8.24;

/// @title The liquidity manager's fees and emergency brake
/// @notice Fees are basis points of 10,000. The owner sets them. A guardian can only pull the brake, which releases itself, and
/// not again at once; the owner alone releases it earlier or later. While paused no pool is opened, nothing is deposited and
/// nothing swapped, alone or along a route; liquidity is removed, what is kept is claimed and fees are collected as always.
interface IABLiquidityAdministration {
    /// @notice The constructor emits it with an old fee of 0.
    event SwapFeeUpdated(uint256 oldFee, uint256 newFee);
    /// @notice The constructor emits it with an old fee of 0.
    event ProtocolFeeUpdated(uint256 oldFee, uint256 newFee);
    event FeeRecipientUpdated(address indexed oldRecipient, address indexed newRecipient);
    event GuardianUpdated(address indexed oldGuardian, address indexed newGuardian);
    /// @notice A pause begins; PausedUntil follows.
    event Paused(address account);
    /// @notice The owner ends a pause before its time.
    event Unpaused(address account);
    /// @notice When the pause ends by itself, in seconds since the epoch. Emitted as it begins and whenever it is prolonged.
    event PausedUntil(uint256 until);
    event ProtocolFeesCollected(address indexed token, address indexed recipient, uint256 amount);

    error SwapFeeTooLarge(uint256 fee, uint256 maximum);
    /// @dev The protocol's part is taken out of the swap fee, and at least half of that is the pool's.
    error ProtocolFeeAboveHalf(uint256 protocolFee, uint256 swapFee);
    error InvalidRecipient(address recipient);
    error NotGuardian(address caller);
    error EnforcedPause();
    error ExpectedPause();
    /// @dev The guardian paused before, and governance has not had the time to decide on it.
    error GuardianRests(uint256 until);
    error PauseOutOfRange(uint256 until, uint256 pausedUntil, uint256 maximum);
    /// @dev The token moved another amount than asked for: it takes fees on transfer, or changes balances by itself.
    error UnexpectedTransfer(address token, uint256 expected, uint256 moved);

    /// @notice Sets the swap fee of all pools.
    /// @param newFee basis points of the amount in
    /// @dev Only the owner: reverts with OwnableUnauthorizedAccount, SwapFeeTooLarge or ProtocolFeeAboveHalf.
    function setSwapFee(uint256 newFee) external;

    /// @notice Sets the part of the amount in that goes to the protocol, inside the swap fee.
    /// @param newFee basis points of the amount in, at most half of the swap fee
    /// @dev Only the owner: reverts with OwnableUnauthorizedAccount or ProtocolFeeAboveHalf.
    function setProtocolFee(uint256 newFee) external;

    /// @notice Sets who receives the protocol's part, also what is not collected yet.
    /// @param newRecipient any account but address zero and this contract
    /// @dev Only the owner: reverts with OwnableUnauthorizedAccount, or InvalidRecipient for address zero or this contract.
    function setFeeRecipient(address newRecipient) external;

    /// @notice Sets who may pull the brake beside the owner.
    /// @param newGuardian any account; address zero leaves the brake to the owner alone
    /// @dev Only the owner: reverts with OwnableUnauthorizedAccount.
    function setGuardian(address newGuardian) external;

    /// @notice Stops new pools, added liquidity and swaps for PAUSE_SECONDS. Liquidity can be removed and fees collected all the
    /// same. The guardian can pause again GUARDIAN_REST_SECONDS after that time, the owner at once.
    /// @dev Only the guardian or the owner: reverts with NotGuardian, GuardianRests, or EnforcedPause where paused already.
    function pause() external;

    /// @notice Lets a pause last longer.
    /// @param until seconds since the epoch: later than it ends now, at most PAUSE_SECONDS_MAX ahead
    /// @dev Only the owner: reverts with OwnableUnauthorizedAccount, PauseOutOfRange, or ExpectedPause where nothing is paused.
    function prolongPause(uint256 until) external;

    /// @notice Releases the brake before its time.
    /// @dev Only the owner: reverts with OwnableUnauthorizedAccount, or ExpectedPause where nothing is paused.
    function unpause() external;

    /// @notice Sends the protocol's part of all swaps with this token to the fee recipient. Anyone may call it, also while
    /// paused; an amount of 0 is sent as well.
    /// @param token any token that has a pool
    /// @return amount base units of the token, all that was kept
    /// @dev Reverts with ReentrancyGuardReentrantCall, SafeERC20FailedOperation, UnexpectedTransfer or the error of the token
    /// that refuses to move.
    function collectProtocolFees(address token) external returns (uint256 amount);

    /// @notice Whether the brake is pulled.
    /// @return isPaused false again once the time is over, without anybody's doing
    function paused() external view returns (bool isPaused);

    /// @notice When the newest pause ends or ended by itself.
    /// @return timestamp seconds since the epoch; 0 where it was ended before its time, or there was none
    function pausedUntil() external view returns (uint256 timestamp);

    /// @notice When the guardian may pause again.
    /// @return timestamp seconds since the epoch; 0 where it never has
    function guardianPausesFrom() external view returns (uint256 timestamp);

    /// @notice The swap fee of all pools.
    /// @return fee basis points of the amount in, the protocol's part included
    function swapFee() external view returns (uint256 fee);

    /// @notice The part of the amount in that goes to the protocol, inside the swap fee.
    /// @return fee basis points of the amount in
    function protocolFee() external view returns (uint256 fee);

    /// @notice What is kept for the protocol, apart from all reserves; each swap's part is rounded down.
    /// @param token any token
    /// @return amount base units of the token kept for the protocol and not collected yet
    /// @dev Reverts with ReentrancyGuardReentrantCall while tokens are being moved.
    function protocolFeesOf(address token) external view returns (uint256 amount);

    /// @notice Who receives the protocol's part.
    /// @return recipient never address zero
    function feeRecipient() external view returns (address recipient);

    /// @notice Who may pull the brake beside the owner.
    /// @return account address zero for nobody
    function guardian() external view returns (address account);
}
