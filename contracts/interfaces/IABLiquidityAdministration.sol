// SPDX-License-Identifier: Apache-2.0
pragma solidity ^0.8.24;

/// @title The liquidity manager's fees and emergency brake
/// @notice Fees are basis points of 10,000. The owner sets them; a guardian can only pull the brake, the owner alone
/// releases it, and nothing here stops anyone from removing liquidity.
interface IABLiquidityAdministration {
    /// @notice The constructor emits it with an old fee of 0.
    event SwapFeeUpdated(uint256 oldFee, uint256 newFee);
    /// @notice The constructor emits it with an old fee of 0.
    event ProtocolFeeUpdated(uint256 oldFee, uint256 newFee);
    event FeeRecipientUpdated(address indexed oldRecipient, address indexed newRecipient);
    event GuardianUpdated(address indexed oldGuardian, address indexed newGuardian);
    event ProtocolFeesCollected(address indexed token, address indexed recipient, uint256 amount);

    error SwapFeeTooLarge(uint256 fee, uint256 maximum);
    /// @dev The protocol's part is taken out of the swap fee, so it can never be larger.
    error ProtocolFeeAboveSwapFee(uint256 protocolFee, uint256 swapFee);
    error InvalidRecipient(address recipient);
    error NotGuardian(address caller);

    /// @notice Sets the swap fee of all pools.
    /// @param newFee basis points of the amount in
    /// @dev Only the owner: reverts with OwnableUnauthorizedAccount, SwapFeeTooLarge or ProtocolFeeAboveSwapFee.
    function setSwapFee(uint256 newFee) external;

    /// @notice Sets the part of the amount in that goes to the protocol, inside the swap fee.
    /// @param newFee basis points of the amount in
    /// @dev Only the owner: reverts with OwnableUnauthorizedAccount or ProtocolFeeAboveSwapFee.
    function setProtocolFee(uint256 newFee) external;

    /// @dev Only the owner: reverts with OwnableUnauthorizedAccount; reverts with InvalidRecipient for address zero or
    /// this contract.
    function setFeeRecipient(address newRecipient) external;

    /// @dev Only the owner: reverts with OwnableUnauthorizedAccount. Address zero leaves the brake to the owner alone.
    function setGuardian(address newGuardian) external;

    /// @notice Stops new pools, added liquidity and swaps. Liquidity can be removed and fees collected all the same.
    /// @dev Only the guardian or the owner: reverts with NotGuardian, or EnforcedPause where paused already.
    function pause() external;

    /// @dev Only the owner: reverts with OwnableUnauthorizedAccount, or ExpectedPause where nothing is paused.
    function unpause() external;

    /// @notice Sends the protocol's part of all swaps with this token to the fee recipient. Anyone may call it.
    /// @return amount base units
    function collectProtocolFees(address token) external returns (uint256 amount);

    /// @return fee basis points of the amount in, the protocol's part included
    function swapFee() external view returns (uint256 fee);

    /// @return fee basis points of the amount in
    function protocolFee() external view returns (uint256 fee);

    /// @return amount base units of the token kept for the protocol and not collected yet
    function protocolFeesOf(address token) external view returns (uint256 amount);

    function feeRecipient() external view returns (address);

    function guardian() external view returns (address);
}
